/** Behind that of fake timers, if they came before: those of vitest, of jest and of Sinon.JS keep it in their clock. */
const { now: realNow } = (Date as { clock?: { _Date?: DateConstructor } }).clock?._Date ?? Date;

/**
 * Makes what says whether so much real time has passed since now.
 *
 * @param limitMs In milliseconds.
 * @param mostCalls After how many calls it has too, where a test has stopped that clock.
 * @param longestStepMs The most that counts between two calls. Default: 50. A machine that is busy elsewhere for longer lets
 * nobody answer meanwhile.
 */
export function startRealLimit(limitMs: number, mostCalls: number, longestStepMs = 50): () => boolean {
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
