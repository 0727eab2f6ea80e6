/** How often to ask, in milliseconds. */
export interface PollingOptions {
  /**
   * From one request to the next while the user is busy approving. Default 1000, which is what Plex's own clients do;
   * from 250 up.
   */
  intervalMs?: number;
  /** The longest interval between reads, reached by users who take minutes. Default 5000; at least `intervalMs`. */
  maxIntervalMs?: number;
  /** The longest wait after failed requests, unless Plex asks for more. Default 10000; at least `intervalMs`. */
  maxBackoffMs?: number;
  /** Has the last word on each wait but those that Plex asks for: the browser host slows hidden pages with it. Default: none. */
  adjustDelayMs?: ((delayMs: number) => number) | undefined;
}

/** The numbers of {@link PollingOptions}, each with a value. */
export type Pace = Required<Omit<PollingOptions, 'adjustDelayMs'>>;

/** What is known when an answer has come and the next request is to be timed. */
export interface Wait {
  /** Requests that failed one after another; 0 after an answer. */
  failures: number;
  /** What Plex asked to wait, in milliseconds. */
  retryAfterMs: number;
  /** How long the last answer took, in milliseconds, 0 or more. */
  tookMs: number;
  /** How long the user has had the code, in milliseconds. */
  waitedMs: number;
}

/**
 * Says how long to wait before the next request.
 *
 * - While all is well, `intervalMs` from request to request. From 50 intervals on the pace slows to 2 % of the time
 *   already waited, so that nobody waits 2 % longer for it and a forgotten page costs a fifth of the requests.
 * - After failures, twice as long each time, spread by up to a quarter; never sooner than Plex asked.
 *
 * @param random A number from 0 up to 1 that spreads flows which started together.
 * @returns Milliseconds, above 0.
 */
export function nextRequestDelayMs(wait: Wait, polling: Pace, random: number): number {
  if (wait.failures > 0) {
    const backoffMs = Math.min(polling.maxBackoffMs, polling.intervalMs * 2 ** (wait.failures - 1));
    return Math.max(wait.retryAfterMs, backoffMs * (1 + random / 4));
  }
  const paceMs = Math.max(polling.intervalMs, Math.min(polling.maxIntervalMs, wait.waitedMs / 50));
  return Math.max(paceMs - wait.tookMs, paceMs / 2) + (paceMs * random) / 20;
}
