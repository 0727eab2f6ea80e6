import type { ThreatMutant } from './mutant.ts';

const attacks = 'test/server/attacks.test.ts';
const singleUse = 'test/server/single-use.test.ts';
const access = 'test/server/access.test.ts';
const attemptCookie = 'src/server/attempt-cookie.ts';
const sealedBox = 'src/server/sealed-box.ts';
const askAttempt = 'src/server/ask-attempt.ts';
const completeSignIn = 'src/server/complete-sign-in.ts';
const cookieThreat = 'use a cookie that they forged';
const replayThreat = 'use an attempt twice';

/** Defences of the server end. */
export const serverThreatMutants: readonly ThreatMutant[] = [
  {
    threat: 'begin, ask about or end a sign-in from another site',
    flaw: 'any site may ask',
    file: 'src/server/same-origin.ts',
    find: "  const site = headers.get('Sec-Fetch-Site');",
    replace: "  if (origin) return true;\n  const site = headers.get('Sec-Fetch-Site');",
    namedIn: attacks,
    test: 'is refused %s %s',
  },
  {
    threat: "sign a user in to the attacker's account",
    flaw: 'a PIN is taken from an address',
    file: attemptCookie,
    find: '      return [];\n    },\n    async write',
    replace: `      const { searchParams } = new URL(request.url);
      const attempt = { id: 'x', pinID: Number(searchParams.get('pinID')), code: searchParams.get('code') ?? '', expiresAtMs: Infinity, returnTo: '/' };
      return searchParams.has('pinID') ? [attempt] : [];
    },
    async write`,
    namedIn: attacks,
    test: 'gets no session at %s, although a PIN is approved',
  },
  {
    threat: 'plant an attempt of their own in',
    flaw: 'any sister domain can set the cookie',
    file: attemptCookie,
    find: "`${isSecure ? '__Host-' : ''}plex-auth-attempt`",
    replace: "'plex-auth-attempt'",
    namedIn: attacks,
    test: 'is kept where only this host can set it, and no script can read it',
  },
  {
    threat: 'read the attempt by a script of the page',
    flaw: 'a script can read the cookie',
    file: attemptCookie,
    find: '`Path=/; HttpOnly; SameSite=Lax',
    replace: '`Path=/; SameSite=Lax',
    namedIn: attacks,
    test: 'is kept where only this host can set it, and no script can read it',
  },
  {
    threat: cookieThreat,
    flaw: 'a cookie that is not encrypted is believed',
    file: sealedBox,
    find: `        return payload;
      } catch {
        return undefined;`,
    replace: `        return payload;
      } catch {
        const [, payload = ''] = sealed.split('.');
        if (payload !== '') return JSON.parse(atob(payload));
        return undefined;`,
    namedIn: attacks,
    test: 'whose cookie is %s is none',
  },
  {
    threat: cookieThreat,
    flaw: 'the key is not made of the secret',
    file: sealedBox,
    find: "importKey('raw', secret as BufferSource, 'HKDF'",
    replace: "importKey('raw', secret.slice(0, 8) as BufferSource, 'HKDF'",
    namedIn: attacks,
    test: 'of another secret is none',
  },
  {
    threat: cookieThreat,
    flaw: 'the address of the application is not in the cookie',
    file: sealedBox,
    find: '          audience,\n          clockTolerance',
    replace: '          clockTolerance',
    namedIn: attacks,
    test: 'of another application with the same secret is none',
  },
  {
    threat: replayThreat,
    flaw: 'an attempt that has ended is asked about',
    file: attemptCookie,
    find: '.filter(({ expiresAtMs }) => expiresAtMs > clock.now())',
    replace: '',
    namedIn: attacks,
    test: 'that has ended is none, whatever the cookie says',
  },
  {
    threat: replayThreat,
    flaw: 'a used-up attempt is forgotten',
    file: completeSignIn,
    find: "await claimed.keep(attempt, { status: 'used', user, atMs: clock.now() });",
    replace: '',
    namedIn: attacks,
    test: 'makes one session, however often its cookie comes back',
  },
  {
    threat: replayThreat,
    flaw: 'no other machine is asked whether an attempt is used up',
    file: askAttempt,
    find: 'await (isTokenHere ? claimed.findLatest(attempt) : claimed.findShared(attempt));',
    replace: 'claimed.find(attempt);',
    namedIn: attacks,
    test: 'makes one session, on whichever machine its cookie comes back, where they share a store',
  },
  {
    threat: 'try all short codes',
    flaw: 'wrong codes are not counted',
    file: 'src/server/claimed-attempts.ts',
    find: 'if (found.strangers.size >= mostWrongCodes)',
    replace: 'if (found.strangers.size > Infinity)',
    namedIn: singleUse,
    test: 'is redeemed by nobody who tries all short codes',
  },
  {
    threat: 'go on with a sign-in that its browser has ended',
    flaw: 'a cancel is not remembered',
    file: askAttempt,
    find: 'cancelled.add(attempt.id);',
    replace: '',
    namedIn: singleUse,
    test: 'before the application was asked does not ask it',
  },
  {
    threat: 'hand over the PIN of another application',
    flaw: 'the PIN of another client is redeemed',
    file: askAttempt,
    find: 'const isOwn = owner === (await clientIdentifier());',
    replace: "const isOwn = owner !== '' || owner === (await clientIdentifier());",
    namedIn: attacks,
    test: 'is redeemed by nobody, whatever Plex checks (echo: %s)',
  },
  {
    threat: 'redeem the PIN of another person',
    flaw: 'who knows the id of a PIN redeems it',
    file: askAttempt,
    find: 'if (isOwn && code === attempt.code) return reading;',
    replace: 'if (isOwn) return reading;',
    namedIn: attacks,
    test: 'is redeemed by nobody who does not know its code, however many ids he tries',
  },
  {
    threat: replayThreat,
    flaw: 'what is used up is remembered by the attempt, and not by its PIN',
    file: 'src/server/claimed-attempts.ts',
    find: "(claimed.status === 'claimed' || id === asked.id);",
    replace: "(claimed.status === 'claimed' || id !== '');",
    namedIn: attacks,
    test: 'makes one session, however often it is handed over',
  },
  {
    threat: 'find the token, or the id of a PIN, in what the server answers',
    flaw: 'the user holds the token',
    file: completeSignIn,
    find: "{ status: 'authenticated', user, session };",
    replace: "{ status: 'authenticated', user: { ...user, title: token.reveal() }, session };",
    namedIn: attacks,
    test: 'a browser gets no token and no PIN, in whatever the server answers',
  },
  {
    threat: 'send the user to another site after the sign-in',
    flaw: 'any address is taken for returnTo',
    file: 'src/server/return-to.ts',
    find: '/[\\\\\\p{Cc}]/u.test(value)) return undefined;',
    replace: "value === '') return undefined;\n  if (value.startsWith('/')) return value;",
    namedIn: attacks,
    test: '%j is refused, and nothing begins',
  },
  {
    threat: 'put a script into a page of the server',
    flaw: 'a page shows a text as it comes',
    file: 'src/server/pages.ts',
    find: 'return text.replace(/[&<>"\']/g, (character) => `&#${character.charCodeAt(0)};`);',
    replace: 'return text;',
    namedIn: attacks,
    test: 'leaves a page that shows no foreign text',
  },
  {
    threat: 'name their own host in a request',
    flaw: 'the request says where the user goes next',
    file: 'src/server/server-context.ts',
    find: 'const { origin } = settings.mountURL;',
    replace: 'const { origin } = new URL(request.url);',
    namedIn: attacks,
    test: 'a Host of a proxy decides nothing',
  },
  {
    threat: 'exchange the ticket of an event stream',
    flaw: 'a ticket is good for every browser',
    file: 'src/server/event-stream.ts',
    find: '!attempts.some((attempt) => attempt.id === id)',
    replace: 'attempts.length < 0',
    namedIn: 'test/server/news.test.ts',
    test: 'says what happens, and ends in a ticket for the session',
  },
  {
    threat: 'sign in without access to the server',
    flaw: 'everybody comes in',
    file: completeSignIn,
    find: 'const isRefused = found !== undefined && !allow.includes(found.status);',
    replace: 'const isRefused = found !== undefined && allow.length === 0;',
    namedIn: access,
    test: 'lets nobody else in, and gives the token back',
  },
  {
    threat: 'make the server ask Plex so often that Plex throttles it',
    flaw: 'every question goes to Plex',
    file: 'src/server/read-budget.ts',
    find: 'if (waitMs > 0) {',
    replace: 'if (waitMs > Infinity) {',
    namedIn: 'test/server/read-budget.test.ts',
    test: 'starves nobody, however many hints there are',
  },
];
