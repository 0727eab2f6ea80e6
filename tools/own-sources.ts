import { resolve } from 'node:path';
import tsconfig from '../tsconfig.json' with { type: 'json' };

/** What `imports` in package.json leads to in a browser, before it is built. */
const browserImports = {
  '#live-view': 'live-view/index.ts',
  '#relay': 'src/inspect/no-relay.ts',
  '#emulator-server': 'src/emulator/no-emulator-server.ts',
};

/** The names by which the package's files are imported, and the source of each; of the package's own name, from tsconfig.json. */
const ownSources = {
  ...Object.fromEntries(
    Object.entries(tsconfig.compilerOptions.paths).map(([name, [source = '']]) => [name, source]),
  ),
  ...browserImports,
  '#relay': 'src/inspect/relay.ts',
  '#emulator-server': 'src/emulator/emulator-server.ts',
};

/** For `resolve.alias` of Vite. */
export const ownSourceAliases: { find: RegExp; replacement: string }[] = Object.entries(ownSources).map(
  ([name, source]) => ({ find: new RegExp(`^${name}$`), replacement: resolve(source) }),
);

/** For `alias` of esbuild, in what it bundles for browsers. It finds the package's own name in tsconfig.json automatically. */
export const browserAliases: Record<string, string> = Object.fromEntries(
  Object.entries(browserImports).map(([name, source]) => [name, resolve(source)]),
);
