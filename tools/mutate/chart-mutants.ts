import type { Mutant } from './mutant.ts';

const chart = 'machines/pin-auth.ts';

export const chartMutants: readonly Mutant[] = [
  {
    flaw: 'polls overlap: a hint starts a second read and drops the first',
    file: chart,
    find: "CHECK: { actions: 'rememberCheck' },",
    replace: "CHECK: { target: 'fetchingToken', reenter: true },",
    namedIn: 'test/engine/hints.test.ts',
  },
  {
    flaw: 'a hint that comes during a request is lost',
    file: chart,
    find: "CHECK: { actions: 'rememberCheck' },",
    replace: '',
    namedIn: 'test/engine/hints.test.ts',
  },
  {
    flaw: 'the deadline aborts a request in flight',
    file: chart,
    find: "never two; no deadline aborts it.',\n      entry: 'forgetCheck',",
    replace:
      "never two; no deadline aborts it.',\n      entry: 'forgetCheck',\n      after: { pollDelay: { guard: ({ context }) => context.atMs + context.waitMs >= context.expiresAtMs - 1000, target: 'expired', actions: 'noteLimit' } },",
    namedIn: 'test/engine/deadline.test.ts',
  },
  {
    flaw: 'the deadline ends the flow without a last read',
    file: chart,
    find: "pollDelay: { target: 'fetchingToken', actions: 'countWait' },",
    replace:
      "pollDelay: [{ guard: ({ context }) => context.atMs + context.waitMs >= context.expiresAtMs - 1000, target: 'expired', actions: 'noteLimit' }, { target: 'fetchingToken' }],",
    namedIn: 'test/engine/deadline.test.ts',
  },
  {
    flaw: 'every 404 is called expired, however early it comes',
    file: chart,
    find: 'Math.max(readingIn(event).atMs, context.atMs) < context.expiresAtMs - MISMATCH_MARGIN_MS',
    replace: 'false',
    namedIn: 'test/engine/pin-answers.test.ts',
  },
  {
    flaw: 'Retry-After is ignored',
    file: chart,
    find: "return error.retryAfterMs || (error.code === 'PLEX_RATE_LIMITED' ? THROTTLE_MS : 0);",
    replace: 'return error.retryAfterMs && 0;',
    namedIn: 'test/engine/throttling.test.ts',
  },
  {
    flaw: 'a hint cuts a Retry-After short',
    file: chart,
    find: 'return !isWaitFixed && promptChecks < MOST_PROMPT_CHECKS;',
    replace: 'return promptChecks < MOST_PROMPT_CHECKS || isWaitFixed;',
    namedIn: 'test/engine/throttling.test.ts',
  },
  {
    flaw: 'one network blip ends the sign-in',
    file: chart,
    find: '!errorIn(event).retryable ||',
    replace: 'true ||',
    namedIn: 'test/engine/transient-faults.test.ts',
  },
  {
    flaw: 'errors in a row are not counted: no back-off, and no end while there is no PIN',
    file: chart,
    find: 'failures: context.failures + 1, lastError',
    replace: 'failures: 1, lastError',
    namedIn: 'test/engine/back-off.test.ts',
  },
  {
    flaw: 'an answer does not clear the count of errors',
    file: chart,
    find: '{ ...after, failures: 0, lastError: undefined,',
    replace: '{ ...after, lastError: undefined,',
    namedIn: 'test/engine/back-off.test.ts',
  },
  {
    flaw: 'an expired PIN is replaced forever',
    file: chart,
    find: 'isStartPending ? renewalsLeft : renewalsLeft - 1,',
    replace: 'isStartPending ? renewalsLeft - 1 : renewalsLeft,',
    namedIn: 'test/engine/renewals.test.ts',
  },
  {
    flaw: "the caller's limit is ignored",
    file: chart,
    find: 'return giveUpAfterMs - spentMs;',
    replace: 'return giveUpAfterMs && Infinity - spentMs;',
    namedIn: 'test/engine/renewals.test.ts',
  },
  {
    flaw: 'a PIN that was used stays in the store',
    file: chart,
    find: `heldCredentials(context) },
              'forgetPin',`,
    replace: 'heldCredentials(context) },',
    namedIn: 'test/engine/restore.test.ts',
  },
  {
    flaw: 'a server that never counts down keeps the flow waiting forever',
    file: chart,
    find: 'return pin ? pin.expiresInMs - (spentMs - pinAtSpentMs) : Infinity;',
    replace: 'return pin ? Infinity : spentMs - pinAtSpentMs;',
    namedIn: 'test/engine/lifetime.test.ts',
  },
  {
    flaw: 'hints have no pace: each one is a read',
    file: chart,
    find: 'return !isWaitFixed && promptChecks < MOST_PROMPT_CHECKS;',
    replace: 'return !isWaitFixed && promptChecks >= 0;',
    namedIn: 'test/engine/lifetime.test.ts',
  },
  {
    flaw: "the caller's limit counts by the clock, which can be set",
    file: chart,
    find: 'const waitedMs = promptChecks === 0 ? waitMs : between(0, passedMs(context, atMs) - believedMs, waitMs);',
    replace: 'const waitedMs = Math.max(0, passedMs(context, atMs) - believedMs);',
    namedIn: 'test/engine/lifetime.test.ts',
  },
  {
    flaw: 'a stored PIN that is used up fails the sign-in',
    file: chart,
    find: '      !context.isResumed &&\n',
    replace: '',
    namedIn: 'test/engine/shared-credentials.test.ts',
  },
  {
    flaw: 'a late token is dropped while another sign-in runs',
    file: chart,
    find: "        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },\n        RESTORE: { target: 'authenticated', actions: ['takeCredentials', 'forgetPin'] },\n      },\n      after",
    replace:
      "        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },\n      },\n      after",
    namedIn: 'test/engine/shared-credentials.test.ts',
  },
];
