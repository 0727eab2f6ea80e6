/**
 * What must hold in every world and at every move. The rules know the chart's promises, and none of its computations.
 */
import type { Move } from './move.ts';
import { errorOfMove, isBegun, isRenewed, isRequestSent } from './past.ts';
import type { Scenario } from './scenario.ts';
import {
  checkPaceMs,
  isOver,
  isRunning,
  nowMs,
  type StateName,
  stateOf,
  tokens,
  type World,
} from './world.ts';

/** One move, with the worlds around it. */
export interface Step {
  readonly before: World;
  readonly move: Move;
  readonly after: World;
  readonly scenario: Scenario;
}

/** How a rule was broken, in words; undefined if it holds. */
export type Finding = string | undefined;

/** How far the deadline that is shown may be from Plex's: it counts in whole seconds, and two of them are no change. */
const deadlineToleranceMs = 3000;
/** A PIN that is unknown this long before its end is another client's, as the chart documents it. */
const mismatchMs = 30_000;
/** The last read of a PIN goes out this long before its end, as the chart documents it. */
const lastReadMs = 1000;
const mostPromptRequests = 3;
const mostPinRequests = 6;
const mostLateFailures = 3;

const running: Record<StateName, { readonly requests: readonly string[]; readonly timers: number }> = {
  idle: { requests: [], timers: 0 },
  asking: { requests: ['getPin'], timers: 0 },
  backingOff: { requests: [], timers: 1 },
  awaitingLink: { requests: [], timers: 1 },
  fetchingToken: { requests: ['getToken'], timers: 0 },
  authenticated: { requests: [], timers: 0 },
  expired: { requests: [], timers: 0 },
  failed: { requests: [], timers: 0 },
  signingOut: { requests: ['signOut'], timers: 0 },
};

const reasons: Partial<Record<StateName, readonly (string | undefined)[]>> = {
  idle: [undefined, 'cancelled', 'signedOut'],
  expired: ['pin', 'limit', 'token'],
};

/** Rules on what runs, and on what is held and stored. */
const holdingInvariants = {
  /** Each state has exactly its one request or its one timer. Over means over: nothing runs any more. */
  runsWhatItsStateSays({ after }: Step): Finding {
    const state = stateOf(after);
    const operations = after.requests.map(({ operation }) => operation);
    const { requests, timers } = running[state];
    if (operations.join() === requests.join() && after.timers.length === timers) return undefined;
    return `${state} with requests [${operations}] and ${after.timers.length} timers`;
  },

  /** Only its answer, a cancel or a token from elsewhere ends a request. */
  abortsNoRequest({ before, move, after }: Step): Finding {
    const isEnded = move.answer !== undefined || ['CANCEL', 'RESTORE'].includes(move.event?.type ?? '');
    const isKept = before.requests.length === after.requests.length;
    const isSame = isKept && !isRequestSent(before, move, after);
    return isEnded || before.requests.length === 0 || isSame ? undefined : `${move.name} ended a request`;
  },

  /** A read asks for the PIN that the user sees. */
  asksForItsPin({ after }: Step): Finding {
    const { pin } = after.snapshot.context;
    const stray = after.requests.find(
      ({ operation, pinID }) => operation === 'getToken' && pinID !== pin?.pinID,
    );
    return stray && `getToken asks for PIN ${stray.pinID}, shown is ${pin?.pinID}`;
  },

  /** A token that Plex sent, or that came from elsewhere, is held until it is given up; nothing else counts as one. */
  holdsTheToken({ after }: Step): Finding {
    const { credentials } = after.snapshot.context;
    const state = stateOf(after);
    const { token } = after.past;
    if (token && state !== 'authenticated') return `the token (${token}) is not held: ${state}`;
    if (state === 'signingOut') return undefined;
    const isRight = credentials?.token === (token && tokens[token]);
    return isRight ? undefined : `${state} holds another token than the one that is ${token ?? 'given up'}`;
  },

  /** Credentials are stored exactly while they are held. */
  storesTheCredentials({ after }: Step): Finding {
    const isHeld = stateOf(after) === 'authenticated';
    return isHeld === after.stored.credentials
      ? undefined
      : `credentials stored: ${!isHeld}, ${stateOf(after)}`;
  },

  /** A PIN is stored exactly while the user has its code. */
  storesThePin({ after }: Step): Finding {
    const isShown = ['awaitingLink', 'fetchingToken'].includes(stateOf(after));
    return isShown === after.stored.pin ? undefined : `PIN stored: ${after.stored.pin}, ${stateOf(after)}`;
  },

  /** A failure has its error, an end its reason, and no other state has one. */
  saysWhyItIsOver({ after }: Step): Finding {
    const { error, reason } = after.snapshot.context;
    const state = stateOf(after);
    if (!(reasons[state] ?? [undefined]).includes(reason)) return `${state} with the reason ${reason}`;
    return (error !== undefined) === (state === 'failed')
      ? undefined
      : `${state} with the error ${error?.message}`;
  },
};

/** Rules on when the next request goes out. */
const paceInvariants = {
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

  /** No flow asks longer than the PIN and the caller allow, with three late failures and a minute of throttling added. */
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
};

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

/** How long after its deadline a flow may still ask. A clock that is set hides at most one wait. */
export function latestMs({ requestTimeoutMs, maxBackoffMs, budget }: Scenario): number {
  const lateMs = mostLateFailures * (requestTimeoutMs + maxBackoffMs * 1.25) + requestTimeoutMs;
  const throttledMs = budget.faults > 0 ? 60_000 : 0;
  return lateMs + throttledMs + budget.clockChanges * maxBackoffMs;
}

/** Rules on what an event or answer leads to. */
const answerInvariants = {
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

  /** Only answers fail a sign-in, and only errors or a PIN that Plex denies too early. */
  failsByAnswers({ before, move, after }: Step): Finding {
    const isNew = stateOf(after) === 'failed' && stateOf(before) !== 'failed';
    return !isNew || errorOfMove(move) || move.answer === 'gone' ? undefined : `${move.name} ends in failed`;
  },
};

/** Whether the caller's limit ends before a Retry-After. */
function isThrottledPastLimit({ snapshot: { context }, past }: World, move: Move): boolean {
  const error = errorOfMove(move);
  const { giveUpAfterMs = Infinity } = context;
  const isThrottled = error?.code === 'PLEX_RATE_LIMITED';
  return isThrottled && (past.isTimeOdd || past.flowAgeMs + (error.retryAfterMs ?? 5000) > giveUpAfterMs);
}

/** Rules on deadlines. Where a clock or a count was odd, only Plex knows the right one. */
const deadlineInvariants = {
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
    if (before.past.isTimeOdd) return undefined;
    return earlyMs > 5 ? `${move.name}: the limit is called reached ${earlyMs} ms before it is` : undefined;
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
};

function isExpired(before: World, after: World): boolean {
  const isOld = stateOf(before) === 'expired' || !isRunning(before);
  return !isOld && (stateOf(after) === 'expired' || isRenewed(before, after));
}

/** Only a PIN that has expired is renewed. */
function reasonOf(after: World): string | undefined {
  return isRunning(after) ? 'pin' : after.snapshot.context.reason;
}

export const invariants: Readonly<Record<string, (step: Step) => Finding>> = {
  ...holdingInvariants,
  ...paceInvariants,
  ...answerInvariants,
  ...deadlineInvariants,
};

const named = Object.entries(invariants);

/** Gives the first rule that a step breaks, with its finding. */
export function checkStep(step: Step): string | undefined {
  for (const [name, rule] of named) {
    const finding = rule(step);
    if (finding !== undefined) return `${name}: ${finding}`;
  }
  return undefined;
}
