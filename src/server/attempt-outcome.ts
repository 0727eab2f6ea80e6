import { PlexAuthError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { PlexUser } from '../user.ts';
import type { AskedAttempt, ClaimedAttempt } from './claimed-attempts.ts';
import type { SessionResult } from './server-options.ts';

/** How an attempt stands, for the server itself. */
export type AttemptOutcome =
  | { status: 'pending'; expiresInMs: number }
  /** `session`: what the application made, for the request that brought it about, and for those that waited with it. */
  | { status: 'authenticated'; user: PlexUser; session?: SessionResult | undefined }
  | { status: 'gone' }
  | { status: 'failed'; error: PlexAuthError };

/** How long after the sign-in the browser's other requests still learn of it, in milliseconds. They get no session. */
export const usedAnswerMs = 60_000;

export function toPending({ expiresAtMs }: AskedAttempt, clock: Clock): AttemptOutcome {
  return { status: 'pending', expiresInMs: Math.max(0, expiresAtMs - clock.now()) };
}

/** Answers about an attempt that brings no session any more. */
export function toEndedOutcome(
  known: Exclude<ClaimedAttempt, { status: 'claimed' }>,
  clock: Clock,
): AttemptOutcome {
  if (known.status === 'refused') return { status: 'failed', error: toNoAccess(clock.now()) };
  if (known.status === 'spent') return { status: 'gone' };
  const isRecent = clock.now() - known.atMs <= usedAnswerMs;
  return isRecent ? { status: 'authenticated', user: known.user } : { status: 'gone' };
}

export function toNoSession(atMs: number): PlexAuthError {
  const message = 'The application could not make its session';
  return new PlexAuthError('PLEX_UNEXPECTED', message, { atMs, retryable: true });
}

export function toNoAccess(atMs: number): PlexAuthError {
  const message = 'This account may not use the server';
  return new PlexAuthError('PLEX_NO_ACCESS', message, { atMs, retryable: false });
}
