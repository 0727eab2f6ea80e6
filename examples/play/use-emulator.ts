import type { Plugin } from 'esbuild';

/** What the examples import of the package that reaches plex.tv, and what gives it the emulator's address. */
const wrappers: Readonly<Record<string, string>> = {
  'plex-auth-flow/browser': `
    export const createBrowserPlexAuth = (options) => real.createBrowserPlexAuth({ ...emulator, ...options });`,
  'plex-auth-flow/client': `
    export const createPlexClient = (options) => real.createPlexClient({ ...emulator, ...options });
    export const createAuthURL = (options) => real.createAuthURL({ ...emulator, ...options });`,
};

/**
 * Lets the examples sign in at an emulated plex.tv, so that they can be copied as they are: what an app would import
 * gets the three options of the emulator here.
 */
export function useEmulator(plexURL: string): Plugin {
  const emulator = { serverURL: plexURL, authAppURL: `${plexURL}/auth`, linkURL: `${plexURL}/link` };
  return {
    name: 'use-emulator',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^plex-auth-flow\/(browser|client)$/ }, ({ path, namespace, resolveDir }) =>
        namespace === 'emulated' ? undefined : { path, namespace: 'emulated', pluginData: resolveDir },
      );
      onLoad({ filter: /./, namespace: 'emulated' }, ({ path, pluginData }) => ({
        resolveDir: pluginData,
        contents: `export * from '${path}';
          import * as real from '${path}';
          const emulator = ${JSON.stringify(emulator)};
          ${wrappers[path]}`,
      }));
    },
  };
}
