import type { Clock } from '../ports.ts';
import type { RateLimit } from './emulator-options.ts';

/**
 * Counts the requests of each client identifier in a sliding window, as plex.tv's throttling does.
 *
 * @returns A function that counts a request of a client. It returns how long the client has to wait, in milliseconds,
 *   or `undefined` for an allowed request. Refused requests and those without an identifier do not count.
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
