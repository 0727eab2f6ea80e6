import { initialTransition, type SnapshotFrom } from 'xstate';
import type { PinAuthEvent, pinAuthMachine } from '../../machines/pin-auth.ts';
import type { PlexAuthError } from '../../src/errors.ts';
import type { Pin } from '../../src/pin.ts';
import { Secret } from '../../src/secret.ts';
import { type Budget, policyOf, type Scenario } from './scenario.ts';

/** The chart to be searched: the real one, or one with a planted flaw. */
export type Chart = typeof pinAuthMachine;
export type ChartSnapshot = SnapshotFrom<Chart>;
/** An event from outside, or one that XState makes: a timer's, or the end of an actor. */
export type ChartEvent = PinAuthEvent | { readonly type: `xstate.${string}` };

/** Everything that decides what can happen next. A world never changes; a move leads to another one. */
export interface World {
  readonly snapshot: ChartSnapshot;
  /** More than one is a flaw, and so is more than one request. */
  readonly timers: readonly Timer[];
  readonly requests: readonly Request[];
  /** A read that the chart no longer waits for, and Plex may still answer. */
  readonly lateRead: { readonly hasToken: boolean } | undefined;
  readonly plexPin: PlexPin | undefined;
  readonly stored: { readonly pin: boolean; readonly credentials: boolean };
  readonly budget: Budget;
  readonly past: Past;
}

export interface Timer {
  readonly id: string;
  readonly eventType: `xstate.${string}`;
  readonly leftMs: number;
}

export interface Request {
  readonly operation: string;
  readonly ageMs: number;
  /** Whether the user approved since it was sent: then Plex may still answer "not yet". */
  readonly wasApprovedSince: boolean;
  /** The PIN that it asks for. */
  readonly pinID: Pin['pinID'] | undefined;
}

/** A PIN as Plex knows it. */
export interface PlexPin {
  /** Until its end. Below zero afterwards. */
  readonly leftMs: number;
  readonly approval: Approval | undefined;
  /** Whether its token was handed out. */
  readonly isGiven: boolean;
  /** Whether Plex denies that it exists, before its end. */
  readonly isUnknown: boolean;
}

interface Approval {
  /** What the PIN had left when the user approved. */
  readonly leftMs: number;
  /** Whether all went well since: no error, no odd count, no change of the clock, no slow answer. */
  readonly isCalm: boolean;
}

/** What happened before, as far as a rule needs it. */
export interface Past {
  /** The token that the chart must hold. */
  readonly token: TokenName | undefined;
  /** Requests that failed one after another. */
  readonly failures: number;
  readonly lastError: PlexAuthError | undefined;
  /** The last count that Plex gave, in milliseconds. */
  readonly countMs: number;
  /** How long the PIN has been here, by timers: without the time that they slept. */
  readonly pinAgeMs: number;
  /** How long the sign-in has taken, by timers. Counted only where the caller set a limit. */
  readonly flowAgeMs: number;
  /** How long Plex still forbids requests. */
  readonly throttledMs: number;
  /** Whether the last answer was that Plex throttles. */
  readonly isWaitThrottled: boolean;
  /** How long no request has been in flight, up to the pace of a `CHECK`. */
  readonly quietMs: number;
  /** Requests in a row that a `CHECK` brought sooner than that after an answer. */
  readonly promptRequests: number;
  /** Whether a `CHECK` came that no request has followed yet. */
  readonly isCheckDue: boolean;
  /** PINs of this sign-in, and how many it may have. */
  readonly pins: number;
  readonly mostPins: number;
  /** Whether the PIN was stored, and Plex has not shown yet that it knows it. */
  readonly isResumed: boolean;
  /** Whether a `START` came while that is open. */
  readonly isStartDue: boolean;
  /** Whether the clock or a count has said something wrong in this sign-in. */
  readonly isTimeOdd: boolean;
  /** Whether the clock changed while a request was in flight: the chart can only ask the clock how long that took. */
  readonly isRequestTimeOdd: boolean;
}

export type TokenName = 'answered' | 'late' | 'restored';

/** The clock always shows this. When time passes, all other times move back: so worlds that differ only in the date are one. */
export const nowMs = 1_700_000_000_000;
export const clientIdentifier = 'client';
export const tokens: Record<TokenName, Secret> = {
  answered: new Secret('answered'),
  late: new Secret('late'),
  restored: new Secret('restored'),
};

export const freshPast: Past = {
  token: undefined,
  failures: 0,
  lastError: undefined,
  countMs: 0,
  pinAgeMs: 0,
  flowAgeMs: 0,
  throttledMs: 0,
  isWaitThrottled: false,
  quietMs: 0,
  promptRequests: 0,
  isCheckDue: false,
  pins: 0,
  mostPins: 0,
  isResumed: false,
  isStartDue: false,
  isTimeOdd: false,
  isRequestTimeOdd: false,
};

export function createWorld(machine: Chart, scenario: Scenario): World {
  const [snapshot] = initialTransition(machine, {
    renewals: scenario.renewals,
    nextDelayMs: policyOf(scenario),
  });
  return {
    snapshot,
    timers: [],
    requests: [],
    lateRead: undefined,
    plexPin: undefined,
    stored: { pin: scenario.isResumed, credentials: false },
    budget: scenario.budget,
    past: freshPast,
  };
}

/** The state by its last name: `asking` and `backingOff` are the two halves of `requestingPin`. */
export type StateName =
  | 'idle'
  | 'asking'
  | 'backingOff'
  | 'awaitingLink'
  | 'fetchingToken'
  | 'authenticated'
  | 'expired'
  | 'failed'
  | 'signingOut';

export function stateOf({ snapshot: { value } }: World): StateName {
  return typeof value === 'string' ? value : value.requestingPin;
}

/** Whether a sign-in runs. */
export function isRunning(world: World): boolean {
  return ['asking', 'backingOff', 'awaitingLink', 'fetchingToken'].includes(stateOf(world));
}

/** Whether nothing happens by itself any more. */
export function isOver(world: World): boolean {
  return !isRunning(world) && stateOf(world) !== 'signingOut';
}

/** Whether Plex answers a read with the token. */
export function canGiveToken({ approval, isGiven, isUnknown, leftMs }: PlexPin): boolean {
  return approval !== undefined && !isGiven && !isUnknown && leftMs > 0;
}
