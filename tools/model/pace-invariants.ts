import { isBegun, isRenewed, isRequestSent } from './past.ts';
import { checkPaceMs, lastReadMs, mostLateFailures, mostPromptRequests } from './promises.ts';
import type { Scenario } from './scenario.ts';
import type { Finding, Rule, Step } from './step.ts';
import { isRunning, nowMs, type World } from './world.ts';

/** Rules on when the next request goes out. */
export const paceInvariants = {
  /** No request goes out before a Retry-After allows it; a new start is the user's own. */
  obeysRetryAfter({ before, move, after }: Step): Finding {
    const { throttledMs } = after.past;
    if (!isRunning(after) || isBegun(before, after) || !isRequestSent(before, move, after)) return undefined;
    return throttledMs > 0 ? `a request went out ${throttledMs} ms before Retry-After allows it` : undefined;
  },

  /** Some requests in a row follow a `CHECK` at once; further ones wait a moment. */
  pacesChecks({ after: { past } }: Step): Finding {
    const { promptRequests } = past;
    return promptRequests > mostPromptRequests ? `${promptRequests} requests in a row at once` : undefined;
  },

  /** No other request is sent at once after an answer, but that for a new PIN, and the last ones of a PIN. */
  sendsNothingAtOnce({ before, move, after }: Step): Finding {
    const isPaced = move.event?.type !== 'CHECK' && !before.past.isCheckDue;
    if (!isPaced || before.requests.length === 0 || !isRequestSent(before, move, after)) return undefined;
    return isRenewed(before, after) || move.by === 'user' ? undefined : `${move.name}, and a request at once`;
  },

  /** A wait is not shorter than the pace, unless a deadline or a `CHECK` cuts it, nor longer than what was promised. */
  waitsAsLongAsItSays({ before, move, after, scenario }: Step): Finding {
    const timer = after.timers.find((one) => !before.timers.includes(one));
    if (!timer || move.answer === undefined || isRenewed(before, after)) return undefined;
    const [leastMs, mostMs] = waitRange(after, scenario);
    const isCut = after.past.isCheckDue || isDeadlineWait(after, timer.leftMs);
    if (timer.leftMs > mostMs) return `waits ${timer.leftMs} ms, at most ${mostMs} ms are due`;
    return timer.leftMs < leastMs && !isCut
      ? `waits ${timer.leftMs} ms, at least ${leastMs} ms are due`
      : undefined;
  },

  /** A `CHECK` is followed by a request at once, or soon, unless it comes in a wait that Plex asked for. */
  answersChecks({ after }: Step): Finding {
    const [timer] = after.timers;
    const { isCheckDue, isWaitThrottled } = after.past;
    const isLate = isCheckDue && !isWaitThrottled && timer && timer.leftMs > checkPaceMs;
    return isLate ? `a CHECK waits ${timer.leftMs} ms` : undefined;
  },

  /** No flow asks longer than the PIN and the caller allow, but for its last reads. */
  endsInTime({ after: { past }, scenario }: Step): Finding {
    const { pinLifeMs, giveUpAfterMs = Infinity } = scenario;
    const lateMs = latestMs(scenario);
    if (past.pinAgeMs > pinLifeMs + lateMs) return `still asks for a PIN that came ${past.pinAgeMs} ms ago`;
    return past.flowAgeMs > giveUpAfterMs + lateMs
      ? `still runs ${past.flowAgeMs} ms after its start`
      : undefined;
  },

  /** There is one PIN for a start and one for each renewal. */
  makesNoMorePins({ after: { past } }: Step): Finding {
    return past.pins > past.mostPins ? `got ${past.pins} PINs, ${past.mostPins} are allowed` : undefined;
  },
} satisfies Record<string, Rule>;

/** The shortest and the longest wait after an answer. */
function waitRange({ past }: World, { intervalMs, maxBackoffMs }: Scenario): readonly [number, number] {
  if (past.failures === 0) return [intervalMs / 2, intervalMs];
  return [Math.max(intervalMs, past.throttledMs), Math.max(maxBackoffMs * 1.25, past.throttledMs)];
}

/** Whether a wait ends at the deadline that is shown, or a second before it. */
function isDeadlineWait({ snapshot: { context } }: World, waitMs: number): boolean {
  const { expiresAtMs, giveUpAfterMs = Infinity, spentMs, pin } = context;
  const leftMs = Math.max(0, Math.min(pin ? expiresAtMs - nowMs : Infinity, giveUpAfterMs - spentMs));
  return [0, lastReadMs].some((ms) => Math.abs(leftMs - ms - waitMs) <= 1);
}

/**
 * How long after its deadline a flow may still ask: reads that fail in a row until it ends, and the waits between them. A
 * clock that is set back during the last read brings another one.
 */
function latestMs({ requestTimeoutMs, intervalMs, maxBackoffMs, budget, plex }: Scenario): number {
  const failures = plex === 'unreachable' ? mostLateFailures : Math.min(mostLateFailures, budget.faults);
  const failureMs = requestTimeoutMs + maxBackoffMs * 1.25;
  return (
    2 * requestTimeoutMs +
    intervalMs +
    failures * failureMs +
    budget.clockChanges * (requestTimeoutMs + intervalMs)
  );
}
