import type { PlexAuthError } from '../../errors.ts';
import type { PlexAuthView } from '../../view.ts';
import { toUnreachedText } from '../host/error-text.ts';
import type { ServerAddress } from '../host/server-address.ts';

/** What a waiting user reads. */
export interface StatusText {
  readonly words: string;
  /** Such as `14:32 left`. */
  readonly left?: string;
}

/**
 * Describes the state of a sign-in for a waiting user.
 *
 * @param nowMs The current time, in milliseconds since the epoch.
 * @param giveUpAtMs The caller's own limit; the countdown ends at whichever comes first. Default: none.
 * @param server Whom the sign-in asks. Default: Plex's own server.
 * @returns Undefined if there is nothing to wait for.
 */
export function toStatusText(
  view: PlexAuthView,
  nowMs: number,
  giveUpAtMs: number = Number.POSITIVE_INFINITY,
  server: ServerAddress = { origin: 'https://plex.tv' },
): StatusText | undefined {
  switch (view.status) {
    case 'requestingPin':
      return {
        words: view.lastError ? toTroubleText(view.lastError, nowMs, server) : 'Asking Plex for a code',
      };
    case 'awaitingLink':
    case 'fetchingToken': {
      const leftMs = Math.min(view.expiresAtMs, giveUpAtMs) - nowMs;
      const words = view.lastError
        ? toTroubleText(view.lastError, nowMs, server)
        : 'Waiting for you to approve';
      return { words, left: `${toCountdown(leftMs)} left` };
    }
    case 'authenticated':
      return { words: 'Approved' };
    default:
      return undefined;
  }
}

/** Describes an error after which the sign-in continues. */
function toTroubleText(error: PlexAuthError, nowMs: number, server: ServerAddress): string {
  const { code, atMs, retryAfterMs = 0, status } = error;
  const waitSeconds = Math.ceil((atMs + retryAfterMs - nowMs) / 1000);
  switch (code) {
    case 'PLEX_NETWORK':
      return status === undefined
        ? `${toUnreachedText(error, server)}, trying again`
        : 'The answer of Plex broke off, trying again';
    case 'PLEX_TIMEOUT':
      return 'Plex is slow to answer, trying again';
    case 'PLEX_RATE_LIMITED':
      return waitSeconds > 0 ? `Plex asks to wait ${waitSeconds} s` : 'Plex asks to slow down';
    case 'PLEX_HTTP':
      return 'Plex has a problem, trying again';
    case 'PLEX_BAD_REPLY':
      return 'No proper answer from Plex, trying again';
    case 'PLEX_STORE':
      return 'The config folder cannot be used, continuing without it';
    default:
      return 'Something went wrong, trying again';
  }
}

/**
 * Writes the remaining time like a clock: `14:32`, `1:02:03`.
 *
 * @param leftMs The remaining milliseconds, rounded up to a second; below 0 counts as 0.
 */
export function toCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  const [first = 0, ...rest] = hours > 0 ? [hours, ...parts] : parts;
  return [first, ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}
