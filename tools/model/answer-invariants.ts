import type { Move } from './move.ts';
import { errorOfMove, isRenewed } from './past.ts';
import { mostPinRequests } from './promises.ts';
import type { Finding, Rule, Step } from './step.ts';
import { isOver, isRunning, stateOf, type World } from './world.ts';

/** Rules on what an event or answer leads to. */
export const answerInvariants = {
  /** `START` works wherever nothing runs. */
  startsWheneverItIsOver({ before, move, after }: Step): Finding {
    const { error } = before.snapshot.context;
    const canStart = isOver(before) && stateOf(before) !== 'authenticated';
    if (move.event?.type !== 'START' || !canStart || stateOf(after) === 'asking') return undefined;
    return `START leads from ${stateOf(before)} (${error?.message}) to ${stateOf(after)}`;
  },

  /** A `START` that came while a stored PIN was tried gets a new one if Plex no longer knows that PIN. */
  startsAfterAStoredPin({ before, move, after }: Step): Finding {
    const { isStartDue } = before.past;
    const isStarted = isRenewed(before, after);
    return isStartDue && move.answer === 'gone' && !isStarted
      ? `START is forgotten: ${stateOf(after)}`
      : undefined;
  },

  /** `CANCEL` ends whatever runs, at once. */
  cancelsAtOnce({ before, move, after }: Step): Finding {
    if (move.event?.type !== 'CANCEL') return undefined;
    const reason = stateOf(before) === 'signingOut' ? 'signedOut' : 'cancelled';
    const isCancelled = stateOf(after) === 'idle' && after.snapshot.context.reason === reason;
    return isCancelled ? undefined : `CANCEL leads to ${stateOf(after)}, ${after.snapshot.context.reason}`;
  },

  /** `SIGN_OUT` and `REJECTED` end the token. */
  endsTheToken({ move, after }: Step): Finding {
    const state = stateOf(after);
    if (move.event?.type === 'SIGN_OUT')
      return state === 'signingOut' ? undefined : `SIGN_OUT leads to ${state}`;
    if (move.event?.type !== 'REJECTED') return undefined;
    const { reason } = after.snapshot.context;
    return state === 'expired' && reason === 'token' ? undefined : `REJECTED leads to ${state}, ${reason}`;
  },

  /** A store's error is shown, and changes nothing else. */
  goesOnWithoutAStore({ before, move, after }: Step): Finding {
    if (move.event?.type !== 'STORE_FAILED') return undefined;
    const isShown = after.snapshot.context.lastError === move.event.error;
    const isSame = stateOf(before) === stateOf(after) && before.timers === after.timers;
    return isShown && isSame && before.requests === after.requests
      ? undefined
      : 'STORE_FAILED is not only shown';
  },

  /** Failures are counted up to the next answer, and the last error is shown until then. */
  remembersErrors({ after }: Step): Finding {
    const { failures, lastError } = after.snapshot.context;
    const { past } = after;
    if (!['backingOff', 'awaitingLink', 'fetchingToken'].includes(stateOf(after))) return undefined;
    if (past.failures === 0 && stateOf(after) === 'backingOff') return undefined;
    if (failures !== past.failures) return `counts ${failures} failures, there were ${past.failures}`;
    return lastError === past.lastError
      ? undefined
      : `lastError is ${lastError?.message}, not ${past.lastError?.message}`;
  },

  /** An error that a retry fixes ends no sign-in but by its number; any other ends it at once, as it is. */
  failsForItsError({ before, move, after }: Step): Finding {
    const error = errorOfMove(move);
    if (!error || !isRunning(before)) return undefined;
    const { context } = after.snapshot;
    const isFailed = stateOf(after) === 'failed';
    if (isFailed && context.error !== error) return `${error.message} is shown as ${context.error?.message}`;
    if (!error.retryable) return isFailed ? undefined : `${error.message} leads to ${stateOf(after)}`;
    const isLastOfPin = stateOf(before) === 'asking' && before.past.failures + 1 >= mostPinRequests;
    const isWaitable = (error.retryAfterMs ?? 0) <= 60_000;
    const mayFail = isLastOfPin || !isWaitable || isThrottledPastLimit(before, move);
    return isFailed && !mayFail ? `${error.message} ends the sign-in` : undefined;
  },

  /** Where Plex gives no PIN, the sign-in ends after some requests; a few more where a `CHECK` brought one at once. */
  givesUpWithoutAPin({ after, scenario }: Step): Finding {
    const { failures } = after.past;
    const isDue = stateOf(after) === 'backingOff' && failures >= mostPinRequests + scenario.budget.checks;
    return isDue ? `${failures} requests for a PIN have failed, and another one waits` : undefined;
  },

  /** Only answers fail a sign-in, and only errors or a PIN that Plex denies too early. */
  failsByAnswers({ before, move, after }: Step): Finding {
    const isNew = stateOf(after) === 'failed' && stateOf(before) !== 'failed';
    return !isNew || errorOfMove(move) || move.answer === 'gone' ? undefined : `${move.name} ends in failed`;
  },
} satisfies Record<string, Rule>;

/** Whether the caller's limit ends before a Retry-After. */
function isThrottledPastLimit({ snapshot: { context }, past }: World, move: Move): boolean {
  const error = errorOfMove(move);
  const { giveUpAfterMs = Infinity } = context;
  const isThrottled = error?.code === 'PLEX_RATE_LIMITED';
  return isThrottled && (past.isTimeOdd || past.flowAgeMs + (error.retryAfterMs ?? 5000) > giveUpAfterMs);
}
