/** The sources of what is published, by the name of the file in `dist` that is built from each. */

/** What users import; `index` is the package itself, each other one the subpath of its name, with a dash for a slash. */
export const subpaths = {
  index: 'src/index.ts',
  machine: 'machines/pin-auth.ts',
  client: 'src/plex/client.ts',
  adapters: 'src/adapters/index.ts',
  browser: 'src/browser/index.ts',
  element: 'src/element/index.ts',
  'element-class': 'src/element/class.ts',
  'element-define': 'src/element/define.ts',
  'element-react': 'src/element/jsx/react.ts',
  'element-preact': 'src/element/jsx/preact.ts',
  'element-solid': 'src/element/jsx/solid.ts',
  node: 'src/node/index.ts',
  server: 'src/server/index.ts',
  'better-auth': 'src/better-auth/index.ts',
  'better-auth-client': 'src/better-auth/client.ts',
  fleet: 'src/fleet/index.ts',
  bullmq: 'src/bullmq/index.ts',
  inspect: 'src/inspect/index.ts',
  testing: 'src/testing/index.ts',
  'testing-vitest': 'src/testing/vitest.ts',
  'testing-jest': 'src/testing/jest.ts',
};

/** The program, and what is loaded by a name of `imports` in package.json, which differs between Node and browsers. */
export const internals = {
  cli: 'src/cli/main.ts',
  relay: 'src/inspect/relay.ts',
  'no-relay': 'src/inspect/no-relay.ts',
  'emulator-server': 'src/emulator/emulator-server.ts',
  'no-emulator-server': 'src/emulator/no-emulator-server.ts',
};

/** What a page loads as one file: a relay serves no more, and a page without a bundler finds no other package. */
export const pageScripts = {
  'live-view': 'live-view/index.ts',
  'relay-page': 'live-view/relay-page.ts',
  'plex-auth-flow.min': 'src/element/bundle.ts',
};
