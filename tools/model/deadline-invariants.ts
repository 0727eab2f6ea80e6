import { errorOfMove, isRenewed } from './past.ts';
import { deadlineToleranceMs, lastReadMs, mismatchMs, mostLateFailures } from './promises.ts';
import type { Scenario } from './scenario.ts';
import type { Finding, Rule, Step } from './step.ts';
import { isRunning, nowMs, stateOf, type World } from './world.ts';

/** Rules on deadlines. Where a clock or a count was odd, only Plex knows a PIN's; the caller's limit is a duration all the same. */
export const deadlineInvariants = {
  /** The end that is shown is the PIN's. */
  showsTheDeadline({ after }: Step): Finding {
    const isShown = ['awaitingLink', 'fetchingToken'].includes(stateOf(after));
    const { plexPin, past, snapshot } = after;
    if (!isShown || !plexPin || past.isTimeOdd || past.isResumed) return undefined;
    // Whoever asks past the end sees no end any more.
    const offMs = Math.max(0, snapshot.context.expiresAtMs - nowMs) - Math.max(0, plexPin.leftMs);
    return Math.abs(offMs) > deadlineToleranceMs ? `the end that is shown is ${offMs} ms off` : undefined;
  },

  /** A PIN that Plex denies has expired if its end is near, and is another client's if not. */
  tellsMismatchFromExpiry({ before, move, after }: Step): Finding {
    const leftMs = before.plexPin?.leftMs ?? 0;
    const { isResumed, isTimeOdd } = before.past;
    if (move.answer !== 'gone' || isTimeOdd) return undefined;
    const isFailed = stateOf(after) === 'failed';
    if (isFailed && (isResumed || leftMs < mismatchMs - deadlineToleranceMs))
      return `a ${isResumed ? 'resumed ' : ''}PIN with ${leftMs} ms left is called another client's`;
    const isEarly = leftMs > mismatchMs + deadlineToleranceMs && !isResumed;
    return isEarly && !isFailed ? `a PIN with ${leftMs} ms left is called expired` : undefined;
  },

  /** A PIN expires by a read's answer only, once its end has come: the last read began at the end. */
  expiresWithTheLastRead({ before, move, after }: Step): Finding {
    if (!isExpired(before, after) || move.answer === 'gone' || reasonOf(after) !== 'pin') return undefined;
    const error = errorOfMove(move);
    if (move.answer !== 'pending' && !error) return `${move.name} makes the PIN expire`;
    if (error && before.past.failures + 1 < mostLateFailures) return `${error.message} makes the PIN expire`;
    const leftMs = before.plexPin?.leftMs ?? 0;
    const ageMs = before.requests[0]?.ageMs ?? 0;
    const earlyMs = error ? leftMs : leftMs + ageMs;
    if (before.past.isTimeOdd || before.past.isResumed) return undefined;
    return earlyMs > deadlineToleranceMs
      ? `the last read began ${earlyMs} ms before the PIN's end`
      : undefined;
  },

  /** The caller's limit ends a sign-in when it is reached, and not before; a read decides where there is a PIN. */
  expiresAtTheLimit({ before, move, after, scenario }: Step): Finding {
    if (!isExpired(before, after) || reasonOf(after) !== 'limit') return undefined;
    const earlyMs = (scenario.giveUpAfterMs ?? Infinity) - before.past.flowAgeMs;
    if (stateOf(before) === 'awaitingLink') return 'the limit ends the sign-in without a last read';
    if (before.past.isRequestTimeOdd) return undefined;
    return earlyMs > limitToleranceMs(scenario)
      ? `${move.name}: the limit is called reached ${earlyMs} ms before it is`
      : undefined;
  },

  /** Past the caller's limit no new PIN is made. */
  renewsWithinTheLimit({ before, after, scenario: { giveUpAfterMs = Infinity } }: Step): Finding {
    const isLate = isRenewed(before, after) && before.past.flowAgeMs > giveUpAfterMs;
    return isLate && !before.past.isTimeOdd ? 'a new PIN is asked for past the limit' : undefined;
  },

  /** What was last wrong is shown with the end. */
  expiresWithItsError({ before, move, after }: Step): Finding {
    const error = errorOfMove(move) ?? (move.answer === undefined ? before.past.lastError : undefined);
    const isShown = after.snapshot.context.lastError === error;
    const isEnd = isExpired(before, after) && reasonOf(after) !== 'token' && stateOf(after) === 'expired';
    return isEnd && error && !isShown ? `${error.message} is not shown with the end` : undefined;
  },

  /** An approval in good time, after which all goes well, brings the token. */
  approvalBringsTheToken({ before, move, after }: Step): Finding {
    const { approval, isGiven, isUnknown } = move.change?.plexPin ?? before.plexPin ?? {};
    if (!approval?.isCalm || before.past.isTimeOdd || isGiven || isUnknown) return undefined;
    const isLost = isExpired(before, after) && reasonOf(after) === 'pin';
    const isEarly = approval.leftMs > 2 * lastReadMs;
    return isLost && isEarly ? `expired, though approved ${approval.leftMs} ms before the end` : undefined;
  },
} satisfies Record<string, Rule>;

/** A timer may fire a little early. A wait that a \`CHECK\` cut is measured by the clock, if that was changed then at most in full. */
function limitToleranceMs({ budget, maxBackoffMs }: Scenario): number {
  return 5 + budget.checks * budget.clockChanges * maxBackoffMs * 1.25;
}

function isExpired(before: World, after: World): boolean {
  const isOld = stateOf(before) === 'expired' || !isRunning(before);
  return !isOld && (stateOf(after) === 'expired' || isRenewed(before, after));
}

/** Only a PIN that has expired is renewed. */
function reasonOf(after: World): string | undefined {
  return isRunning(after) ? 'pin' : after.snapshot.context.reason;
}
