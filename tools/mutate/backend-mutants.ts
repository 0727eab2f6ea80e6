import type { Mutant } from './mutant.ts';

const backendWire = 'src/server/backend-wire.ts';
const backendAnswers = 'src/server/backend-answers.ts';
const backendSession = 'src/server/backend-session.ts';
const backendLink = 'src/browser/backend-link.ts';
const createBackend = 'src/browser/create-backend-plex-auth.ts';
const wireTest = 'test/server/backend-wire.test.ts';
const signInTest = 'test/browser/backend-sign-in.test.ts';
const tabsTest = 'test/browser/backend-tabs.test.ts';

/** Flaws of the page's end of a sign-in on an application's server. */
export const backendMutants: readonly Mutant[] = [
  {
    flaw: 'the server is not told that the user is back',
    file: 'machines/pin-auth.ts',
    find: 'isHinted: context.promptChecks > 0 || context.isResumed,',
    replace: 'isHinted: false,',
    namedIn: signInTest,
  },
  {
    flaw: 'a page of a proxy ends the session',
    file: backendAnswers,
    find: "if (reply.status === 204 || (reply.status === 404 && reply.kind === 'JSON')) return undefined;",
    replace:
      "if (reply.status === 401) return null;\n  if (reply.status === 204 || (reply.status === 404 && reply.kind === 'JSON')) return undefined;",
    namedIn: wireTest,
  },
  {
    flaw: 'a page without its attempt waits until the PIN ends',
    file: backendAnswers,
    find: "if (error?.code === 'PLEX_NO_ATTEMPT') return { status: 'gone', atMs, error };",
    replace: '',
    namedIn: wireTest,
  },
  {
    flaw: 'while the server is away, the page makes one PIN after the other',
    file: backendWire,
    find: 'if (made && leftMs > made.expiresInMs / 2)',
    replace: 'if (made && leftMs < 0)',
    namedIn: wireTest,
  },
  {
    flaw: 'the end of the last attempt ends the next one',
    file: backendWire,
    find: 'await cancelling;',
    replace: '',
    namedIn: wireTest,
  },
  {
    flaw: 'a session that began on the last page of the popup is not found',
    file: backendWire,
    find: 'session.outdate();',
    replace: '',
    namedIn: signInTest,
  },
  {
    flaw: 'an old answer ends a session that has begun since',
    file: backendSession,
    find: 'if (changes === before) note(user);',
    replace: 'note(user);',
    namedIn: wireTest,
  },
  {
    flaw: "another user's session counts as this one's",
    file: backendSession,
    find: 'names.begin(user).reveal() !== token.reveal()',
    replace: 'false',
    namedIn: wireTest,
  },
  {
    flaw: 'nobody can sign in again after a sign-out',
    file: backendSession,
    find: 'isSame && current ? current : `session-${++count}`',
    replace: '`session-${user.id}`',
    namedIn: tabsTest,
  },
  {
    flaw: "another script's PIN leads to any address",
    file: backendLink,
    find: '[authURL, linkURL, qrURL].every((url) => readPageURL(url) !== undefined)',
    replace: 'authURL !== null || linkURL !== null || readPageURL(qrURL) !== undefined',
    namedIn: tabsTest,
  },
  {
    flaw: 'an outage at the start counts as a failure of the store',
    file: backendLink,
    find: 'onError(error as PlexAuthError);',
    replace: 'throw error;',
    namedIn: signInTest,
  },
  {
    flaw: "the page shows what the engine holds in the token's place",
    file: createBackend,
    find: 'const { token, clientIdentifier: _, ...others } = view;',
    replace: 'const { token } = view;\n    const others = view;',
    namedIn: signInTest,
  },
  {
    flaw: 'a cancelled attempt can still be approved',
    file: createBackend,
    find: 'if (isRunning(status)) link.cancelAttempt();',
    replace: 'isRunning(status);',
    namedIn: signInTest,
  },
  {
    flaw: 'a server asks itself who is signed in while it renders the page',
    file: createBackend,
    find: 'page && link.session',
    replace: 'link.session',
    namedIn: signInTest,
  },
];
