import { counted, inSeconds, timeLeft } from './format.ts';
import type { SignInState } from './sign-in-state.ts';

export type Tone = 'quiet' | 'busy' | 'good' | 'bad';

/** The state of a sign-in in words. */
export interface StatusText {
  readonly tone: Tone;
  readonly heading: string;
  readonly text: string;
  /** How long the code is still valid, and that as a share of its lifetime from 0 to 1. */
  readonly deadline: { readonly left: string; readonly share: number } | undefined;
  /** `next poll in 0.8 s`. */
  readonly wait: string | undefined;
  readonly notes: readonly string[];
}

const texts: Readonly<Record<string, readonly [Tone, string, string]>> = {
  idle: ['quiet', 'Ready', 'Nothing is running.'],
  'idle cancelled': ['quiet', 'Cancelled', 'Nothing is running.'],
  'idle signedOut': ['quiet', 'Signed out', 'Nothing is running.'],
  'requestingPin.asking': ['busy', 'Asking Plex for a code', 'One request is in progress.'],
  'requestingPin.backingOff': ['busy', 'No code yet', 'The next request follows after a pause.'],
  awaitingLink: ['busy', 'Waiting for approval', 'The user has the code. No request is in progress.'],
  fetchingToken: ['busy', 'Waiting for approval', 'Asking Plex whether the user approved.'],
  authenticated: ['good', 'Signed in', 'The app has a token. It is never shown here.'],
  'expired pin': ['bad', 'The code expired', 'Nobody approved in time.'],
  'expired limit': ['bad', 'The time limit passed', 'The application stopped waiting.'],
  'expired token': ['bad', 'The token was refused', 'Plex no longer accepts it.'],
  expired: ['bad', 'Expired', 'The code, the time limit or the token expired.'],
  failed: ['bad', 'Failed', 'Trying again would not help.'],
  signingOut: ['busy', 'Signing out', 'Asking Plex to revoke the token.'],
};

/** Describes what a sign-in is doing at a moment. */
export function statusOf(state: SignInState, nowMs: number): StatusText {
  const { chartState, expiresAtMs, giveUpAtMs, codeLifetimeMs, failures, renewals, renewalsLeft } = state;
  const [tone, heading, text] = describe(state);
  const leftMs = expiresAtMs - nowMs;
  const isTicking = isRunning(state);
  const error = chartState === 'failed' ? state.error : state.lastError;
  const notes = [
    failures > 0 && `${counted(failures, 'failure')} in a row`,
    isTicking && giveUpAtMs < Number.POSITIVE_INFINITY && `gives up in ${timeLeft(giveUpAtMs - nowMs)}`,
    isTicking && renewals > 0 && describeRenewals(renewalsLeft),
    // The longest one, so last: the others share rows.
    error && (chartState === 'failed' ? error : `last error ${error}`),
  ];
  return {
    tone,
    heading,
    text,
    deadline:
      isTicking && leftMs < Number.POSITIVE_INFINITY
        ? { left: timeLeft(leftMs), share: clamped(leftMs / Math.max(codeLifetimeMs, 1)) }
        : undefined,
    wait: describeWait(state, nowMs),
    notes: notes.filter((note) => typeof note === 'string'),
  };
}

/** Whether the status changes as time goes by, without any event. */
export function isRunning({ chartState, endedBy }: SignInState): boolean {
  return endedBy === undefined && /^(awaitingLink|fetchingToken|requestingPin\..*)$/.test(chartState);
}

function describe({ chartState, reason, endedBy }: SignInState): readonly [Tone, string, string] {
  const known = texts[`${chartState} ${reason}`] ??
    texts[chartState] ?? ['quiet', chartState, 'A state that this view does not know.'];
  if (!endedBy) return known;
  const [tone, heading] = known;
  const end = endedBy === 'engine' ? 'The engine was disposed of' : 'The program ended';
  return tone === 'busy'
    ? ['quiet', 'Stopped', `${end} in ${chartState}.`]
    : [tone, heading, `${end} after that.`];
}

/** What a screen reader announces. Polls do not change it. */
export function phaseOf(state: SignInState): string {
  return describe(state)[1];
}

function describeWait(state: SignInState, nowMs: number): string | undefined {
  const { chartState, isWaitFixed, waitEndsAtMs } = state;
  if (!isRunning(state)) return undefined;
  const left = inSeconds(waitEndsAtMs - nowMs);
  if (chartState === 'fetchingToken') return 'polling now';
  if (chartState === 'requestingPin.asking') return 'asking now';
  if (isWaitFixed) return `Plex asked to wait: ${left}`;
  return `next ${chartState === 'awaitingLink' ? 'poll' : 'try'} in ${left}`;
}

function describeRenewals(left: number): string {
  return left === Number.POSITIVE_INFINITY ? 'unlimited renewals' : `${counted(left, 'renewal')} left`;
}

/** How much of the wait for the next request has passed, from 0 to 1. Undefined if it is not waiting for one. */
export function waitShareOf(state: SignInState, nowMs: number): number | undefined {
  const { chartState, waitEndsAtMs, waitMs } = state;
  if (!isRunning(state) || !/(awaitingLink|backingOff)$/.test(chartState)) return undefined;
  return clamped(1 - Math.max(0, waitEndsAtMs - nowMs) / Math.max(1, waitMs));
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}
