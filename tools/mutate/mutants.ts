/** One plausible fault of a Plex sign-in, as a change to the real code. */
export interface Mutant {
  /** What is wrong, as a user or another project's issue would say it. */
  readonly fault: string;
  readonly file: string;
  /** Text of the file that occurs once, and what takes its place. */
  readonly find: string;
  readonly replace: string;
  /** The test file whose tests name this fault. */
  readonly namedIn: string;
}

const chart = 'machines/pin-auth.ts';
const engine = 'src/engine/create-plex-auth.ts';
const client = 'src/plex/client.ts';
const transport = 'src/plex/transport.ts';
const timelines = 'test/engine/timelines.test.ts';
const engineTests = 'test/engine/plex-auth.test.ts';
const clientTests = 'test/plex/client.test.ts';

/** The faults that other clients have, or that a hasty change to this one would bring. */
export const mutants: readonly Mutant[] = [
  {
    fault: 'polls overlap: a hint starts a second read and drops the first',
    file: chart,
    find: "CHECK: { actions: 'rememberCheck' },",
    replace: "CHECK: { target: 'fetchingToken', reenter: true },",
    namedIn: timelines,
  },
  {
    fault: 'a hint that comes while a read is out is lost',
    file: chart,
    find: "CHECK: { actions: 'rememberCheck' },",
    replace: '',
    namedIn: timelines,
  },
  {
    fault: 'the deadline aborts a read that is out',
    file: chart,
    find: "      entry: 'forgetCheck',",
    replace:
      "      entry: 'forgetCheck',\n      after: { pollDelay: { guard: ({ context }) => context.atMs + context.waitMs >= context.expiresAtMs - 1000, target: 'expired', actions: 'noteLimit' } },",
    namedIn: timelines,
  },
  {
    fault: 'the deadline ends the flow without a last read',
    file: chart,
    find: "pollDelay: { target: 'fetchingToken' },",
    replace:
      "pollDelay: [{ guard: ({ context }) => context.atMs + context.waitMs >= context.expiresAtMs - 1000, target: 'expired', actions: 'noteLimit' }, { target: 'fetchingToken' }],",
    namedIn: timelines,
  },
  {
    fault: 'every 404 is called expired, however early it comes',
    file: chart,
    find: 'Math.max(readingIn(event).atMs, context.atMs) < context.expiresAtMs - EARLY_MS',
    replace: 'false',
    namedIn: timelines,
  },
  {
    fault: 'Retry-After is ignored',
    file: chart,
    find: "return fault.retryAfterMs || (fault.code === 'PLEX_RATE_LIMITED' ? THROTTLE_MS : 0);",
    replace: 'return fault.retryAfterMs && 0;',
    namedIn: timelines,
  },
  {
    fault: 'a hint cuts a Retry-After short',
    file: chart,
    find: 'mayAskNow: ({ context }) => !context.isWaitFixed,',
    replace: 'mayAskNow: () => true,',
    namedIn: timelines,
  },
  {
    fault: 'one network blip ends the sign-in',
    file: chart,
    find: '!errorIn(event).retryable ||',
    replace: 'true ||',
    namedIn: timelines,
  },
  {
    fault: 'faults in a row are not counted: no back-off, and no end while there is no PIN',
    file: chart,
    find: 'failures: context.failures + 1, lastError',
    replace: 'failures: 1, lastError',
    namedIn: timelines,
  },
  {
    fault: 'an answer does not clear the count of faults',
    file: chart,
    find: 'failures: 0, lastError: undefined }, atMs, tookMs',
    replace: 'lastError: undefined }, atMs, tookMs',
    namedIn: timelines,
  },
  {
    fault: 'an expired PIN is replaced for ever',
    file: chart,
    find: 'renewalsLeft: renewalsLeft - 1,',
    replace: 'renewalsLeft,',
    namedIn: engineTests,
  },
  {
    fault: "the caller's limit is ignored",
    file: chart,
    find: 'return Math.min(expiresAtMs, giveUpAtMs);',
    replace: 'return giveUpAtMs && expiresAtMs;',
    namedIn: engineTests,
  },
  {
    fault: 'a PIN that was used stays in the store',
    file: chart,
    find: "actions: ['takeCredentials', 'keepCredentials', 'forgetPin'],",
    replace: "actions: ['takeCredentials', 'keepCredentials'],",
    namedIn: engineTests,
  },
  {
    fault: 'a server that never counts down keeps the flow waiting for ever',
    file: chart,
    find: 'if (expiresInMs > context.expiresInMs) return context;',
    replace:
      'if (expiresInMs >= context.expiresInMs) return { ...context, expiresAtMs: atMs + expiresInMs };',
    namedIn: timelines,
  },
  {
    fault: 'a token is dropped when a cancel races its answer',
    file: engine,
    find: "if (!signal.aborted) signal.addEventListener('abort', keep);",
    replace: 'if (!signal.aborted) return;',
    namedIn: engineTests,
  },
  {
    fault: 'the snapshot is a new object although nothing changed',
    file: engine,
    find: 'if (isSameView(view, next)) return;',
    replace: '',
    namedIn: engineTests,
  },
  {
    fault: 'an outage signs the user out',
    file: engine,
    find: "return error instanceof PlexAuthError ? { status: 'unknown', error } : { status: 'unknown' };",
    replace:
      "send({ type: 'REJECTED' });\n      return { status: 'unknown', error: error as PlexAuthError };",
    namedIn: engineTests,
  },
  {
    fault: 'PIN and read name different client identifiers',
    file: engine,
    find: 'client.getToken({ pinID, clientIdentifier, signal })',
    replace: "client.getToken({ pinID, clientIdentifier: clientIdentifier + '2', signal })",
    namedIn: engineTests,
  },
  {
    fault: 'dispose leaves what is out running',
    file: engine,
    find: '      actor.stop();',
    replace: '      end();',
    namedIn: engineTests,
  },
  {
    fault: 'a timer is left behind each answer',
    file: transport,
    find: '      clock.clearTimeout(timer);',
    replace: '',
    namedIn: clientTests,
  },
  {
    fault: "a listener is left on the caller's signal",
    file: transport,
    find: "      signal?.removeEventListener('abort', onAbort);",
    replace: '',
    namedIn: clientTests,
  },
  {
    fault: 'a request that hangs is waited for without end',
    file: transport,
    find: '    }, timeoutMs);',
    replace: '    }, 2 ** 31 - 1);',
    namedIn: timelines,
  },
  {
    fault: 'a redirect carries the token to another host',
    file: transport,
    find: "redirect: 'manual',",
    replace: "redirect: 'follow',",
    namedIn: clientTests,
  },
  {
    fault: 'the other host is asked after an HTTP error',
    file: transport,
    find: 'isFault && outcome.status === undefined : isNoRoute(outcome)',
    replace: '(outcome.status ?? 500) >= 500 : isNoRoute(outcome)',
    namedIn: clientTests,
  },
  {
    fault: 'the deadline is taken from expiresAt and a clock that is wrong',
    file: client,
    find: 'return { pinID: id, code, clientIdentifier, atMs: reply.atMs, expiresInMs: lifeMs(expiresIn), qrURL };',
    replace:
      'const endsAtMs = Date.parse((reply.json as { expiresAt: string }).expiresAt);\n      return { pinID: id, code, clientIdentifier, atMs: reply.atMs, expiresInMs: lifeMs((endsAtMs - reply.atMs) / 1000) + expiresIn * 0, qrURL };',
    namedIn: timelines,
  },
  {
    fault: 'a field that drifted loses the token',
    file: client,
    find: "const { authToken } = parse(tokenReply, reply, 'getToken');",
    replace:
      "parse(pinReply, reply, 'getToken');\n      const { authToken } = parse(tokenReply, reply, 'getToken');",
    namedIn: clientTests,
  },
  {
    fault: 'a 404 of some proxy is taken for the end of the PIN',
    file: client,
    find: "return status === 404 && (kind === 'JSON' || plexCode === 1020);",
    replace: 'return status === 404;',
    namedIn: clientTests,
  },
  {
    fault: 'an emoji in the device name makes fetch throw',
    file: 'src/plex/device.ts',
    find: 'return /^[!-~]([ -~]*[!-~])?$/.test(text);',
    replace: "return text !== '';",
    namedIn: clientTests,
  },
];
