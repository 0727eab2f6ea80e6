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
  /** Start a sign-in. `giveUpAtMs` is the caller's limit, in milliseconds since the epoch. Default: only the PIN's life counts. */
  | { type: 'START'; giveUpAtMs?: number | undefined }
  /** Resume with a stored PIN. */
  | { type: 'RESUME'; pin: Pin; giveUpAtMs?: number | undefined }
  /** Restore stored credentials. */
  | { type: 'RESTORE'; credentials: Credentials }
  /** A hint: now is a good moment to ask. */
  | { type: 'CHECK' }
  | { type: 'CANCEL' }
  | { type: 'SIGN_OUT' }
  /** Plex refused the token. */
  | { type: 'REJECTED' }
  /** The host's store failed. The sign-in continues without it. */
  | { type: 'STORE_FAILED'; error: PlexAuthError };

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
  readonly nextDelayMs: (wait: Wait) => number;
  readonly renewalsLeft: number;
  /** The caller's limit; `Infinity` without one. */
  readonly giveUpAtMs: number;
  readonly pin: Pin | undefined;
  /** The PIN's deadline by Plex's own count of what is left. */
  readonly expiresAtMs: number;
  /** The last count that Plex gave, in milliseconds. */
  readonly expiresInMs: number;
  /** Requests that failed one after another. */
  readonly failures: number;
  /** When the last answer or error arrived. */
  readonly atMs: number;
  /** How long the wait since then lasts. */
  readonly waitMs: number;
  /** Whether Plex asked for that wait: then no `CHECK` may cut it short. */
  readonly isWaitFixed: boolean;
  /** Whether a `CHECK` came during a request. */
  readonly isCheckPending: boolean;
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
/** After this many failed reads in a row, a sign-in past its deadline ends. */
const MOST_LATE_FAILURES = 3;
/** A read goes out this long before the deadline, whatever the pace: at the deadline Plex may have forgotten the PIN. */
const LAST_READ_MS = 1000;
/** By how much a timer may fire early, as the clock measures it. */
const TIMER_TOLERANCE_MS = 5;
/** Plex counts in whole seconds, so a deadline that moves by less than this has not moved. */
const COUNT_TOLERANCE_MS = 2000;
/** The longest delay that a JavaScript timer supports. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;
/** The wait of a host without a policy, or whose policy returned no number. */
const DEFAULT_DELAY_MS = 1000;

/** A sign-in about which nothing is known yet. */
const freshFlow = {
  pin: undefined,
  expiresAtMs: Infinity,
  expiresInMs: Infinity,
  failures: 0,
  atMs: 0,
  waitMs: 0,
  isWaitFixed: false,
  isCheckPending: false,
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
    getToken: fromPromise<PinReading, { host: object | undefined; pin: Pin | undefined }>(notProvided),
    signOut: fromPromise<unknown, { host: object | undefined; credentials: Credentials | undefined }>(
      notProvided,
    ),
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
      Math.max(readingIn(event).atMs, context.atMs) < context.expiresAtMs - MISMATCH_MARGIN_MS,
    isPastDeadline: ({ context, event }) => isFinalReading(context, pendingIn(event)),
    isCheckPending: ({ context }) => context.isCheckPending,
    mayAskNow: ({ context }) => !context.isWaitFixed,
    isPermanent: ({ context, event }) =>
      !errorIn(event).retryable || isThrottledTooLong(context, errorIn(event)),
    isOutOfAttempts: ({ context }) => context.failures + 1 >= MOST_PIN_REQUESTS,
    hasLostPlexAtDeadline: ({ context, event }) =>
      errorIn(event).atMs >= deadlineMs(context) && context.failures + 1 >= MOST_LATE_FAILURES,
    isPastLimit: ({ context }) => context.atMs + context.waitMs >= context.giveUpAtMs,
    hasRenewals: ({ context }) => canRenew(context),
    // Plex asked to wait, and a new PIN counts as a request like any other.
    hasDelayedRenewals: ({ context }) => canRenew(context) && context.isWaitFixed,
  },
  actions: {
    // The host's stores. Without them these do nothing.
    keepPin: () => {},
    forgetPin: () => {},
    keepCredentials: () => {},
    forgetCredentials: () => {},
    begin: assign(({ context, event }) => ({
      ...freshFlow,
      renewalsLeft: context.renewals,
      giveUpAtMs: (event as EventPayload).giveUpAtMs ?? Infinity,
    })),
    renew: assign(({ context: { renewalsLeft, lastError, atMs, waitMs, isWaitFixed } }) => ({
      ...freshFlow,
      renewalsLeft: renewalsLeft - 1,
      ...(isWaitFixed && { lastError, atMs, waitMs, isWaitFixed }),
    })),
    takePin: assign(({ context, event }) => withPin(context, pinIn(event))),
    takeCredentials: assign(({ context, event }) => ({
      ...freshFlow,
      credentials: credentialsIn(event, context),
    })),
    rememberCheck: assign({ isCheckPending: true }),
    forgetCheck: assign({ isCheckPending: false }),
    notePending: assign(({ context, event }) => afterPending(context, pendingIn(event))),
    noteError: assign(({ context, event }) => afterError(context, errorIn(event))),
    noteLastError: assign(({ event }) => ({ lastError: errorIn(event) })),
    noteFailure: assign(({ event }) => ({ ...freshFlow, error: errorIn(event) })),
    noteExpiry: assign(({ context, event }) => ({
      reason: (readingIn(event) ?? errorIn(event)).atMs < context.giveUpAtMs ? 'pin' : 'limit',
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
    nextDelayMs: input?.nextDelayMs ?? defaultDelayMs,
    renewalsLeft: 0,
    giveUpAtMs: Infinity,
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
          actions: ['begin', 'takePin'],
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
          invoke: {
            id: 'getPin',
            src: 'getPin',
            input: ({ context }) => ({ host: context.host }),
            onDone: {
              target: '#pinAuth.awaitingLink',
              actions: ['takePin', 'keepPin'],
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
            CHECK: { guard: 'mayAskNow', target: 'asking' },
          },
          after: {
            retryDelay: [
              { guard: 'isPastLimit', target: '#pinAuth.expired', actions: 'noteLimit' },
              { target: 'asking' },
            ],
          },
        },
      },
    },
    awaitingLink: {
      description: 'The user has the code; no request is in flight.',
      on: {
        CHECK: { guard: 'mayAskNow', target: 'fetchingToken' },
        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },
      },
      after: {
        pollDelay: { target: 'fetchingToken' },
      },
    },
    fetchingToken: {
      description: 'One getToken is in flight, never two; no deadline aborts it.',
      entry: 'forgetCheck',
      on: {
        CHECK: { actions: 'rememberCheck' },
        CANCEL: { target: 'idle', actions: ['noteCancel', 'forgetPin'] },
      },
      invoke: {
        id: 'getToken',
        src: 'getToken',
        input: ({ context }) => ({ host: context.host, pin: context.pin }),
        onDone: [
          {
            guard: 'isClaimed',
            target: 'authenticated',
            actions: ['takeCredentials', 'keepCredentials', 'forgetPin'],
          },
          {
            guard: 'isGoneEarly',
            target: 'failed',
            actions: ['noteFailure', 'forgetPin'],
          },
          {
            guard: 'isGone',
            target: 'expired',
            actions: ['noteExpiry', 'forgetPin'],
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
            actions: 'notePending',
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
        SIGN_OUT: { target: 'signingOut', actions: 'forgetCredentials' },
        REJECTED: { target: 'expired', actions: ['noteRejection', 'forgetCredentials'] },
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
        input: ({ context }) => ({ host: context.host, credentials: context.credentials }),
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
interface EventPayload {
  readonly output?: unknown;
  readonly error?: unknown;
  readonly giveUpAtMs?: number | undefined;
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

function pinIn(event: object): Pin {
  const { pin, output } = event as EventPayload;
  return pin ?? (output as Pin);
}

function credentialsIn(event: object, { pin }: PinAuthContext): Credentials {
  const { credentials, output } = event as EventPayload;
  const { token } = (output ?? {}) as Credentials;
  return credentials ?? { token, clientIdentifier: (pin as Pin).clientIdentifier };
}

/** An actor may throw anything. What is no `PlexAuthError` has no `retryable`, and so counts as permanent. */
function errorIn(event: object): PlexAuthError {
  const { output, error = (output as { error?: unknown })?.error } = event as EventPayload;
  return (Object(error) === error ? error : new Error(String(error))) as PlexAuthError;
}

function canRenew({ reason, renewalsLeft }: PinAuthContext): boolean {
  return reason === 'pin' && renewalsLeft > 0;
}

function deadlineMs({ expiresAtMs, giveUpAtMs }: PinAuthContext): number {
  return Math.min(expiresAtMs, giveUpAtMs);
}

/** Only a read that began at the deadline is the final one: an earlier answer may be older than the deadline. */
function isFinalReading(context: PinAuthContext, reading: PendingReading): boolean {
  const { atMs, tookMs } = reading;
  return (
    atMs - tookMs + TIMER_TOLERANCE_MS >= deadlineMs(context) &&
    atMs >= deadlineMs(withUpdatedDeadline(context, reading))
  );
}

function withPin(context: PinAuthContext, pin: Pin): PinAuthContext {
  const { atMs, expiresInMs } = pin;
  return withNextWait({ ...context, ...freshFlow, pin, expiresInMs, expiresAtMs: atMs + expiresInMs }, atMs);
}

function afterPending(context: PinAuthContext, reading: PendingReading): PinAuthContext {
  const { atMs, tookMs } = reading;
  return withNextWait(
    { ...withUpdatedDeadline(context, reading), failures: 0, lastError: undefined },
    atMs,
    tookMs,
  );
}

function afterError(context: PinAuthContext, error: PlexAuthError): PinAuthContext {
  return withNextWait(
    { ...context, failures: context.failures + 1, lastError: error },
    error.atMs,
    0,
    throttleMs(error),
  );
}

/**
 * Sets the one wait that follows, by the host's policy. The deadline cuts it short, unless Plex asked for more. Past the
 * deadline, a PIN's last reads keep their pace, and no new PIN is requested.
 */
function withNextWait(context: PinAuthContext, atMs: number, tookMs = 0, retryAfterMs = 0): PinAuthContext {
  const { failures, pin } = context;
  const waitedMs = Math.max(0, atMs - (pin?.atMs ?? atMs));
  const policyMs = context.nextDelayMs({ failures, retryAfterMs, tookMs, waitedMs });
  const delayMs = Math.max(policyMs > 0 ? Math.ceil(policyMs) : DEFAULT_DELAY_MS, retryAfterMs);
  const endMs = deadlineMs(context) - atMs;
  const leftMs = endMs >= 2 * LAST_READ_MS ? endMs - LAST_READ_MS : endMs;
  const mostMs = retryAfterMs > 0 || (pin && leftMs <= 0) ? Infinity : Math.max(0, leftMs);
  const waitMs = Math.min(delayMs, mostMs, LONGEST_DELAY_MS);
  return { ...context, atMs, waitMs, isWaitFixed: retryAfterMs > 0 };
}

/**
 * Updates the deadline after a reading. Plex's own count outranks the local clock, which a sleep or a correction can move.
 * Only a count that goes down is believed, so that no server can keep a sign-in waiting forever. A count that stood still
 * is believed once if the local clock moved further than the wait: the clock was set, else the count would be lower.
 */
function withUpdatedDeadline(context: PinAuthContext, { atMs, expiresInMs }: PendingReading): PinAuthContext {
  if (expiresInMs > context.expiresInMs) return context;
  const isStill = expiresInMs === context.expiresInMs;
  if (isStill && atMs - context.atMs - context.waitMs <= COUNT_TOLERANCE_MS) return context;
  const countedMs = atMs + expiresInMs;
  const isMoved =
    Math.abs(countedMs - context.expiresAtMs) > COUNT_TOLERANCE_MS || atMs >= context.expiresAtMs;
  return {
    ...context,
    expiresInMs: isStill ? expiresInMs - 1 : expiresInMs,
    expiresAtMs: isMoved ? countedMs : context.expiresAtMs,
  };
}

function throttleMs(error: PlexAuthError): number {
  return error.retryAfterMs || (error.code === 'PLEX_RATE_LIMITED' ? THROTTLE_MS : 0);
}

function isThrottledTooLong(context: PinAuthContext, error: PlexAuthError): boolean {
  const lifeMs = context.pin ? Math.max(context.expiresAtMs, error.atMs) : error.atMs;
  const untilMs = Math.min(lifeMs + LONGEST_THROTTLE_MS, context.giveUpAtMs);
  return throttleMs(error) > 0 && error.atMs + throttleMs(error) > untilMs;
}

function defaultDelayMs(): number {
  return DEFAULT_DELAY_MS;
}

function notProvided(): Promise<never> {
  return Promise.reject(new Error('pinAuthMachine: supply getPin, getToken and signOut with provide()'));
}
