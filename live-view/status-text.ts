import type { SignInFacts } from './facts.ts';
import { counted, inSeconds, timeLeft } from './words.ts';

/** How a state is to be taken. */
export type Tone = 'quiet' | 'busy' | 'good' | 'bad';

/** Where a sign-in stands, for people. */
export interface StatusText {
  readonly tone: Tone;
  readonly heading: string;
  readonly text: string;
  /** What is left of the code's life, and the share of it from 0 to 1. */
  readonly deadline: { readonly left: string; readonly share: number } | undefined;
  /** `next poll in 0.8 s`. */
  readonly wait: string | undefined;
  readonly notes: readonly string[];
}

const words: Readonly<Record<string, readonly [Tone, string, string]>> = {
  idle: ['quiet', 'Ready', 'Nothing runs.'],
  'idle cancelled': ['quiet', 'Cancelled', 'Nothing runs.'],
  'idle signedOut': ['quiet', 'Signed out', 'Nothing runs.'],
  'requestingPin.asking': ['busy', 'Asking Plex for a code', 'One request is out.'],
  'requestingPin.backingOff': ['busy', 'No code yet', 'Plex is asked again after a pause.'],
  awaitingLink: ['busy', 'Waiting for approval', 'The user has the code; no request is out.'],
  fetchingToken: ['busy', 'Waiting for approval', 'Plex is asked whether the user approved.'],
  authenticated: ['good', 'Signed in', 'A token is held. It is never shown.'],
  'expired pin': ['bad', 'The code ran out', 'Nobody approved in time.'],
  'expired limit': ['bad', 'The time ran out', 'The application waited for no longer.'],
  'expired token': ['bad', 'The token was refused', 'Plex takes it no more.'],
  expired: ['bad', 'Over', 'The code, the limit or the token ran out.'],
  failed: ['bad', 'Failed', 'Asking again would not mend it.'],
  signingOut: ['busy', 'Signing out', 'Plex is asked to revoke the token.'],
};

/** Says in plain words what a sign-in does at a moment. */
export function statusOf(facts: SignInFacts, nowMs: number): StatusText {
  const { state, expiresAtMs, giveUpAtMs, lifeMs, failures, renewals, renewalsLeft } = facts;
  const [tone, heading, text] = wordsFor(facts);
  const leftMs = expiresAtMs - nowMs;
  const isRunning = runs(facts);
  const error = state === 'failed' ? facts.error : facts.lastError;
  const notes = [
    failures > 0 && `${counted(failures, 'failure')} in a row`,
    error && (state === 'failed' ? error : `last error ${error}`),
    isRunning && giveUpAtMs < Number.POSITIVE_INFINITY && `gives up in ${timeLeft(giveUpAtMs - nowMs)}`,
    isRunning && renewals > 0 && renewalsWords(renewalsLeft),
  ];
  return {
    tone,
    heading,
    text,
    deadline:
      isRunning && leftMs < Number.POSITIVE_INFINITY
        ? { left: timeLeft(leftMs), share: clamped(leftMs / Math.max(lifeMs, 1)) }
        : undefined,
    wait: waitWords(facts, nowMs),
    notes: notes.filter((note) => typeof note === 'string'),
  };
}

/** Whether the status changes while nothing happens. */
export function runs({ state, endedBy }: SignInFacts): boolean {
  return endedBy === undefined && /^(awaitingLink|fetchingToken|requestingPin\..*)$/.test(state);
}

function wordsFor({ state, reason, endedBy }: SignInFacts): readonly [Tone, string, string] {
  const known = words[`${state} ${reason}`] ??
    words[state] ?? ['quiet', state, 'A state that this view does not know.'];
  if (!endedBy) return known;
  const [tone, heading] = known;
  const end = endedBy === 'engine' ? 'The engine was disposed of' : 'The program ended';
  return tone === 'busy'
    ? ['quiet', 'Stopped', `${end} in ${state}.`]
    : [tone, heading, `${end} after that.`];
}

/** What a screen reader is told of a state: polls come and go without a word. */
export function phaseOf(facts: SignInFacts): string {
  return wordsFor(facts)[1];
}

function waitWords(facts: SignInFacts, nowMs: number): string | undefined {
  const { state, isHeld, waitEndsMs } = facts;
  if (!runs(facts)) return undefined;
  const left = inSeconds(waitEndsMs - nowMs);
  if (state === 'fetchingToken') return 'polling now';
  if (state === 'requestingPin.asking') return 'asking now';
  if (isHeld) return `Plex asked to wait: ${left}`;
  return `next ${state === 'awaitingLink' ? 'poll' : 'try'} in ${left}`;
}

function renewalsWords(left: number): string {
  return left === Number.POSITIVE_INFINITY ? 'renewals without end' : `${counted(left, 'renewal')} left`;
}

/** How much of the wait for the next request is over, from 0 to 1; nothing where it waits for none. */
export function waitShareOf(facts: SignInFacts, nowMs: number): number | undefined {
  const { state, waitEndsMs, waitMs } = facts;
  if (!runs(facts) || !/(awaitingLink|backingOff)$/.test(state)) return undefined;
  return clamped(1 - Math.max(0, waitEndsMs - nowMs) / Math.max(1, waitMs));
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}
