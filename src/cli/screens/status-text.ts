import type { PlexAuthError } from '../../errors.ts';
import type { PlexAuthView } from '../../view.ts';

/** What a waiting user is told. */
export interface StatusText {
  readonly words: string;
  /** Such as `14:32 left`. */
  readonly left?: string;
}

/**
 * Says where a sign-in stands, for a person who waits.
 *
 * @param nowMs The present moment, in milliseconds since the epoch.
 * @param giveUpAtMs The caller's own limit; the countdown goes to whatever comes first.
 * @returns Nothing where there is nothing to wait for.
 */
export function toStatusText(
  view: PlexAuthView,
  nowMs: number,
  giveUpAtMs: number = Number.POSITIVE_INFINITY,
): StatusText | undefined {
  switch (view.status) {
    case 'requestingPin':
      return { words: view.lastError ? toTroubleText(view.lastError, nowMs) : 'Asking Plex for a code' };
    case 'awaitingLink':
    case 'fetchingToken': {
      const leftMs = Math.min(view.expiresAtMs, giveUpAtMs) - nowMs;
      const words = view.lastError ? toTroubleText(view.lastError, nowMs) : 'Waiting for you to approve';
      return { words, left: `${toCountdown(leftMs)} left` };
    }
    case 'authenticated':
      return { words: 'Approved' };
    default:
      return undefined;
  }
}

/** Says a passing fault in plain words. */
function toTroubleText({ code, atMs, retryAfterMs = 0 }: PlexAuthError, nowMs: number): string {
  const waitSeconds = Math.ceil((atMs + retryAfterMs - nowMs) / 1000);
  switch (code) {
    case 'PLEX_NETWORK':
      return 'No connection to Plex, trying again';
    case 'PLEX_TIMEOUT':
      return 'Plex is slow to answer, trying again';
    case 'PLEX_RATE_LIMITED':
      return waitSeconds > 0 ? `Plex asks to wait ${waitSeconds} s` : 'Plex asks to slow down';
    case 'PLEX_HTTP':
      return 'Plex has a problem, trying again';
    case 'PLEX_BAD_REPLY':
      return 'No proper answer from Plex, trying again';
    case 'PLEX_STORE':
      return 'The config folder cannot be used, going on without it';
    default:
      return 'Something went wrong, trying again';
  }
}

/**
 * Writes a time that is left as people read a clock: `14:32`, `1:02:03`.
 *
 * @param leftMs In milliseconds; a begun second counts, and less than 0 is 0.
 */
export function toCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const [first = 0, ...rest] = hours > 0 ? [hours, ...parts] : parts;
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}
