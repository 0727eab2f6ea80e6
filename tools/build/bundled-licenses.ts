import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';

const head = 'plex-auth-flow holds code of the packages below, each under its own licence.';
const rule = `\n\n${'-'.repeat(80)}\n\n`;

/** The licence of each package that is built in, by its folder, over all the bundles of one build. */
const licenses = new Map<string, string>();

/**
 * Writes the licences of the packages whose code is in the built files to `dist/THIRD-PARTY-LICENSES.txt`.
 *
 * @throws {Error} For a package without a licence's text.
 */
export function bundledLicensesPlugin(): Plugin {
  return {
    name: 'bundled-licenses',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        for (const [id, { renderedLength }] of Object.entries(file.type === 'chunk' ? file.modules : {})) {
          const [folder] = /^.*[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+/.exec(id) ?? [];
          if (folder && renderedLength > 0) licenses.set(folder, readLicense(folder));
        }
      }
      mkdirSync('dist', { recursive: true });
      writeFileSync(
        'dist/THIRD-PARTY-LICENSES.txt',
        `${[head, ...[...licenses.values()].sort()].join(rule)}\n`,
      );
    },
  };
}

function readLicense(folder: string): string {
  const packageJSON = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const { name, version, license } = packageJSON;
  const file = readdirSync(folder).find((found) => /^licen[cs]e(\.\w+)?$/i.test(found));
  if (!file) throw new Error(`${name} is built in, but has no licence's text`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}`;
}
