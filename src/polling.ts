import { copyOptions, requireMs, requireOption, requireType } from './require-option.ts';

/** How often to ask, in milliseconds. */
export interface PollingOptions {
  /**
   * From one request to the next while the user is busy approving. Default 1000, which is what Plex's own clients do;
   * from 250 up.
   */
  intervalMs?: number;
  /** The longest interval between reads, reached by users who take minutes. Default 5000; at least `intervalMs`. */
  maxIntervalMs?: number;
  /** The longest wait after failed requests, unless Plex asks for more. Default 10000, or twice `intervalMs` if that is longer; at least `intervalMs`. */
  maxBackoffMs?: number;
  /** Adjusts each wait but those that Plex asks for: the browser host slows hidden pages with it. Default: none. */
  adjustDelayMs?: ((delayMs: number) => number) | undefined;
}

/** What is known when an answer has arrived and the next request is to be timed. */
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

/** The numbers of {@link PollingOptions}, each with a value. */
export type Pace = Required<Omit<PollingOptions, 'adjustDelayMs'>>;

const defaultPace: Pace = { intervalMs: 1000, maxIntervalMs: 5000, maxBackoffMs: 10_000 };

/** @throws {TypeError} For a bad option, naming it. */
export function checkPolling(polling: PollingOptions = {}): void {
  requireOption(polling instanceof Object, 'polling', 'an object');
  const { intervalMs, maxIntervalMs, maxBackoffMs, adjustDelayMs } = copyOptions(polling);
  const leastMs = intervalMs ?? defaultPace.intervalMs;
  requireMs('polling.intervalMs', intervalMs, 250);
  requireMs('polling.maxIntervalMs', maxIntervalMs, leastMs);
  requireMs('polling.maxBackoffMs', maxBackoffMs, leastMs);
  requireType('polling.adjustDelayMs', adjustDelayMs, 'function');
}

/**
 * Makes the policy of one engine: how long to wait before the next request, in milliseconds.
 *
 * @param onError Called with the name of an option that threw. The policy does without it then.
 */
export function createWaitPolicy(
  polling: PollingOptions,
  random: () => number,
  onError: (option: string, error: unknown) => void,
): (wait: Wait) => number {
  const {
    intervalMs = defaultPace.intervalMs,
    maxIntervalMs = defaultPace.maxIntervalMs,
    maxBackoffMs = Math.max(2 * intervalMs, defaultPace.maxBackoffMs),
    adjustDelayMs,
  } = polling;
  const pace = { intervalMs, maxIntervalMs, maxBackoffMs };

  function attempt(
    option: string,
    work: () => number | undefined,
    otherwise: number,
    mostMs: number,
  ): number {
    try {
      const given: unknown = work() ?? otherwise;
      if (typeof given !== 'number' || !(given >= 0 && given <= mostMs)) throw new RangeError();
      return given;
    } catch (error) {
      onError(option, error);
      return otherwise;
    }
  }

  return (wait) => {
    const delayMs = nextRequestDelayMs(wait, pace, attempt('random', random, 0, 1));
    return attempt('polling.adjustDelayMs', () => adjustDelayMs?.(delayMs), delayMs, Infinity);
  };
}

/**
 * Says how long to wait before the next request.
 *
 * - While all is well, `intervalMs` from request to request. After 50 intervals the pace slows to 2 % of the time already
 *   waited: nobody waits 2 % longer for that, and a forgotten page costs a fifth of the requests.
 * - After failures, twice as long each time, spread by up to a quarter; never sooner than Plex asked.
 *
 * @param random A number from 0 up to 1 that spreads engines which started together.
 * @returns Milliseconds, above 0.
 */
export function nextRequestDelayMs(wait: Wait, pace: Pace, random: number): number {
  if (wait.failures > 0) {
    const backoffMs = Math.min(pace.maxBackoffMs, pace.intervalMs * 2 ** (wait.failures - 1));
    return Math.max(wait.retryAfterMs, backoffMs * (1 + random / 4));
  }
  const paceMs = Math.max(pace.intervalMs, Math.min(pace.maxIntervalMs, wait.waitedMs / 50));
  return Math.max(paceMs - wait.tookMs, paceMs / 2) + (paceMs * random) / 20;
}
