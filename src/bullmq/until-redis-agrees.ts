import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { isPlexAuthError } from '../errors.ts';
import { toDisposedError } from '../fleet/abort-errors.ts';

/** How long to wait after the first refusal, in milliseconds, and at most. Each pause is twice as long as the one before. */
const [firstPauseMs, mostPauseMs] = [100, 2000];

/**
 * Asks Redis again and again while it refuses.
 *
 * @param isPassing Whether to try again after this error. Default: if Redis refuses for a reason that passes, such as being
 *   full, starting, or becoming the primary.
 * @throws {Error} An `AbortError` once the signal is aborted, and an error that does not pass at once.
 */
export async function untilRedisAgrees<Answer>(
  ask: () => Promise<Answer>,
  signal: AbortSignal,
  isPassing: (error: unknown) => boolean = (error) => isPlexAuthError(error) && error.retryable,
): Promise<Answer> {
  // As many may wait as there are tokens.
  setMaxListeners(0, signal);
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, mostPauseMs)) {
    try {
      return await ask();
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await delay(pauseMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) throw toDisposedError();
  }
}
