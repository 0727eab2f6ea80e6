import type { Clock } from '../ports.ts';
import type { RateLimit } from './emulator-options.ts';

/**
 * Counts the requests of each client identifier in a sliding window, as plex.tv throttles by it.
 *
 * @returns A function that takes the identifier and says how long to wait, in milliseconds, or nothing for an allowed
 *   request. A refused request does not count; nor does one without an identifier.
 */
export function createRateLimiter(
  limit: RateLimit | undefined,
  clock: Clock,
): (clientIdentifier: string | undefined) => number | undefined {
  const answeredAtMs = new Map<string, number[]>();
  return (clientIdentifier) => {
    if (!limit || !clientIdentifier) return undefined;
    const nowMs = clock.now();
    const recent = (answeredAtMs.get(clientIdentifier) ?? []).filter((atMs) => atMs > nowMs - limit.perMs);
    answeredAtMs.set(clientIdentifier, recent);
    const [oldestMs] = recent;
    if (oldestMs === undefined || recent.length < limit.requests) {
      recent.push(nowMs);
      return undefined;
    }
    return limit.retryAfterMs ?? oldestMs + limit.perMs - nowMs;
  };
}
