/** The sources of what the package publishes, by the name of the file in `dist` that is built from each. */

/** What users import; `index` is the package itself, each other one the subpath of its name. */
export const subpaths = {
  index: 'src/index.ts',
  machine: 'machines/pin-auth.ts',
  client: 'src/plex/client.ts',
  adapters: 'src/adapters/index.ts',
  browser: 'src/browser/create-browser-plex-auth.ts',
  element: 'src/element/index.ts',
  node: 'src/node/file-store.ts',
  inspect: 'src/inspect/index.ts',
  testing: 'src/testing/index.ts',
};

/** The program, which shares the subpaths' chunks. */
export const program = { cli: 'src/cli/main.ts' };

/**
 * What is loaded by a name of `imports` in package.json, which no bundler for browsers follows, or served to a page. One
 * file each.
 */
export const singleFiles = {
  node: { relay: 'src/inspect/relay.ts', 'emulator-server': 'tools/build/emulator-server.ts' },
  browser: {
    'no-relay': 'tools/build/no-relay.ts',
    'no-emulator-server': 'tools/build/no-emulator-server.ts',
    'live-view': 'live-view/index.ts',
    'relay-page': 'live-view/relay-page.ts',
  },
};
