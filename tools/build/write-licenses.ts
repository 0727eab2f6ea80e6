import { mkdirSync, writeFileSync } from 'node:fs';
import type { Dependency } from 'rollup-plugin-license';

/** What is built in, over all the bundles of one build. */
const texts = new Map<string, string>();

const head = `plex-auth-flow holds code of the packages below, each under its own licence.`;

/** Writes the licences of the packages that are built into the published files. */
export function writeLicenses(dependencies: Dependency[]): void {
  for (const { name, version, license, licenseText } of dependencies) {
    if (!name || !licenseText) throw new Error(`${name} ${version} is built in, but has no licence text`);
    texts.set(`${name} ${version}`, `${name} ${version} (${license})\n\n${licenseText.trim()}`);
  }
  const parts = [head, ...[...texts].sort(([one], [other]) => one.localeCompare(other)).map(([, text]) => text)];
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/THIRD-PARTY-LICENSES.txt', `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
