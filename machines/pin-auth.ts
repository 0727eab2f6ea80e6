/**
 * Plex sign-in as one statechart. The chart decides everything the sign-in does; `provide` supplies how it is done.
 *
 * The chart owns no clock, no network and no store. Time enters as data: each answer says when it arrived (`atMs`), and
 * from that the chart computes the one wait that follows. The file can be opened in Stately as it is.
 */
import { assign, fromPromise, setup } from 'xstate';
import type { PlexAuthError } from '../src/errors.ts';
import type { Credentials, PendingReading, Pin, PinReading } from '../src/pin.ts';
import type { Wait } from '../src/polling.ts';

export type { Credentials, PendingReading, Pin, PinReading } from '../src/pin.ts';

/** The events from outside. All are imperatives but the last two, which report what happened elsewhere. */
export type PinAuthEvent =
  /** Start a sign-in. */
  | ({ type: 'START' } & PinAuthLimit)
  /** Resume with a stored PIN. If Plex no longer knows it, a `START` that came meanwhile gets a new one. */
  | ({ type: 'RESUME'; pin: Pin } & PinAuthLimit)
  /** Restore credentials: stored ones, another tab's, or a late token. Ignored while others are held. */
  | { type: 'RESTORE'; credentials: Credentials }
  /** A hint: now is a good moment to ask. */
  | { type: 'CHECK' }
  | { type: 'CANCEL' }
  | { type: 'SIGN_OUT' }
  /** Plex refused the token. */
  | { type: 'REJECTED' }
  /** The host's store failed. The sign-in continues without it. */
  | { type: 'STORE_FAILED'; error: PlexAuthError };

/** How long the sign-in may take. */
export interface PinAuthLimit {
  /** When the event was sent, in milliseconds since the epoch. Default: the time of the first request does not count. */
  atMs?: number | undefined;
  /** The caller's limit, in milliseconds. Default: only the PIN's life counts. */
  giveUpAfterMs?: number | undefined;
}

/** What differs from one sign-in to the next. */
export interface PinAuthInput {
  /** Whatever the provided actors and actions need. The chart passes it on and never looks inside. */
  host?: object | undefined;
  /** How many times an expired PIN is replaced automatically. Default 0. */
  renewals?: number | undefined;
  /** When to ask next. Default: every 1000 ms, or when Plex allows it. */
  nextDelayMs?: ((wait: Wait) => number) | undefined;
}

/** The chart's memory. */
export interface PinAuthContext {
  readonly host: object | undefined;
  readonly renewals: number;
  readonly nextDelayMs: ((wait: Wait) => number) | undefined;
  readonly renewalsLeft: number;
  /** The caller's limit, to be compared with `spentMs`. */
  readonly giveUpAfterMs: number | undefined;
  /** How long the sign-in has taken, renewals included. Measured by its own waits, since a clock can be set. */
  readonly spentMs: number;
  readonly pin: Pin | undefined;
  /** What `spentMs` was when the PIN arrived. */
  readonly pinAtSpentMs: number;
  /** The PIN's deadline by Plex's own count of what is left. */
  readonly expiresAtMs: number;
  /** Whether the PIN was resumed, after a reload or a sleep, and no answer has shown yet that Plex knows it. */
  readonly isResumed: boolean;
  /** Whether a `START` came while that is open. */
  readonly isStartPending: boolean;
  /** Requests that failed one after another. */
  readonly failures: number;
  /** When the last answer or error arrived; 0 if none has. */
  readonly atMs: number;
  /** How long the wait since then lasts. */
  readonly waitMs: number;
  /** Whether Plex asked for that wait: then no `CHECK` may cut it short. */
  readonly isWaitFixed: boolean;
  /** Whether a `CHECK` came that no request has followed yet. */
  readonly isCheckPending: boolean;
  /** Requests that were sent at once because of a `CHECK`, since the last one that waited its full time. */
  readonly promptChecks: number;
  readonly credentials: Credentials | undefined;
  /** The last error that may pass. Forgotten at the next answer. */
  readonly lastError: PlexAuthError | undefined;
  /** Why `failed`. */
  readonly error: PlexAuthError | undefined;
  /** Why `expired` or `idle`. */
  readonly reason: 'pin' | 'limit' | 'token' | 'cancelled' | 'signedOut' | undefined;
}

/** A PIN that Plex does not know this long before its deadline has not expired: another client made it. */
const MISMATCH_MARGIN_MS = 30_000;
/** How far past the PIN's life (without a PIN: past now) a `Retry-After` may reach. A longer one ends the sign-in. */
const LONGEST_THROTTLE_MS = 60_000;
/** The wait when Plex throttles without a `Retry-After`: the step of OAuth's `slow_down` (RFC 8628, 3.5). */
const THROTTLE_MS = 5000;
/** After this many failed requests for a PIN in a row, the sign-in fails. */
const MOST_PIN_REQUESTS = 6;
/** But not before this time: a rain of `CHECK`s during a short outage does not use up the attempts. */
const LEAST_PIN_REQUESTS_MS = 5000;
/** After this many failed reads in a row, a sign-in past its deadline ends. */
const MOST_LATE_FAILURES = 3;
/** A read goes out this long before the deadline, whatever the pace: at the deadline Plex may have forgotten the PIN. */
const LAST_READ_MS = 1000;
/** By how much a timer may fire early, as the clock measures it. */
const TIMER_TOLERANCE_MS = 5;
/** Plex counts in whole seconds, so a deadline that moves by less than this has not moved. */
const COUNT_TOLERANCE_MS = 2000;
/** What the clock says of a request beyond this is a sleep, or the clock was set. */
const LONGEST_REQUEST_MS = 60_000;
/** This many `CHECK`s in a row are answered at once. */
const MOST_PROMPT_CHECKS = 3;
/** How long any further `CHECK` waits after an answer. */
const CHECK_PACE_MS = 500;
/** The longest delay that a JavaScript timer supports. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;
/** The wait of a host without a policy, or whose policy returned no number. */
const DEFAULT_DELAY_MS = 1000;

/** A sign-in about which nothing is known yet. */
const freshFlow = {
  pin: undefined,
  pinAtSpentMs: 0,
  expiresAtMs: 0,
  isResumed: false,
  isStartPending: false,
  failures: 0,
  atMs: 0,
  waitMs: 0,
  isWaitFixed: false,
  isCheckPending: false,
  promptChecks: 0,
  credentials: undefined,
  lastError: undefined,
  error: undefined,
  reason: undefined,
} as const;

export const pinAuthMachine = setup({
  types: {
    context: {} as PinAuthContext,
    events: {} as PinAuthEvent,
    input: {} as PinAuthInput,
  },
  actors: {
    getPin: fromPromise<Pin, { host: object | undefined }>(notProvided),
    getToken: fromPromise<PinReading, { host: object | undefined; pin: Pin; isHinted: boolean }>(notProvided),
    signOut: fromPromise<unknown, { host: object | undefined; credentials: Credentials }>(notProvided),
  },
  delays: {
    pollDelay: ({ context }) => context.waitMs,
    retryDelay: ({ context }) => context.waitMs,
  },
  guards: {
    isClaimed: ({ event }) => readingIn(event).status === 'claimed',
    isGone: ({ event }) => readingIn(event).status === 'gone',
    isGoneEarly: ({ context, event }) =>
      // If the clock was set back since the last answer, its time does not say how early this is.
      readingIn(event).status === 'gone' &&
      !context.isResumed &&
      Math.max(readingIn(event).atMs, context.atMs) < context.expiresAtMs - MISMATCH_MARGIN_MS,
    isPastDeadline: ({ context, event }) => isFinalReading(context, pendingIn(event)),
    isCheckPending: ({ context }) => context.isCheckPending && mayAskNow(context),
    mayAskNow: ({ context }) => mayAskNow(context),
    mayAskSoon: ({ context }) => !context.isWaitFixed && !context.isCheckPending,
    isResumed: ({ context }) => context.isResumed,
    isPermanent: ({ context, event }) =>
      !errorIn(event).retryable || isThrottledTooLong(context, errorIn(event)),
    isOutOfAttempts: ({ context, event }) =>
      context.failures + 1 >= MOST_PIN_REQUESTS &&
      afterTime(context, errorIn(event).atMs).spentMs >= LEAST_PIN_REQUESTS_MS,
    hasLostPlexAtDeadline: ({ context, event }) =>
      leftMs(afterTime(context, errorIn(event).atMs)) <= 0 && context.failures + 1 >= MOST_LATE_FAILURES,
    isPastLimit: ({ context }) => limitLeftMs(context) <= context.waitMs,
    hasRenewals: ({ context }) => canRenew(context),
    // Plex asked to wait, and a new PIN counts as a request like any other.
    hasDelayedRenewals: ({ context }) => canRenew(context) && context.isWaitFixed,
  },
  actions: {
    // The host's stores. Without them these do nothing.
    keepPin: (_, _given: { pin: Pin }) => {},
    forgetPin: () => {},
    keepCredentials: (_, _given: { credentials: Credentials }) => {},
    forgetCredentials: (_, _given: { credentials: Credentials }) => {},
    begin: assign(({ context, event }) => ({
      ...freshFlow,
      renewalsLeft: context.renewals,
      spentMs: 0,
      giveUpAfterMs: (event as EventPayload).giveUpAfterMs,
      atMs: (event as EventPayload).atMs ?? 0,
    })),
    renew: assign(({ context: { renewalsLeft, isStartPending, lastError, atMs, waitMs, isWaitFixed } }) => ({
      ...freshFlow,
      renewalsLeft: isStartPending ? renewalsLeft : renewalsLeft - 1,
      atMs,
      ...(isWaitFixed && { lastError, waitMs, isWaitFixed }),
    })),
    takePin: assign(({ context, event }) => withPin(context, (event as EventPayload).output as Pin)),
    takeResumedPin: assign(({ context, event }) =>
      withResumedPin(context, (event as EventPayload).pin as Pin),
    ),
    rememberStart: assign({ isStartPending: true }),
    takeCredentials: assign(({ context, event }) => ({
      ...freshFlow,
      credentials: credentialsIn(event, context),
    })),
    rememberCheck: assign({ isCheckPending: true }),
    forgetCheck: assign({ isCheckPending: false }),
    countCheck: assign(({ context }) => ({ promptChecks: context.promptChecks + 1 })),
    // A wait that ran its full time makes room for `CHECK`s again; one that a `CHECK` cut does not.
    countWait: assign(({ context }) => ({ promptChecks: context.isCheckPending ? context.promptChecks : 0 })),
    hasten: assign(({ context }) => hastened({ ...context, isCheckPending: true })),
    notePending: assign(({ context, event }) => afterPending(context, pendingIn(event))),
    noteError: assign(({ context, event }) => afterError(context, errorIn(event))),
    noteLastError: assign(({ event }) => ({ lastError: errorIn(event) })),
    noteFailure: assign(({ event }) => ({ ...freshFlow, error: errorIn(event) })),
    noteGone: assign(({ context, event }) => afterTime(context, readingIn(event).atMs)),
    noteExpiry: assign(({ context, event }) => ({
      reason: limitLeftMs(context) > TIMER_TOLERANCE_MS ? 'pin' : 'limit',
      isWaitFixed: context.isWaitFixed && !readingIn(event),
    })),
    noteLimit: assign({ reason: 'limit' }),
    noteRejection: assign({ ...freshFlow, reason: 'token' }),
    noteCancel: assign({ ...freshFlow, reason: 'cancelled' }),
    noteSignOut: assign({ ...freshFlow, reason: 'signedOut' }),
  },
}).createMachine({
  id: 'pinAuth',
  description: 'Signs a user in with a Plex PIN.',
  context: ({ input }) => ({
    // Stately's simulator gives no input at all.
    host: input?.host,
    renewals: input?.renewals ?? 0,
    nextDelayMs: input?.nextDelayMs,
    renewalsLeft: 0,
    giveUpAfterMs: undefined,
    spentMs: 0,
    ...freshFlow,
  }),
  initial: 'idle',
  on: {
    STORE_FAILED: { actions: 'noteLastError' },
  },
  states: {
    idle: {
      description: 'Nothing runs.',
      on: {
        START: { target: 'requestingPin', actions: 'begin' },
        RESUME: {
          target: 'fetchingToken',
          actions: ['begin', 'takeResumedPin'],
        },
        RESTORE: {
          target: 'authenticated',
          actions: 'takeCredentials',
        },
      },
    },
    requestingPin: {
      description: 'Plex is asked for a PIN, or will be asked again after an error.',
      initial: 'asking',
      on: {
        CANCEL: { target: 'idle', actions: 'noteCancel' },
        RESTORE: { target: 'authenticated', actions: 'takeCredentials' },
      },
      states: {
        asking: {
          description: 'One getPin is in flight.',
          entry: 'forgetCheck',
          invoke: {
            id: 'getPin',
            src: 'getPin',
            input: ({ context }) => ({ host: context.host }),
            onDone: {
              target: '#pinAuth.awaitingLink',
              actions: ['takePin', { type: 'keepPin', params: ({ context }) => heldPin(context) }],
            },
            onError: [
              {
                guard: 'isPermanent',
                target: '#pinAuth.failed',
                actions: 'noteFailure',
              },
              {
                guard: 'isOutOfAttempts',
                target: '#pinAuth.failed',
                actions: 'noteFailure',
              },
              {
                target: 'backingOff',
                actions: 'noteError',
              },
            ],
          },
        },
        backingOff: {
          description: 'The last getPin failed; the next one waits.',
          on: {
            CHECK: [
              { guard: 'mayAskNow', target: 'asking', actions: 'countCheck' },
              { guard: 'mayAskSoon', target: 'backingOff', reenter: true, actions: 'hasten' },
            ],
          },
          after: {
            retryDelay: [
              { guard: 'isPastLimit', target: '#pinAuth.expired', actions: 'noteLimit' },
              { target: 'asking', actions: 'countWait' },
            ],
          },
        },
      },
    },
    awaitingLink: {
      description: 'The user has the code; no request is in flight.',
      on: {
        CHECK: [
          { guard: 'mayAskNow', target: 'fetchingToken', actions: 'countCheck' },
          { guard: 'mayAskSoon', target: 'awaitingLink', reenter: true, actions: 'hasten' },
        ],
        START: { guard: 'isResumed', actions: 'rememberStart' },
        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },
        RESTORE: { target: 'authenticated', actions: ['takeCredentials', 'forgetPin'] },
      },
      after: {
        pollDelay: { target: 'fetchingToken', actions: 'countWait' },
      },
    },
    fetchingToken: {
      description: 'One getToken is in flight, never two; no deadline aborts it.',
      entry: 'forgetCheck',
      on: {
        CHECK: { actions: 'rememberCheck' },
        START: { guard: 'isResumed', actions: 'rememberStart' },
        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },
        RESTORE: { target: 'authenticated', actions: ['takeCredentials', 'forgetPin'] },
      },
      invoke: {
        id: 'getToken',
        src: 'getToken',
        input: ({ context }) => ({
          host: context.host,
          ...heldPin(context),
          // A resumed PIN is one whose user has just opened the page again.
          isHinted: context.promptChecks > 0 || context.isResumed,
        }),
        onDone: [
          {
            guard: 'isClaimed',
            target: 'authenticated',
            actions: [
              'takeCredentials',
              { type: 'keepCredentials', params: ({ context }) => heldCredentials(context) },
              'forgetPin',
            ],
          },
          {
            guard: 'isGoneEarly',
            target: 'failed',
            actions: ['noteFailure', 'forgetPin'],
          },
          {
            guard: 'isGone',
            target: 'expired',
            actions: ['noteGone', 'noteExpiry', 'forgetPin'],
          },
          {
            guard: 'isPastDeadline',
            target: 'expired',
            actions: ['notePending', 'noteExpiry', 'forgetPin'],
          },
          {
            guard: 'isCheckPending',
            target: 'fetchingToken',
            reenter: true,
            actions: ['notePending', 'countCheck'],
          },
          {
            target: 'awaitingLink',
            actions: 'notePending',
          },
        ],
        onError: [
          {
            guard: 'isPermanent',
            target: 'failed',
            actions: ['noteFailure', 'forgetPin'],
          },
          {
            guard: 'hasLostPlexAtDeadline',
            target: 'expired',
            actions: ['noteError', 'noteExpiry', 'forgetPin'],
          },
          {
            target: 'awaitingLink',
            actions: 'noteError',
          },
        ],
      },
    },
    authenticated: {
      description: 'The user is signed in.',
      on: {
        SIGN_OUT: {
          target: 'signingOut',
          actions: { type: 'forgetCredentials', params: ({ context }) => heldCredentials(context) },
        },
        REJECTED: {
          target: 'expired',
          actions: [
            { type: 'forgetCredentials', params: ({ context }) => heldCredentials(context) },
            'noteRejection',
          ],
        },
      },
    },
    expired: {
      description: 'Over: the PIN, the limit or the token has expired.',
      always: [
        { guard: 'hasDelayedRenewals', target: '#pinAuth.requestingPin.backingOff', actions: 'renew' },
        { guard: 'hasRenewals', target: 'requestingPin', actions: 'renew' },
      ],
      on: {
        START: { target: 'requestingPin', actions: 'begin' },
        RESTORE: { target: 'authenticated', actions: 'takeCredentials' },
      },
    },
    failed: {
      description: 'Over: an error that a retry does not fix.',
      on: {
        START: { target: 'requestingPin', actions: 'begin' },
        RESTORE: { target: 'authenticated', actions: 'takeCredentials' },
      },
    },
    signingOut: {
      description: 'Plex is asked to revoke the token, which is forgotten here already.',
      on: {
        CANCEL: { target: 'idle', actions: 'noteSignOut' },
      },
      invoke: {
        id: 'signOut',
        src: 'signOut',
        input: ({ context }) => ({ host: context.host, ...heldCredentials(context) }),
        onDone: { target: 'idle', actions: 'noteSignOut' },
        onError: {
          target: 'idle',
          actions: ['noteSignOut', 'noteLastError'],
        },
      },
    },
  },
});

/** What an event can carry. It includes the results of invoked actors, which XState types as unknown. */
interface EventPayload extends PinAuthLimit {
  readonly output?: unknown;
  readonly error?: unknown;
  readonly pin?: Pin;
  readonly credentials?: Credentials;
}

function readingIn(event: object): PinReading {
  return (event as EventPayload).output as PinReading;
}

/** The only kind of reading left, once `isClaimed` and `isGone` are false. */
function pendingIn(event: object): PendingReading {
  return readingIn(event) as PendingReading;
}

function credentialsIn(event: object, { pin }: PinAuthContext): Credentials {
  const { credentials, output } = event as EventPayload;
  const { token } = (output ?? {}) as Credentials;
  return credentials ?? { token, clientIdentifier: (pin as Pin).clientIdentifier };
}

/** What is there whenever a request or a store is given it. */
function heldPin({ pin }: PinAuthContext): { pin: Pin } {
  return { pin: pin as Pin };
}

function heldCredentials({ credentials }: PinAuthContext): { credentials: Credentials } {
  return { credentials: credentials as Credentials };
}

/** An actor may throw anything. What is no `PlexAuthError` has no `retryable`, and so counts as permanent. */
function errorIn(event: object): PlexAuthError {
  const { output, error = (output as { error?: unknown })?.error } = event as EventPayload;
  return (Object(error) === error ? error : new Error(String(error))) as PlexAuthError;
}

function canRenew({ reason, renewalsLeft, isStartPending }: PinAuthContext): boolean {
  return reason === 'pin' && (renewalsLeft > 0 || isStartPending);
}

function mayAskNow({ isWaitFixed, promptChecks }: PinAuthContext): boolean {
  return !isWaitFixed && promptChecks < MOST_PROMPT_CHECKS;
}

/** How much of the caller's limit is left. */
function limitLeftMs({ giveUpAfterMs = Infinity, spentMs }: PinAuthContext): number {
  return giveUpAfterMs - spentMs;
}

/** How much of the PIN's life our own waits have left. */
function ownLeftMs({ pin, spentMs, pinAtSpentMs }: PinAuthContext): number {
  return pin ? pin.expiresInMs - (spentMs - pinAtSpentMs) : Infinity;
}

/** How much is left at the last answer, until the PIN or the caller's limit ends. */
function leftMs(context: PinAuthContext): number {
  const pinLeftMs = context.pin ? context.expiresAtMs - context.atMs : Infinity;
  return Math.min(pinLeftMs, ownLeftMs(context), limitLeftMs(context));
}

/** Only a read that began at the deadline is the final one: an earlier answer may be older than the deadline. */
function isFinalReading(context: PinAuthContext, reading: PendingReading): boolean {
  const { atMs } = reading;
  const tookMs = between(0, reading.tookMs, LONGEST_REQUEST_MS);
  const after = afterReading(context, reading);
  const beganMs = atMs - tookMs + TIMER_TOLERANCE_MS;
  const isLastOfPin = beganMs >= context.expiresAtMs && atMs >= after.expiresAtMs;
  return isLastOfPin || Math.min(ownLeftMs(after), limitLeftMs(after)) + tookMs <= TIMER_TOLERANCE_MS;
}

function withPin(context: PinAuthContext, pin: Pin): PinAuthContext {
  const { spentMs } = afterTime(context, pin.atMs);
  return withNextWait({
    ...withResumedPin({ ...context, spentMs, atMs: pin.atMs }, pin),
    isResumed: isAfterSleep(requestMs(context, pin.atMs)),
  });
}

function withResumedPin(context: PinAuthContext, pin: Pin): PinAuthContext {
  const { atMs, spentMs } = context;
  // A PIN from the future was stored by a clock that was ahead.
  const expiresAtMs = Math.min(pin.atMs, atMs || pin.atMs) + pin.expiresInMs;
  return { ...context, ...freshFlow, pin, expiresAtMs, atMs, pinAtSpentMs: spentMs, isResumed: true };
}

function afterPending(context: PinAuthContext, reading: PendingReading): PinAuthContext {
  const after = afterReading(context, reading);
  // What a wire measures may stand still in a sleep.
  const isResumed = isAfterSleep(Math.max(reading.tookMs, requestMs(context, reading.atMs)));
  return withNextWait(
    { ...after, failures: 0, lastError: undefined, isResumed, isStartPending: false },
    reading.tookMs,
  );
}

function afterError(context: PinAuthContext, error: PlexAuthError): PinAuthContext {
  const after = afterTime(context, error.atMs);
  return withNextWait({ ...after, failures: context.failures + 1, lastError: error }, 0, throttleMs(error));
}

/**
 * Sets the one wait that follows, by the host's policy. The deadline cuts it short, unless Plex asked for more. Past the
 * deadline, a PIN's last reads keep their pace, and no new PIN is requested.
 */
function withNextWait(context: PinAuthContext, tookMs = 0, retryAfterMs = 0): PinAuthContext {
  const { failures, pin, atMs, isCheckPending } = context;
  const waitedMs = Math.max(0, atMs - (pin?.atMs ?? atMs));
  const policyMs = context.nextDelayMs?.({ failures, retryAfterMs, tookMs, waitedMs }) ?? 0;
  const delayMs = Math.max(policyMs > 0 ? Math.ceil(policyMs) : DEFAULT_DELAY_MS, retryAfterMs);
  const endMs = leftMs(context);
  const lastReadMs = endMs >= 2 * LAST_READ_MS ? endMs - LAST_READ_MS : endMs;
  const mostMs = pin && lastReadMs <= 0 ? Infinity : Math.max(0, lastReadMs, retryAfterMs);
  const waitMs = Math.min(delayMs, mostMs, LONGEST_DELAY_MS);
  const next = { ...context, waitMs: waitMs >= 0 ? waitMs : DEFAULT_DELAY_MS, isWaitFixed: retryAfterMs > 0 };
  return isCheckPending && !next.isWaitFixed ? hastened(next) : next;
}

/** Cuts the wait short, because of a `CHECK` that is not the first. */
function hastened(context: PinAuthContext): PinAuthContext {
  return { ...context, waitMs: Math.min(context.waitMs, CHECK_PACE_MS) };
}

/**
 * Adds the time since the last answer: so every sign-in ends, whatever is answered and whatever the clock says.
 *
 * A timer has measured the wait, unless a `CHECK` cut it. The clock measures the request, as far as it can be believed.
 */
function afterTime(context: PinAuthContext, atMs: number, tookMs = requestMs(context, atMs)): PinAuthContext {
  const { waitMs, promptChecks } = context;
  const believedMs = between(0, tookMs, LONGEST_REQUEST_MS);
  const waitedMs = promptChecks === 0 ? waitMs : between(0, passedMs(context, atMs) - believedMs, waitMs);
  const spentMs = context.spentMs + waitedMs + believedMs;
  const after = { ...context, atMs, spentMs };
  return { ...after, expiresAtMs: toDeadlineMs(after, context.expiresAtMs - atMs) };
}

/** How long a request took, by the clock. */
function requestMs(context: PinAuthContext, atMs: number): number {
  return passedMs(context, atMs) - (context.promptChecks === 0 ? context.waitMs : 0);
}

function passedMs(context: PinAuthContext, atMs: number): number {
  return context.atMs > 0 ? atMs - context.atMs : 0;
}

/** Whether the device slept since the last answer: then Plex may have counted before the sleep what is heard after it. */
function isAfterSleep(tookMs: number): boolean {
  return tookMs > LONGEST_REQUEST_MS;
}

/**
 * Updates the deadline after a reading. Plex's own count outranks the local clock, which a sleep or a correction can move.
 */
function afterReading(
  context: PinAuthContext,
  { atMs, tookMs, expiresInMs }: PendingReading,
): PinAuthContext {
  const after = afterTime(context, atMs, tookMs);
  return { ...after, expiresAtMs: toDeadlineMs({ ...after, expiresAtMs: context.expiresAtMs }, expiresInMs) };
}

/** Says when the PIN ends, if this much is left by Plex's count: never later than our own waits leave room for. */
function toDeadlineMs(context: PinAuthContext, leftMs: number): number {
  const { atMs, expiresAtMs } = context;
  const nextMs = atMs + Math.min(leftMs, Math.max(0, context.pin ? ownLeftMs(context) : 0));
  const isMoved = Math.abs(nextMs - expiresAtMs) > COUNT_TOLERANCE_MS || atMs >= expiresAtMs;
  return isMoved ? nextMs : expiresAtMs;
}

/** What is no number counts as the least. */
function between(leastMs: number, ms: number, mostMs: number): number {
  return ms > leastMs ? Math.min(ms, mostMs) : leastMs;
}

function throttleMs(error: PlexAuthError): number {
  return error.retryAfterMs || (error.code === 'PLEX_RATE_LIMITED' ? THROTTLE_MS : 0);
}

function isThrottledTooLong(context: PinAuthContext, error: PlexAuthError): boolean {
  const after = afterTime(context, error.atMs);
  const lifeMs = after.pin ? Math.max(0, after.expiresAtMs - error.atMs) : 0;
  return throttleMs(error) > Math.max(0, Math.min(lifeMs + LONGEST_THROTTLE_MS, limitLeftMs(after)));
}

function notProvided(): Promise<never> {
  return Promise.reject(new Error('pinAuthMachine: supply getPin, getToken and signOut with provide()'));
}
