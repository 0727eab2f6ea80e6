const { now: realNow } = Date;

/**
 * Makes what says whether so much real time has passed since now.
 *
 * @param limitMs In milliseconds.
 * @param mostCalls After how many calls it has too, where a test has stopped that clock.
 */
export function startRealLimit(limitMs: number, mostCalls: number): () => boolean {
  const startMs = realNow();
  let calls = 0;
  return () => {
    const tookMs = realNow() - startMs;
    return tookMs >= limitMs || (tookMs <= 0 && ++calls >= mostCalls);
  };
}
