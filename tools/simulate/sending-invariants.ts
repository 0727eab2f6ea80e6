import type { Finding, Flow, ObservedWorld, Sent } from './observed-world.ts';
import {
  answeredAwakeMs,
  isFailed,
  isFallback,
  isInBackground,
  isOfFlow,
  isOperationOfFlow,
  lastMs,
  longestBackoffMs,
  longestSearchMs,
  longestStoreMs,
  slackMs,
} from './sent-requests.ts';

/** How many hints in a row are answered at once, and how soon any further one is, as the chart documents it. */
const mostPromptChecks = 3;
const checkPaceMs = 500;

/** Rules on each request at the moment it goes out. */
export const sendingInvariants = {
  /** A flow has at most one getPin or getToken in flight. */
  oneRequestAtATime(observed: ObservedWorld, sent: Sent): Finding {
    const others = observed.sent.filter(
      (other) =>
        other !== sent &&
        other.life === sent.life &&
        other.isOut &&
        isOfFlow(other) &&
        !isInBackground(observed, other),
    );
    return isOfFlow(sent) && others.length > 0
      ? `${sent.operation} went out while ${others.map((other) => other.operation)} was`
      : undefined;
  },

  /** No getPin or getToken of a flow goes out before a Retry-After allows it, whatever caused it; a new start is the user's own. */
  obeysRetryAfter(observed: ObservedWorld, { operation, flow }: Sent): Finding {
    const earlyMs = flow.throttledUntilMs - observed.awakeMs;
    if (!isOperationOfFlow(operation) || earlyMs <= slackMs) return undefined;
    return `${operation} went out ${earlyMs} ms before Retry-After allows it`;
  },

  /** No read goes out sooner than an interval after the one before, unless a hint or a deadline asked for it. */
  keepsItsPace(observed: ObservedWorld, sent: Sent): Finding {
    const { last } = sent.flow;
    if (sent.operation !== 'getToken' || last?.operation !== 'getToken' || isFallback(sent, last))
      return undefined;
    if (sent.isCheckPending || observed.clockChangedMs >= last.atMs || isAtDeadline(observed, sent))
      return undefined;
    const gapMs = sent.awakeAtMs - (isFailed(last) ? answeredAwakeMs(observed, last) : last.awakeAtMs);
    if (gapMs >= observed.plan.intervalMs - slackMs) return undefined;
    return `a read went out ${gapMs} ms after the last one, at an interval of ${observed.plan.intervalMs} ms`;
  },

  /** Three hints in a row are answered at once, and then two a second. */
  hintsHaveAPace(observed: ObservedWorld, { flow, operation, awakeAtMs }: Sent): Finding {
    if (!isOperationOfFlow(operation) || flow.promptRequests <= mostPromptChecks) return undefined;
    if (observed.clockChangedMs >= flow.startedMs) return undefined;
    return `request ${flow.promptRequests} in a row that followed a hint at once, at ${awakeAtMs} ms`;
  },

  /** No flow waits longer than the slowest pace, the longest back-off or a Retry-After says. */
  waitsNoLongerThanItSays(observed: ObservedWorld, sent: Sent): Finding {
    const { last, throttledUntilMs } = sent.flow;
    if (!last || observed.wokeMs >= last.atMs || !isOperationOfFlow(sent.operation)) return undefined;
    const endedMs = answeredAwakeMs(observed, last);
    const maxIntervalMs = Math.max(observed.plan.maxIntervalMs, observed.plan.intervalMs);
    const maxBackoffMs = longestBackoffMs(observed.plan);
    const longestMs = isFailed(last)
      ? Math.max(maxBackoffMs * 1.25, throttledUntilMs - last.awakeAtMs)
      : maxIntervalMs * 1.05;
    const waitedMs = sent.awakeAtMs - endedMs;
    // A PIN that is gone waits for a token that another process or a read in the background may bring.
    // It looks into the store three times before the wait for those reads, and three times after it.
    const searchMs = last.status === 404 ? longestSearchMs + 2 * longestStoreMs(observed.plan) : 0;
    // A hint that is not among the first begins the wait again, and may so delay a read.
    const hintMs = sent.isCheckPending ? checkPaceMs : 0;
    if (waitedMs <= longestMs + searchMs + hintMs + longestStoreMs(observed.plan)) return undefined;
    return `${sent.operation} went out ${waitedMs} ms after the last answer, at most ${longestMs} ms were due`;
  },

  /** A disposed engine sends no request. */
  asksNothingAfterItsEnd(_: ObservedWorld, { life, operation }: Sent): Finding {
    return life.isDisposed ? `a disposed engine sent ${operation}` : undefined;
  },
};

/** Counts the requests in a row that a hint brought on sooner than the pace of hints. */
export function countPrompt(observed: ObservedWorld, sent: Sent): number {
  const { last, promptRequests } = sent.flow;
  if (!last || last.operation !== sent.operation || isAtDeadline(observed, sent)) return 0;
  // Near its end a PIN is read whatever the pace.
  const leftMs = (sent.flow.pin?.announcedEndMs ?? Infinity) - observed.nowMs;
  if (isFallback(sent, last) || leftMs <= lastMs + checkPaceMs) return promptRequests;
  const gapMs = sent.awakeAtMs - answeredAwakeMs(observed, last);
  // A wait of its full length makes room for three more.
  if (!sent.isCheckPending || gapMs >= observed.plan.intervalMs / 2) return 0;
  return gapMs < checkPaceMs - slackMs ? promptRequests + 1 : promptRequests;
}

/** At the deadline, or the moment before it at which a read goes out whatever the pace. */
function isAtDeadline(observed: ObservedWorld, sent: Sent): boolean {
  const { flow, life } = sent;
  const { expiresAtMs, giveUpAfterMs = Infinity, spentMs, atMs } = life.auth.actor.getSnapshot().context;
  const pinLeftMs = Math.min(expiresAtMs, atMs + giveUpAfterMs - spentMs) - observed.machineNowMs;
  // Past the moment of the last read, one waits as long as Plex asked, and no longer.
  if (pinLeftMs <= lastMs && hasAskedToWait(flow)) return true;
  return [pinLeftMs, ownLeftMs(observed, sent)].some(
    (leftMs) => Math.abs(leftMs) <= slackMs || Math.abs(leftMs - lastMs) <= slackMs,
  );
}

/** Whether the last answer asked to wait. One that came just at its time limit counts, which the books may take for too late. */
function hasAskedToWait({ last, throttledUntilMs }: Flow): boolean {
  const fault = last?.fault;
  const isAsked = !!fault && 'retryAfterS' in fault && fault.retryAfterS !== undefined;
  return isAsked || throttledUntilMs > (last?.awakeAtMs ?? 0);
}

/** How much of the PIN's life the chart's own timers have left, which a clock that was set does not change. */
function ownLeftMs(observed: ObservedWorld, { life, flow: { last }, awakeAtMs }: Sent): number {
  const { pin, spentMs, pinAtSpentMs } = life.auth.actor.getSnapshot().context;
  if (!pin || !last) return Infinity;
  return pin.expiresInMs - (spentMs - pinAtSpentMs) - (awakeAtMs - answeredAwakeMs(observed, last));
}
