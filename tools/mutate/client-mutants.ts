import type { Mutant } from './mutant.ts';

const pinCalls = 'src/plex/pin-calls.ts';
const answers = 'src/plex/answers.ts';
const timeLimit = 'src/plex/with-timeout.ts';
const transport = 'src/plex/transport.ts';

export const clientMutants: readonly Mutant[] = [
  {
    flaw: 'a timer is left behind each answer',
    file: timeLimit,
    find: '      clock.clearTimeout(timer);',
    replace: '',
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
  {
    flaw: "a listener is left on the caller's signal",
    file: timeLimit,
    find: "      signal?.removeEventListener('abort', onAbort);",
    replace: '',
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
  {
    flaw: 'a request that hangs is waited for without end',
    file: timeLimit,
    find: '    }, timeoutMs);',
    replace: '    }, 2 ** 31 - 1);',
    namedIn: 'test/engine/transient-faults.test.ts',
  },
  {
    flaw: 'a redirect carries the token to another host',
    file: transport,
    find: "redirect: 'manual',",
    replace: "redirect: 'follow',",
    namedIn: 'test/plex/requests.test.ts',
  },
  {
    flaw: 'the other host is asked after an HTTP error',
    file: transport,
    find: 'isError && outcome.status === undefined : isNoRoute(outcome)',
    replace: '(outcome.status ?? 500) >= 500 : isNoRoute(outcome)',
    namedIn: 'test/plex/hosts-and-fallback.test.ts',
  },
  {
    flaw: 'the deadline is taken from expiresAt and a clock that is wrong',
    file: pinCalls,
    find: 'return { pinID: id, code, clientIdentifier, atMs: reply.atMs, expiresInMs: lifeMs(expiresIn), qrURL };',
    replace:
      'const endsAtMs = Date.parse((reply.json as { expiresAt: string }).expiresAt);\n      return { pinID: id, code, clientIdentifier, atMs: reply.atMs, expiresInMs: lifeMs((endsAtMs - reply.atMs) / 1000) + expiresIn * 0, qrURL };',
    namedIn: 'test/engine/deadline.test.ts',
  },
  {
    flaw: 'a field that drifted loses the token',
    file: pinCalls,
    find: "const { authToken } = parseReply(tokenReply, reply, 'getToken');",
    replace:
      "parseReply(pinReply, reply, 'getToken');\n      const { authToken } = parseReply(tokenReply, reply, 'getToken');",
    namedIn: 'test/plex/pins.test.ts',
  },
  {
    flaw: 'a 404 of some proxy is taken for the end of the PIN',
    file: answers,
    find: "return status === 404 && (kind === 'JSON' || plexCode === 1020);",
    replace: 'return status === 404;',
    namedIn: 'test/plex/error-statuses.test.ts',
  },
  {
    flaw: 'an emoji in the device name makes fetch throw',
    file: 'src/plex/device.ts',
    find: 'return /^[!-~]([ -~]*[!-~])?$/.test(text);',
    replace: "return text !== '';",
    namedIn: 'test/plex/requests.test.ts',
  },
  {
    flaw: 'a request that took too long is left running',
    file: timeLimit,
    find: '      controller.abort();\n',
    replace: '',
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
  {
    flaw: 'a cancel during a request is not passed on',
    file: timeLimit,
    find: '      controller.abort(signal?.reason);\n',
    replace: '',
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
  {
    flaw: 'a request is sent although its caller has cancelled before',
    file: timeLimit,
    find: "if (signal?.aborted) onAbort();\n    else signal?.addEventListener('abort', onAbort);",
    replace: "signal?.addEventListener('abort', onAbort);",
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
];
