import { writeFileSync } from 'node:fs';
import type { Plugin } from 'rolldown';
import { createManifest } from '../manifest/create-manifest.ts';

/** Writes `dist/custom-elements.json`, which describes `<plex-sign-in>` to editors. */
export function customElementsPlugin(): Plugin {
  return {
    name: 'custom-elements',
    writeBundle: () =>
      writeFileSync('dist/custom-elements.json', `${JSON.stringify(createManifest(), null, 2)}\n`),
  };
}
