import type { ThreatMutant } from './mutant.ts';

const secret = 'src/secret.ts';
const relaySite = 'src/inspect/relay-site.ts';
const canary = 'test/whole/secrets/canary.test.ts';
const inspector = 'test/whole/secrets/inspector.test.ts';
const relay = 'test/inspect/relay.process.test.ts';

/** Defences in a page and a process: against logs, inspectors, other pages and tabs. */
export const pageThreatMutants: readonly ThreatMutant[] = [
  {
    threat: 'read the token from a log, an error report or a state inspector',
    flaw: 'an error keeps the message of whatever fetch threw',
    file: 'src/errors.ts',
    find: "...(typeof syscall === 'string' && { message: `${message}` }),",
    replace: 'message: `${message}`,',
    namedIn: canary,
    test: 'throws an error that holds it %s',
  },
  {
    threat: 'read the token from a log, an error report or a state inspector',
    flaw: 'a token in a template is shown',
    file: secret,
    find: `  toString(): string {
    return this.secret;`,
    replace: `  toString(): string {
    return this.reveal();`,
    namedIn: 'test/secret.test.ts',
    test: 'shows [redacted] through %s',
  },
  {
    threat: "read it from Stately's inspection messages or a persisted snapshot",
    flaw: 'JSON shows a token to an inspector',
    file: secret,
    find: `  toJSON(): string {
    return this.secret;`,
    replace: `  toJSON(): string {
    return this.reveal();`,
    namedIn: canary,
    test: 'that came while %s',
  },
  {
    threat: "read it from Stately's inspection messages or a persisted snapshot",
    flaw: 'JSON shows a token in a snapshot',
    file: secret,
    find: `  toJSON(): string {
    return this.secret;`,
    replace: `  toJSON(): string {
    return this.reveal();`,
    namedIn: 'test/secret.test.ts',
    test: 'stays hidden in a persisted snapshot of the chart',
  },
  {
    threat: 'read it from the messages to an inspector',
    flaw: 'known values are not looked for',
    file: 'src/inspect/known-values.ts',
    find: 'return replaceRanges(text, ranges)',
    replace: 'return replaceRanges(text, ranges.slice(ranges.length))',
    namedIn: inspector,
    test: 'that came while %s',
  },
  {
    threat: 'read it from the messages to an inspector',
    flaw: 'the value of a Secret is not known',
    file: 'src/inspect/redact.ts',
    find: "if (typeof token === 'string') this.#known.add(token);",
    replace: '',
    namedIn: inspector,
    test: 'and keeps the revealed token in its context as a plain text shows none of it',
  },
  {
    threat: 'open the live view of another process on this machine',
    flaw: 'the relay answers to any name',
    file: relaySite,
    find: "return hosts.has(context.req.header('host')) ? next() : context.body(null, 403);",
    replace: 'return next();',
    namedIn: relay,
    test: 'by a name that only leads here is sent nothing',
  },
  {
    threat: 'open the live view of another process on this machine',
    flaw: 'the relay answers any page',
    file: relaySite,
    find: 'if (!isSameOrigin(context)) return context.body(null, 403);',
    replace: '',
    namedIn: relay,
    test: 'by its origin is sent nothing',
  },
  {
    threat: 'open the live view of another process on this machine',
    flaw: 'the relay holds any number of idle sockets',
    file: 'src/inspect/idle-sockets.ts',
    find: 'if (idle.size > mostIdle) oldest?.destroy();',
    replace: 'oldest?.ref();',
    namedIn: relay,
    test: 'by 200 idle sockets shuts nobody out, and holds no more than 20 of them',
  },
  {
    threat: 'open the live view of another process on this machine',
    flaw: 'sockets that come back shut a page out',
    file: 'src/inspect/idle-sockets.ts',
    find: 'if (idle.size > mostIdle) oldest?.destroy();',
    replace: 'if (oldest && idle.size > mostIdle) socket.destroy();',
    namedIn: relay,
    test: 'by sockets that come back as soon as they are closed shuts nobody out',
  },
  {
    threat: 'open the live view of another process on this machine',
    flaw: 'a key works again and again',
    file: 'src/inspect/one-time-key.ts',
    find: 'if (isRight) current = createKey();',
    replace: '',
    namedIn: relay,
    test: 'uses it up, and comes back with the next one, for all of it again',
  },
  {
    threat: 'open the live view of another process on this machine',
    flaw: 'the relay listens on every interface',
    file: 'src/inspect/relay.ts',
    find: ".listen(port, '127.0.0.1', resolve);",
    replace: ".listen(port, '0.0.0.0', resolve);",
    namedIn: relay,
    test: 'on another machine reaches nothing',
  },
  {
    threat: 'read it from the store for the PIN',
    flaw: 'a token goes to the store of the PIN',
    file: 'src/engine/flow-store.ts',
    find: 'access.write(credentials, tokenKey',
    replace: 'access.write(credentials ?? store, tokenKey',
    namedIn: 'test/engine/restore.test.ts',
    test: 'are kept nowhere unless a store is given for them',
  },
  {
    threat: 'make the development build of XState print it',
    flaw: 'events are sent to a stopped actor',
    file: 'src/engine/start-flow.ts',
    find: 'if (!life.signal.aborted) actor.send(event);',
    replace: 'actor.send(event);',
    namedIn: 'test/whole/secrets/whole-program.process.test.ts',
    test: 'prints no token, whatever comes late',
  },
  {
    threat: "find the token in the page's document",
    flaw: 'the element holds the token in an attribute',
    file: 'src/element/plex-sign-in.ts',
    find: '    this.#status = view.status;',
    replace: `    this.#status = view.status;
    if ('token' in view) this.dataset['token'] = view.token.reveal();`,
    namedIn: 'test/element/sign-in.e2e.test.ts',
    test: 'shows the token nowhere in the page',
  },
  {
    threat: 'forge the message that the user has approved',
    flaw: 'the message of a page is believed',
    file: 'src/browser/shared-flow.ts',
    find: "if (notice === 'returned') options.onReturned();",
    replace:
      "if (notice === 'returned') internals.adoptCredentials({ token: { reveal: () => 'forged' } as never, clientIdentifier: 'tv' });",
    namedIn: 'test/browser/popup.test.ts',
    test: 'is only asked about where a page says so before the user has approved',
  },
  {
    threat: 'send the user to another site after a redirect',
    flaw: 'any address is taken for returnURL',
    file: 'src/browser/create-browser-plex-auth.ts',
    find: "requireOwnPage('returnURL', returnURL, page);",
    replace: '',
    namedIn: 'test/browser/redirect.test.ts',
    test: 'refuses to come back to %s',
  },
  {
    threat: "make one tab end another's sign-in",
    flaw: 'two tabs run the same sign-in',
    file: 'src/browser/tabs.ts',
    find: 'if (reply?.isKept || !isWanted()) return { isLeading: false };',
    replace: 'if (reply?.isKept || !isWanted()) return { isLeading: true };',
    namedIn: 'test/browser/tabs.e2e.test.ts',
    test: 'run one flow where both start in the same moment',
  },
  {
    threat: 'lose a token by closing the popup early',
    flaw: 'a closed popup ends the sign-in',
    file: 'src/browser/create-browser-plex-auth.ts',
    find: 'createConsentPopup(opener, clock, checks.checkNow)',
    replace: 'createConsentPopup(opener, clock, () => auth.dispose())',
    namedIn: 'test/browser/popup.e2e.test.ts',
    test: 'keeps the token where the popup is closed in the instant of the approval',
  },
  {
    threat: "link their account to your user's session",
    flaw: 'a PIN is read from the address',
    file: 'src/browser/page-storage.ts',
    find: '        return area.getItem(own);',
    replace: `        const planted = key.endsWith('pin') && new URLSearchParams(page?.location.search).get('pin');
        return planted || area.getItem(own);`,
    namedIn: 'test/browser/redirect.test.ts',
    test: 'reads no PIN from the address that it comes back to, nor from the mark',
  },
  {
    threat: "link their account to your user's session",
    flaw: 'a PIN is read from the return mark',
    file: 'src/browser/page-storage.ts',
    find: '        return area.getItem(own);',
    replace:
      "        return area.getItem(own) ?? (key.endsWith('pin') ? page?.sessionStorage.getItem('plex-auth-flow.returning') : null);",
    namedIn: 'test/browser/redirect.test.ts',
    test: 'reads no PIN from the address that it comes back to, nor from the mark',
  },
  {
    threat: "link their account to your user's session",
    flaw: 'the id of a PIN is in the address to come back to',
    file: 'src/browser/redirect.ts',
    find: 'wire.linksOf(pin, { forwardURL })',
    replace: 'wire.linksOf(pin, { forwardURL: `${forwardURL}&pin=${pin.pinID}` })',
    namedIn: 'test/browser/redirect.e2e.test.ts',
    test: 'comes back to the same address, hash and all, and goes on by itself',
  },
];
