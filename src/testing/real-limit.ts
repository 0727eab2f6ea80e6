const { now: realNow } = Date;

/** The most that counts between two calls. A machine that is busy elsewhere for longer lets nobody answer meanwhile. */
const longestStepMs = 10;

/**
 * Makes what says whether so much real time has passed since now.
 *
 * @param limitMs In milliseconds.
 * @param mostCalls After how many calls it has too, where a test has stopped that clock.
 */
export function startRealLimit(limitMs: number, mostCalls: number): () => boolean {
  let lastMs = realNow();
  let passedMs = 0;
  let calls = 0;
  return () => {
    const nowMs = realNow();
    passedMs += Math.min(Math.max(0, nowMs - lastMs), longestStepMs);
    lastMs = nowMs;
    return passedMs >= limitMs || (passedMs === 0 && ++calls >= mostCalls);
  };
}
