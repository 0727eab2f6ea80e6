import packageJSON from '../../../package.json' with { type: 'json' };

/** Where a bundle runs. */
export type Target = 'page' | 'server';

/** What is bundled: a file of one statement or a few. */
export interface Entry {
  /** The name of its file. */
  readonly name: string;
  readonly code: string;
}

/** What is of no use in a page; the runners' own matchers are bundled nowhere. */
const serverOnly = ['server', 'better-auth', 'fleet', 'bullmq', 'node'];
const onServers = [...serverOnly, '.', 'client', 'inspect', 'testing'];

const subpaths = Object.keys(packageJSON.exports)
  .filter((subpath) => !subpath.endsWith('.json') && !/testing\/(vitest|jest)$/.test(subpath))
  .map((subpath) => (subpath === '.' ? subpath : subpath.slice(2)));

/** Everything that a subpath exports, one subpath to an entry. */
export const wholeEntries: Readonly<Record<Target, readonly Entry[]>> = {
  page: subpaths.filter((subpath) => !serverOnly.includes(subpath)).map(toWholeEntry),
  server: subpaths.filter((subpath) => onServers.includes(subpath)).map(toWholeEntry),
};

/** Whether an entry is one of the few that a slow bundler gets in a quick run. */
export function isQuickEntry({ name }: Entry): boolean {
  return ['index', 'client', 'server'].includes(name);
}

function toWholeEntry(subpath: string): Entry {
  const name = subpath === '.' ? 'index' : subpath.replaceAll('/', '-');
  const specifier = subpath === '.' ? 'plex-auth-flow' : `plex-auth-flow/${subpath}`;
  return { name, code: `import * as everything from '${specifier}';\nglobalThis.everything = everything;\n` };
}

/** What is weighed, with all that it loads later. */
export const weighedEntries: readonly (Entry & { readonly what: string })[] = [
  { what: '`createPlexAuth`', ...toUse('createPlexAuth', 'plex-auth-flow') },
  { what: '`createPlexClient`', ...toUse('createPlexClient', 'plex-auth-flow/client') },
  { what: '`createBrowserPlexAuth`', ...toUse('createBrowserPlexAuth', 'plex-auth-flow/browser') },
];

function toUse(name: string, specifier: string): Entry {
  return {
    name: `weigh-${name}`,
    code: `import { ${name} } from '${specifier}';\nglobalThis.used = ${name};\n`,
  };
}

/** Signs in at an emulated plex.tv, in no time, and prints `signed in`. */
export const signInEntry: Entry = {
  name: 'sign-in',
  code: `import { signIn } from 'plex-auth-flow';
import { createPlexEmulator, createVirtualTime } from 'plex-auth-flow/testing';

const { clock, advance } = createVirtualTime();
const plex = createPlexEmulator({ clock, approveAfterMs: 1500 });
const signingIn = signIn({ product: 'Bundled', clientIdentifier: 'bundled-1', fetch: plex.fetch, clock });
signingIn.then(({ token }) => console.log(token.reveal() ? 'signed in' : 'no token'));
advance(5000);
`,
};
