import type { ThreatMutant } from './mutant.ts';

const room = 'src/better-auth';
const accounts = 'test/better-auth/accounts.test.ts';
const attacks = 'test/better-auth/attacks.test.ts';
const access = 'test/better-auth/access.test.ts';
const beginning = 'test/better-auth/beginning.test.ts';
const handedPIN = 'begin a sign-in with a PIN of their own in';

/** Defences of the sign-in by better-auth. */
export const betterAuthThreatMutants: readonly ThreatMutant[] = [
  {
    threat: "have the user's browser redeem a code of theirs",
    flaw: 'a code is good in every browser',
    file: `${room}/sign-in-codes.ts`,
    find: " || record['verifier'] !== (await digest(verifier))",
    replace: '',
    namedIn: attacks,
    test: 'takes no code of another browser: nobody is signed in as somebody else',
  },
  {
    threat: handedPIN,
    flaw: 'a link may bring a PIN',
    file: `${room}/handed-pin.ts`,
    find: '?.serverContext?.[pinField]',
    replace: '?.[pinField]',
    namedIn: beginning,
    test: 'begins with no PIN that a link of another site brings',
  },
  {
    threat: handedPIN,
    flaw: 'a page of a sister domain may bring a PIN',
    file: `${room}/handed-pin.ts`,
    find: ' || !isOwnPage',
    replace: '',
    namedIn: beginning,
    test: 'refuses %s',
  },
  {
    threat: 'use a callback twice',
    flaw: 'no redeemed PIN is remembered',
    file: 'src/server/ask-attempt.ts',
    find: "await claimed.keep(attempt, { status: 'used', user, atMs: clock.now() });",
    replace: '',
    namedIn: attacks,
    test: 'signs in once, too, where the state is in a cookie that somebody has copied',
  },
  {
    threat: 'sign in with a bare token of Plex',
    flaw: "another application's PIN is redeemed",
    file: 'src/server/ask-attempt.ts',
    find: 'if (isOwn && code === attempt.code) return reading;',
    replace: 'if (owner && code === attempt.code) return reading;',
    namedIn: attacks,
    test: 'takes no answer about a PIN that names another client identifier',
  },
  {
    threat: "take over a user by that user's e-mail address",
    flaw: 'an address counts as verified because Plex names it',
    file: `${room}/plex-provider.ts`,
    find: 'emailVerified: false,',
    replace: 'emailVerified: true,',
    namedIn: accounts,
    test: 'takes no account over (verified: %s)',
  },
  {
    threat: "register a managed user's address before that user comes",
    flaw: 'the address of a managed user is made of what others can know',
    file: `${room}/plugin-parts.ts`,
    find: '`plex-${name}@plex.invalid`',
    replace: '`plex-${uuid}${name.slice(99)}@plex.invalid`',
    namedIn: accounts,
    test: 'has an address that nobody can guess and register before',
  },
  {
    threat: 'link their Plex account to a user',
    flaw: 'linking takes no notice of what the application wants',
    file: `${room}/plex-auth.ts`,
    find: 'accountLinking?.allowDifferentEmails !== false',
    replace: 'accountLinking !== null',
    namedIn: accounts,
    test: 'is refused where the application wants the same address',
  },
  {
    threat: 'read the token in the page or in a copy of the database',
    flaw: 'the token is stored as it is',
    file: `${room}/stored-tokens.ts`,
    find: 'box.seal({ token: token.reveal(), clientIdentifier }, endMs)',
    replace: 'Promise.resolve(clientIdentifier && token.reveal())',
    namedIn: attacks,
    test: 'shows the browser no token, no id of a PIN and nothing that opens without the secret',
  },
  {
    threat: 'come in without access to the server of the option `access`, by better-auth',
    flaw: 'nobody is asked for access',
    file: `${room}/redeem-pin.ts`,
    find: '...{ clock, access, allow },',
    replace: '...{ clock, allow, access: access && undefined },',
    namedIn: access,
    test: 'lets nobody else in, says so at the page for errors, and gives the token back',
  },
  {
    threat: 'end the sessions of all users by an outage',
    flaw: 'who cannot be verified is signed out',
    file: `${room}/account-endpoints.ts`,
    find: "standing.status === 'rejected' ||",
    replace: "standing.status === 'unknown' || standing.status === 'rejected' ||",
    namedIn: access,
    test: 'stays signed in while the token is good, and in an outage',
  },
  {
    threat: "make better-auth's server ask Plex so often",
    flaw: 'each callback reads as often as it likes',
    file: `${room}/plugin-parts.ts`,
    find: 'createReadBudget(clock, settings.readsPerSecond)',
    replace: 'createReadBudget(clock, Infinity)',
    namedIn: access,
    test: 'is asked at its own pace, however many come back without an approval',
  },
  {
    threat: 'report to the page in the place of its popup',
    flaw: "the page believes another popup's report",
    file: `${room}/wait-for-popup.ts`,
    find: 'if (data?.id !== id) return;',
    replace: 'if (!data) return;',
    namedIn: 'test/better-auth/client.test.ts',
    test: 'ends with its own report, and no other',
  },
];
