/** Bundles the entries that it is given with Metro, as React Native sets it up; all but the app's with stand-ins for the phone. */
const Metro = require('metro');
const { getDefaultConfig, mergeConfig } = require('@react-native/metro-config');
const { join } = require('node:path');

const [standIns, ...entries] = process.argv.slice(2);
const replaced = [
  'react-native',
  '@react-native-async-storage/async-storage',
  'react-native-get-random-values',
];
const root = join(__dirname, '..');

const settings = {
  projectRoot: root,
  watchFolders: [root],
  resolver: {
    useWatchman: false,
    resolveRequest: (context, name, platform) =>
      standIns === 'with-stand-ins' && replaced.includes(name)
        ? { type: 'sourceFile', filePath: join(__dirname, 'phone.js') }
        : context.resolveRequest(context, name, platform),
  },
  reporter: { update: noteProblem },
};

function noteProblem({ type, error }) {
  if (/warn|fail|error/.test(type)) console.error(type, error?.message ?? '');
}

(async () => {
  const config = mergeConfig(getDefaultConfig(root), settings);
  for (const entry of entries) {
    const out = join(__dirname, 'out', entry);
    await Metro.runBuild(config, { entry, platform: 'ios', dev: false, minify: true, out });
  }
})().catch(({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
