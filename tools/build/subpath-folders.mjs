import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * Writes a folder for each subpath, with a package.json that leads to its files in `dist`.
 *
 * For what does not read `exports`: TypeScript's `moduleResolution: node10`, Parcel, and Metro before React Native 0.79.
 */
export function writeSubpathFolders() {
  const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const [subpath, file] of Object.entries(exports)) {
    if (!file.endsWith('.js') || subpath === '.') continue;
    const main = relative(subpath, file).replaceAll('\\', '/');
    mkdirSync(subpath, { recursive: true });
    const manifest = { type: 'module', main, types: main.replace(/\.js$/, '.d.ts') };
    writeFileSync(join(subpath, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}
