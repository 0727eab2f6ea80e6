import type { Mutant } from './mutant.ts';

const pinCalls = 'src/plex/pin-calls.ts';
const answers = 'src/plex/answers.ts';
const timeLimit = 'src/plex/time-limit.ts';
const exchange = 'src/plex/exchange.ts';
const lateReads = 'src/plex/late-reads.ts';
const bases = 'src/plex/bases.ts';
const transport = 'src/plex/transport.ts';

export const clientMutants: readonly Mutant[] = [
  {
    flaw: 'a timer is left behind each answer',
    file: timeLimit,
    find: '      isOver = true;\n      clock.clearTimeout(timer);',
    replace: '      isOver = true;',
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
    file: exchange,
    find: "redirect: 'manual',",
    replace: "redirect: 'follow',",
    namedIn: 'test/plex/requests.test.ts',
  },
  {
    flaw: 'the other host is asked after an HTTP error',
    file: bases,
    find: 'if (serverURL === undefined ? isSilence(outcome) : isNoRoute(outcome)) {',
    replace: 'if (serverURL === undefined ? (outcome.status ?? 500) >= 500 : isNoRoute(outcome)) {',
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
    find: '      else exchange.abort();\n',
    replace: '',
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
  {
    flaw: 'a cancel during a request is not passed on',
    file: timeLimit,
    find: '      exchange.abort(signal?.reason);\n',
    replace: '',
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
  {
    flaw: 'a request is sent although its caller has cancelled before',
    file: transport,
    find: '      if (signal?.aborted) throw reasonOf(signal);\n      const outcome',
    replace: '      const outcome',
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
  {
    flaw: 'a token is thrown away because the end of its answer was lost',
    file: exchange,
    find: '        if (reply) return reply;\n',
    replace: '',
    namedIn: 'test/plex/answers-that-break-off.test.ts',
  },
  {
    flaw: 'a token is thrown away at the time limit because its answer has not ended',
    file: timeLimit,
    find: '      const reply = exchange.arrived();\n      if (reply) resolve(reply);\n      else reject(toTimeoutError',
    replace:
      '      const reply = undefined;\n      if (reply) resolve(reply);\n      else reject(toTimeoutError',
    namedIn: 'test/plex/answers-that-break-off.test.ts',
  },
  {
    flaw: 'an answer counts before its body has ended, so that no connection is used again',
    file: timeLimit,
    find: '    exchange.reply.then(resolve, reject);',
    replace:
      '    exchange.onPart = () => {\n      const reply = exchange.arrived();\n      if (reply) resolve(reply);\n    };\n    exchange.reply.then(resolve, reject);',
    namedIn: 'test/plex/answers-that-break-off.test.ts',
  },
  {
    flaw: 'an answer is timed before its body has come',
    file: exchange,
    find: '          atMs = clock.now();\n          exchange.onPart();',
    replace: '          exchange.onPart();',
    namedIn: 'test/plex/answers-that-break-off.test.ts',
  },
  {
    flaw: 'a call is kept waiting by a fetch that ignores aborts',
    file: timeLimit,
    find: '      else if (!exchange.isDecoding()) giveUp();\n',
    replace: '',
    namedIn: 'test/plex/fetches.test.ts',
  },
  {
    flaw: 'an answer in memory is dropped by an abort that comes before it is read',
    file: timeLimit,
    find: '      await memoryIsRead();\n',
    replace: '',
    namedIn: 'test/plex/timeouts-and-aborts.test.ts',
  },
  {
    flaw: 'late answers are read in any number of requests at once',
    file: lateReads,
    find: '    if (waiting.size > mostReads) oldest?.();\n',
    replace: '    void oldest;\n',
    namedIn: 'test/plex/late-answers.test.ts',
  },
  {
    flaw: 'a late answer is waited for without end',
    file: lateReads,
    find: 'let timer = clock.setTimeout(letGo, longestReadMs);',
    replace: 'let timer: unknown;',
    namedIn: 'test/plex/late-answers.test.ts',
  },
  {
    flaw: 'an abort leaves the read of a late answer running',
    file: lateReads,
    find: "    signal?.addEventListener('abort', letGo);\n",
    replace: '',
    namedIn: 'test/plex/late-answers.test.ts',
  },
  {
    flaw: "a browser's cache keeps a token, and answers for Plex",
    file: 'src/plex/exchange.ts',
    find: "    cache: 'no-store',\n",
    replace: '',
    namedIn: 'test/plex/fetch-without-cache.test.ts',
  },
  {
    flaw: 'a body that is never decoded keeps its caller waiting after an abort',
    file: timeLimit,
    find: 'timer = clock.setTimeout(giveUp, longestDecodingMs);',
    replace: 'timer = clock.setTimeout(giveUp, timeoutMs);',
    namedIn: 'test/plex/fetches.test.ts',
  },
  {
    flaw: 'the options of a client are kept by reference',
    file: 'src/plex/client-options.ts',
    find: '  checkClientOptions(own);\n',
    replace: '  checkClientOptions(own);\n  if (own) return options;\n',
    namedIn: 'test/plex/copied-options.test.ts',
  },
  {
    flaw: 'a token that nobody sent is read from Object.prototype',
    file: answers,
    find: 'return copyOptions(result.output);',
    replace: 'return result.output as never;',
    namedIn: 'test/plex/copied-options.test.ts',
  },
];
