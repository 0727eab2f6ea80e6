/** What a move adds to the past. The rules compare the chart with it. */
import type { Move } from './move.ts';
import { checkPaceMs, throttleMs } from './promises.ts';
import type { Scenario } from './scenario.ts';
import { freshPast, isRunning, type Past, stateOf, type TokenName, type World } from './world.ts';

/** @param after The world after the move, but for its past. */
export function pastAfterMove(before: World, move: Move, after: World, scenario: Scenario): Past {
  if (move.event === undefined) return after.past;
  if (isBegun(before, after)) return begin(before, move, scenario);
  const answered = withAnswer(after.past, move);
  const restored = { ...answered, token: tokenAfter(before, move) };
  const isStartDue = restored.isResumed && (restored.isStartDue || move.event.type === 'START');
  const checked = withCheck(before, move, after, { ...restored, isStartDue });
  if (!isRunning(after)) return atEnd(checked);
  return isRenewed(before, after) ? afterRenewal(checked) : checked;
}

/** A start that was due gets a PIN of its own. */
function afterRenewal(past: Past): Past {
  const mostPins = past.mostPins + (past.isStartDue ? 1 : 0);
  return { ...past, mostPins, failures: 0, pinAgeMs: 0, isResumed: false, isStartDue: false };
}

/** Whether a `START` or `RESUME` was taken. */
export function isBegun(before: World, after: World): boolean {
  return !isRunning(before) && isRunning(after);
}

/** Whether the chart asks for a new PIN by itself. */
export function isRenewed(before: World, after: World): boolean {
  return stateOf(before) === 'fetchingToken' && ['asking', 'backingOff'].includes(stateOf(after));
}

/** Which error an event or answer brought, if any. */
export function errorOfMove({ answer }: Move) {
  return typeof answer === 'object' ? answer : undefined;
}

function begin(before: World, { event }: Move, { renewals }: Scenario): Past {
  const isResumed = event?.type === 'RESUME';
  const mostPins = 1 + renewals;
  return { ...freshPast, pins: isResumed ? 1 : 0, mostPins, isResumed, token: before.past.token };
}

/** A sign-in that is over is done with its PINs, its errors and its pace. */
function atEnd({ token, mostPins }: Past): Past {
  return { ...freshPast, token, mostPins };
}

function withAnswer(past: Past, move: Move): Past {
  const error = errorOfMove(move);
  if (error) {
    const throttledMs = error.retryAfterMs ?? (error.code === 'PLEX_RATE_LIMITED' ? throttleMs : 0);
    return {
      ...past,
      failures: past.failures + 1,
      lastError: error,
      throttledMs,
      isWaitThrottled: throttledMs > 0,
    };
  }
  switch (move.answer) {
    case 'pin':
      return { ...past, failures: 0, lastError: undefined, pins: past.pins + 1, pinAgeMs: 0 };
    case 'pending':
      return { ...past, failures: 0, lastError: undefined, isResumed: false };
    default:
      return move.event?.type === 'STORE_FAILED' ? { ...past, lastError: move.event.error } : past;
  }
}

/** Which token must be held now: the first one that came, until it is given up. While it is revoked, none is taken. */
function tokenAfter(before: World, { answer, event, name }: Move): TokenName | undefined {
  const { token } = before.past;
  if (answer === 'token') return 'answered';
  if (event?.type === 'RESTORE' && stateOf(before) !== 'signingOut')
    return token ?? (name === 'RESTORE' ? 'restored' : 'late');
  return event?.type === 'SIGN_OUT' || event?.type === 'REJECTED' ? undefined : token;
}

function withCheck(before: World, move: Move, after: World, past: Past): Past {
  const isCheck = move.event?.type === 'CHECK';
  const isHeard = isCheck && stateOf(before) !== 'asking' && !past.isWaitThrottled;
  const isCheckDue = past.isCheckDue || isHeard;
  if (!isRequestSent(before, move, after)) return { ...past, isCheckDue };
  const isPrompt = past.quietMs < checkPaceMs && isCheckDue;
  return {
    ...past,
    isCheckDue: false,
    isWaitThrottled: false,
    quietMs: 0,
    promptRequests: isPrompt ? past.promptRequests + 1 : 0,
  };
}

/** Whether the chart has sent a request. */
export function isRequestSent(before: World, { event }: Move, after: World): boolean {
  return (
    event !== undefined &&
    after.requests.some((request) => !before.requests.includes(request) && request.ageMs === 0)
  );
}
