import { reasonOf } from '../abort.ts';
import type { Clock } from '../ports.ts';

/**
 * Starts a time limit for something outside the library, which may never answer.
 *
 * @returns `passed` rejects after the limit, or when the signal is aborted; `stop` ends the timer.
 */
export function startLimit(
  clock: Clock,
  timeoutMs: number,
  signal?: AbortSignal,
): { passed: Promise<never>; stop: () => void } {
  let stop = () => {};
  const passed = new Promise<never>((_, reject) => {
    if (signal?.aborted) return reject(reasonOf(signal));
    const timer = clock.setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    stop = () => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      stop();
      reject(signal && reasonOf(signal));
    };
    signal?.addEventListener('abort', onAbort);
  });
  // What throws at once leaves nobody who waits for this.
  passed.catch(() => {});
  return { passed, stop };
}
