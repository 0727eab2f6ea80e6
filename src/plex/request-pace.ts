/**
 * How fast Plex is asked in the name of one client identifier: Plex throttles by it.
 *
 * Plain numbers, since a fleet has thousands of them.
 */
export interface RequestPace {
  /** When the requests so far are paid for. */
  paidMs: number;
  /** Until when Plex asked to wait. */
  pausedUntilMs: number;
  /** How many hinted requests were sent since the last silent one. */
  hintedInRow: number;
}

/** How many hinted requests may go out ahead of the even pace. */
const burst = 5;
/** One request of so many is a silent one, however many hinted ones wait: nobody starves. */
const silentShare = 4;
/** The longest pause, in milliseconds, whatever Plex asks for. Then one request shows whether it still asks. */
const longestPauseMs = 120_000;

/** Makes the pace of a client identifier that has sent nothing yet. */
export function createPace(): RequestPace {
  return { paidMs: 0, pausedUntilMs: 0, hintedInRow: 0 };
}

/**
 * Says when the next request may be sent.
 *
 * @param isAhead Whether a hinted request waits. Then the next one may go before the even pace, whoever sends it: else a
 * silent one's turn would never come.
 * @param toleranceMs How much sooner than the even pace it may be. A pause is never cut.
 */
export function paceOpensAtMs(
  pace: RequestPace,
  intervalMs: number,
  nowMs: number,
  isAhead: boolean,
  toleranceMs = 0,
): number {
  // A clock that was set back must not hold anybody up.
  pace.paidMs = Math.min(pace.paidMs, nowMs + burst * intervalMs);
  pace.pausedUntilMs = Math.min(pace.pausedUntilMs, nowMs + longestPauseMs);
  const aheadMs = isAhead ? (burst - 1) * intervalMs : 0;
  return Math.max(pace.pausedUntilMs, pace.paidMs - aheadMs - toleranceMs);
}

/** Whether a silent request goes before the hinted ones. */
export function isSilentsTurn({ hintedInRow }: RequestPace): boolean {
  return hintedInRow >= silentShare - 1;
}

/** Counts a read that is sent now. */
export function countRequest(pace: RequestPace, intervalMs: number, nowMs: number, isHinted: boolean): void {
  payRequest(pace, intervalMs, nowMs);
  pace.hintedInRow = isHinted ? pace.hintedInRow + 1 : 0;
}

/** Counts a request that is sent now, whatever it is for. */
export function payRequest(pace: RequestPace, intervalMs: number, nowMs: number): void {
  pace.paidMs = Math.max(pace.paidMs, nowMs) + intervalMs;
}

/** Sends nothing for this long, since Plex asked to wait. */
export function pauseRequests(pace: RequestPace, pauseMs: number, nowMs: number): void {
  pace.pausedUntilMs = Math.max(pace.pausedUntilMs, nowMs + Math.min(pauseMs, longestPauseMs));
}
