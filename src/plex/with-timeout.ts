import { PlexAuthError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/**
 * Runs `work` with a time limit. After `timeoutMs` the result rejects with `PLEX_TIMEOUT` at once. An abort by the caller
 * is passed on to `work`, whose own end decides.
 */
export function withTimeout<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (abort: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const timer = clock.setTimeout(() => {
      stopListening();
      reject(
        new PlexAuthError('PLEX_TIMEOUT', `Plex did not answer within ${timeoutMs} ms`, {
          atMs: clock.now(),
          retryable: true,
        }),
      );
      controller.abort();
    }, timeoutMs);
    const onAbort = () => {
      stopListening();
      controller.abort(signal?.reason);
    };
    const stopListening = () => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
    work(controller.signal).then(resolve, reject).finally(stopListening);
  });
}
