/**
 * Builds what is published into `dist`: a file for each subpath, what they share in `dist/chunks`, a declaration beside each.
 *
 * xstate and ofetch are installed with the package; every other package that the sources import is built in.
 */
import { builtinModules } from 'node:module';
import { resolve } from 'node:path';
import { defineConfig, type OutputOptions, type RolldownOptions } from 'rolldown';
import { esmExternalRequirePlugin } from 'rolldown/plugins';
import { dts } from 'rolldown-plugin-dts';
import packageJSON from '../../package.json' with { type: 'json' };
import { annotatePurePlugin } from './annotate-pure.ts';
import { bundledLicensesPlugin } from './bundled-licenses.ts';
import { compactChartPlugin } from './compact-chart.ts';
import { customElementsPlugin } from './custom-elements.ts';
import { declareTagPlugin } from './declare-tag.ts';
import { internals, pageScripts, subpaths } from './entries.ts';
import { oldestXstatePlugin } from './oldest-xstate.ts';
import { ownSourcesPlugin } from './own-sources.ts';

const installed = Object.keys({ ...packageJSON.dependencies, ...packageJSON.peerDependencies });
const external = [
  new RegExp(`^(${installed.filter((name) => name !== 'undici').join('|')})(/|$)`),
  // The program has a part of it built in; a fleet takes the whole as its user installed it.
  /^undici$/,
  ...Object.keys(packageJSON.imports),
  'node:sqlite',
];
const declarations = 'node_modules/.cache/plex-auth-flow/types';

const output: OutputOptions = {
  dir: 'dist',
  format: 'esm',
  sourcemap: true,
  // The declarations hold them for users, the source maps for readers.
  comments: { jsdoc: false },
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
};

/** Every module only defines, as package.json says; but these do something when they are loaded. */
const moduleSideEffects = [
  {
    test: /[\\/](src[\\/]element[\\/](index|define|bundle|jsx[\\/](react|preact|solid))|src[\\/]testing[\\/](vitest|jest)|src[\\/]cli[\\/]main|live-view[\\/]relay-page)\.ts$/,
    sideEffects: true,
  },
  { test: /./, sideEffects: false },
];

/**
 * What several subpaths share. A file costs Node about half a millisecond to load, so there are few; but nobody loads a
 * room that its subpath does not use.
 */
const groups = [
  // What the element needs to draw its first screen, before it loads the engine.
  {
    name: 'first-screen',
    test: /[\\/]src[\\/](errors|ports|view|engine[\\/]engine-internals|browser[\\/]opener)\.ts$/,
  },
  // With what the program checks without loading ofetch.
  {
    name: 'ground',
    test: /[\\/]src[\\/]((?!index\.ts)[\w-]+|plex[\\/](client-options|device))\.ts$/,
  },
  { name: 'wire', test: /[\\/]src[\\/]plex[\\/]|[\\/]node_modules[\\/]valibot[\\/]/ },
  { name: 'engine', test: /[\\/]src[\\/](engine|adapters)[\\/]|\?compact$/ },
  // Without what pages load of that room.
  {
    name: 'server',
    test: /[\\/]src[\\/]server[\\/](?!index|protocol|backend-)|[\\/]node_modules[\\/]jose[\\/]/,
  },
  { name: 'qr', test: /[\\/]node_modules[\\/]uqr[\\/]/ },
  // What several commands of the program share: small, and of no package.
  {
    name: 'program',
    test: /[\\/]src[\\/]cli[\\/](host[\\/](error-text|printable-text|program-call|server-address|proxy-settings)|screens[\\/]glyphs|commands[\\/](user-name|refuse-other-server|exit-code))\.ts$/,
  },
  { name: 'emulator', test: /[\\/]src[\\/]emulator[\\/]|[\\/]node_modules[\\/]hono[\\/]/ },
].map((group) => ({ ...group, includeDependenciesRecursively: false }));

/** The adapters share nothing: they are functions alone, and the engine has its own copy of the two that it uses. */
const { adapters: adaptersSource, ...sharing } = subpaths;

const library: RolldownOptions = {
  input: { ...sharing, ...internals },
  external,
  // What browsers and Node both load. The program's packages have another file for Node; a test sees to it that no
  // subpath for browsers reaches one of those.
  platform: 'neutral',
  resolve: { mainFields: ['module', 'main'], conditionNames: ['node', 'import', 'default'] },
  preserveEntrySignatures: 'allow-extension',
  treeshake: { moduleSideEffects },
  plugins: [
    // Packages in CommonJS, as the program's, ask for Node's modules by `require`. undici asks for `node:sqlite` only where
    // it stores a cache, which nobody here does: Node 20 has no such module.
    esmExternalRequirePlugin({ external: [/^node:(?!sqlite)/, ...builtinModules] }),
    compactChartPlugin(),
    annotatePurePlugin(
      /[\\/](src|machines)[\\/](?!(element[\\/](index|define)|testing[\\/](vitest|jest)|cli[\\/]main)\.ts)[^?]*\.ts(\?compact)?$/,
    ),
    bundledLicensesPlugin(),
    customElementsPlugin(),
    ownSourcesPlugin(),
  ],
  output: { ...output, codeSplitting: { groups } },
};

const adapters: RolldownOptions = {
  input: { adapters: adaptersSource },
  treeshake: { moduleSideEffects },
  plugins: [ownSourcesPlugin()],
  output,
};

/** Without a map beside it: what a relay serves, and what a page loads as it is. */
const served: OutputOptions = { sourcemap: false, minify: true };

const toPageScript = ([name, source]: [string, string]): RolldownOptions => ({
  input: { [name]: source },
  platform: 'browser',
  treeshake: { moduleSideEffects },
  plugins: [compactChartPlugin(), bundledLicensesPlugin(), ownSourcesPlugin()],
  output: { ...output, codeSplitting: false, ...(name !== 'live-view' && served) },
});

/** The declarations that `tsc` has written, one for each source. */
const types: RolldownOptions = {
  input: Object.fromEntries(
    Object.entries(subpaths).map(([name, source]) => [
      name,
      resolve(declarations, source.replace(/\.ts$/, '.d.ts')),
    ]),
  ),
  // Whoever imports the types of a framework has that framework.
  external: [...external, /^(react|preact|solid-js|expect)(\/|$)/],
  plugins: [
    dts({ dtsInput: true, tsconfig: false, sourcemap: false }),
    declareTagPlugin(),
    oldestXstatePlugin(),
  ],
  experimental: { attachDebugInfo: 'none' },
  output: { ...output, sourcemap: false, entryFileNames: '[name].ts', chunkFileNames: 'chunks/[name].ts' },
};

export default defineConfig([library, adapters, ...Object.entries(pageScripts).map(toPageScript), types]);
