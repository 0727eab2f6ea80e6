import MagicString from 'magic-string';
import type { Plugin } from 'rolldown';

/** What sources load by a name that no bundler follows: in the built files a name of `imports` in package.json. */
const namesAtRunTime = new Map([
  ["'./relay.ts'", "'#relay'"],
  ["'@hono/node-server'", "'#emulator-server'"],
  ["'@hono/node-server/utils/response'", "'#emulator-server'"],
]);

/** Lets the built files find those that only Node can load, and the live view, by the names in package.json. */
export function namesAtRunTimePlugin(): Plugin {
  return {
    name: 'names-at-run-time',
    resolveId: {
      filter: { id: /^\.\.\/\.\.\/live-view\/index\.ts$/ },
      handler: () => ({ id: '#live-view', external: true }),
    },
    transform: {
      filter: { id: /[\\/](plex-inspector|serve-plex-emulator)\.ts$/ },
      handler(code) {
        const renamed = new MagicString(code);
        for (const [from, to] of namesAtRunTime) renamed.replaceAll(`= ${from};`, `= ${to};`);
        return { code: renamed.toString(), map: renamed.generateMap({ hires: 'boundary' }) };
      },
    },
  };
}
