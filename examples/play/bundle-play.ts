import { relative } from 'node:path';
import { build } from 'esbuild';
import { browserAliases } from '../../tools/own-sources.ts';
import { compileComponents } from './compile-components.ts';
import { useEmulator } from './use-emulator.ts';

/** Contents by path. */
export type Files = ReadonlyMap<string, string>;

/** Builds scripts together, so that shared code is built once. */
export async function bundlePlay(entryPoints: string[], plexURL: string): Promise<Files> {
  const { outputFiles } = await build({
    entryPoints,
    outbase: 'examples',
    outdir: '/',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    alias: browserAliases,
    define: {
      PLEX_URL: JSON.stringify(plexURL),
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [compileComponents, useEmulator(plexURL)],
  });
  return new Map(outputFiles.map(({ path, text }) => [`/${relative('/', path)}`, text]));
}
