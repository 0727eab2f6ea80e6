/** What can come back for a request. */
import { PlexAuthError, type PlexAuthErrorDetails } from '../../src/errors.ts';
import type { Pin, PinReading } from '../../src/pin.ts';
import { type Answer, type Move, spend } from './move.ts';
import type { PlexBehaviour, Scenario } from './scenario.ts';
import {
  canGiveToken,
  clientIdentifier,
  nowMs,
  type PlexPin,
  type Request,
  tokens,
  type World,
} from './world.ts';

const resetError = errorOf('PLEX_NETWORK', 'reset', {});
const timeoutError = errorOf('PLEX_TIMEOUT', 'timeout', {});
const httpError = errorOf('PLEX_HTTP', 'status 400', { retryable: false });
const throttledError = errorOf('PLEX_RATE_LIMITED', '429', {});
const briefThrottleError = errorOf('PLEX_RATE_LIMITED', '429 for 8 s', { retryAfterMs: 8000 });
const longThrottleError = errorOf('PLEX_RATE_LIMITED', '429 for an hour', { retryAfterMs: 3_600_000 });
const goneError = errorOf('PLEX_CLIENT_MISMATCH', 'gone', { retryable: false });

export function requestMoves(world: World, scenario: Scenario): Move[] {
  const [request] = world.requests;
  switch (request?.operation) {
    case 'getPin':
      return [pinMove(world, request, scenario), ...errorMoves(world, request, scenario)];
    case 'getToken':
      return [...readingMoves(world, request, scenario), ...errorMoves(world, request, scenario)];
    case 'signOut':
      return [doneMove(world, request, 'signedOut', {}), ...errorMoves(world, request, scenario)];
    default:
      return [];
  }
}

function pinMove(world: World, request: Request, { pinLifeMs }: Scenario): Move {
  const pinID = world.past.pins + 1;
  const pin: Pin = { pinID, code: `${pinID}`, clientIdentifier, atMs: nowMs, expiresInMs: pinLifeMs };
  const plexPin: PlexPin = { leftMs: pinLifeMs, approval: undefined, isGiven: false, isUnknown: false };
  // A late read of an earlier PIN brings nothing more, unless its answer is on its way.
  const lateRead = world.lateRead?.hasToken ? world.lateRead : undefined;
  const past = { ...world.past, countMs: pinLifeMs };
  return doneMove(world, request, 'pin', pin, { plexPin, lateRead, past });
}

/** What a read can find, by what Plex knew at some moment while it was out. */
function readingMoves(world: World, request: Request, scenario: Scenario): Move[] {
  const { plexPin } = world;
  if (scenario.plex === 'unreachable') return [resetMove(world, request)];
  if (scenario.plex !== 'right') return [wrongCountMove(world, request, scenario)];
  if (!plexPin) return [goneMove(world, request)];
  const { leftMs, approval, isGiven, isUnknown } = plexPin;
  const wasAlive = leftMs + request.ageMs > 0 && !isUnknown && !isGiven;
  const isWaiting = !approval || request.wasApprovedSince;
  const moves: Move[] = [];
  if (approval && wasAlive) moves.push(tokenMove(world, request, plexPin, scenario));
  // At a PIN's end Plex may say "not yet, 0 s left" as well as "gone".
  if (isWaiting && !isUnknown && !isGiven) moves.push(...pendingMoves(world, request, plexPin, scenario));
  if (leftMs <= 0 || isUnknown || isGiven) moves.push(goneMove(world, request));
  else if (world.budget.faults > 0) moves.push(forgetMove(world, request, plexPin));
  return moves;
}

function tokenMove(world: World, request: Request, plexPin: PlexPin, { isReadOnce }: Scenario): Move {
  const reading: PinReading = { status: 'claimed', atMs: nowMs, token: tokens.answered };
  return doneMove(world, request, 'token', reading, { plexPin: { ...plexPin, isGiven: isReadOnce } });
}

/** "Not yet" from a Plex that counts wrong, always. */
function wrongCountMove(world: World, request: Request, { plex }: Scenario): Move {
  const { countMs } = world.past;
  const steps: Partial<Record<PlexBehaviour, number>> = { 'counts up': 1000, crawls: -1 };
  const nextMs = countMs + (steps[plex] ?? 0);
  return pendingMove(world, request, nextMs, { past: { ...world.past, isTimeOdd: true, countMs: nextMs } });
}

/** "Not yet", with the right count; or, at a cost, with one that stands still, rises, crawls, or is 0. */
function pendingMoves(world: World, request: Request, plexPin: PlexPin, scenario: Scenario): Move[] {
  const rightMs = Math.floor(Math.max(0, plexPin.leftMs) / 1000) * 1000;
  const moves = [pendingMove(world, request, rightMs, {})];
  if (world.budget.oddCounts <= 0) return moves;
  const { countMs } = world.past;
  const oddCountsMs = new Set([countMs, countMs - 1, scenario.pinLifeMs, 3_600_000, 0]);
  oddCountsMs.delete(rightMs);
  const change = {
    ...spend(world, 'oddCounts'),
    ...withTrouble(world),
    past: { ...world.past, isTimeOdd: true },
  };
  return [...moves, ...[...oddCountsMs].map((ms) => pendingMove(world, request, ms, change))];
}

function pendingMove(world: World, request: Request, expiresInMs: number, change: Partial<World>): Move {
  const reading: PinReading = { status: 'pending', atMs: nowMs, tookMs: request.ageMs, expiresInMs };
  const move = doneMove(world, request, 'pending', reading, change);
  const past = change.past ?? world.past;
  // Only an odd count compares with the last one.
  const countMs = world.budget.oddCounts > 0 ? expiresInMs : past.countMs;
  return {
    ...move,
    name: `not yet, ${expiresInMs / 1000} s left`,
    change: { ...move.change, past: { ...past, countMs } },
  };
}

function goneMove(world: World, request: Request): Move {
  return doneMove(world, request, 'gone', { status: 'gone', atMs: nowMs, error: goneError });
}

/** Plex denies a PIN long before its end, and does so from now on. */
function forgetMove(world: World, request: Request, plexPin: PlexPin): Move {
  const approval = plexPin.approval && { ...plexPin.approval, isCalm: false };
  const unknown = { ...plexPin, approval, isUnknown: true };
  const move = goneMove(world, request);
  return {
    ...move,
    name: 'gone, before its end',
    change: { ...move.change, ...spend(world, 'faults'), plexPin: unknown },
  };
}

function errorMoves(world: World, request: Request, { requestTimeoutMs }: Scenario): Move[] {
  if (world.budget.faults <= 0) return [];
  const isTimeout = request.ageMs >= requestTimeoutMs;
  const errors = [resetError, throttledError, briefThrottleError, longThrottleError, httpError];
  return [
    ...errors.map((error) => errorMove(world, request, error)),
    ...(isTimeout ? [timeoutMove(world, request)] : []),
  ];
}

/** A read that has timed out goes on in the background, and its answer is listened to. */
function timeoutMove(world: World, request: Request): Move {
  const move = errorMove(world, request, timeoutError);
  if (request.operation !== 'getToken' || world.lateRead) return move;
  return { ...move, change: { ...move.change, lateRead: { hasToken: false } } };
}

/** A read fails at no cost: nothing reaches Plex any more. */
function resetMove(world: World, request: Request): Move {
  const { change, ...move } = errorMove(world, request, resetError);
  return { ...move, change: { ...change, budget: world.budget } };
}

function errorMove(world: World, request: Request, error: PlexAuthError): Move {
  return {
    name: `${request.operation} fails: ${error.message}`,
    by: 'plex',
    event: {
      type: `xstate.error.actor.${request.operation}`,
      error,
      actorId: request.operation,
    } as Move['event'] & {},
    change: { ...withoutRequest(world, request), ...spend(world, 'faults'), ...withTrouble(world) },
    answer: error,
  };
}

function doneMove(
  world: World,
  request: Request,
  answer: Answer & string,
  output: object,
  change: Partial<World> = {},
): Move {
  const { operation } = request;
  return {
    name: `${operation} brings: ${answer}`,
    by: 'plex',
    event: { type: `xstate.done.actor.${operation}`, output, actorId: operation } as Move['event'] & {},
    change: { ...withoutRequest(world, request), ...change },
    answer,
  };
}

function withoutRequest({ requests }: World, request: Request): Partial<World> {
  return { requests: requests.filter((one) => one !== request) };
}

function withTrouble({ plexPin }: World): Partial<World> {
  if (!plexPin?.approval) return {};
  return { plexPin: { ...plexPin, approval: { ...plexPin.approval, isCalm: false } } };
}

function errorOf(
  code: PlexAuthError['code'],
  message: string,
  details: Partial<PlexAuthErrorDetails>,
): PlexAuthError {
  return new PlexAuthError(code, message, { atMs: nowMs, retryable: true, ...details });
}

/** Plex answers a read that nobody waits for; then the answer arrives, and the engine offers its token to the chart. */
export function lateReadMoves(world: World): Move[] {
  const { lateRead, plexPin } = world;
  if (!lateRead) return [];
  if (lateRead.hasToken) return [lateTokenMove(world)];
  if (!plexPin || !canGiveToken(plexPin)) return [];
  return [
    {
      name: 'Plex hands the token to the late read',
      by: 'user',
      change: { lateRead: { hasToken: true }, plexPin: { ...plexPin, isGiven: true } },
    },
  ];
}

/** As the engine does: the token is stored and offered, unless the chart holds another one. */
function lateTokenMove({ snapshot, stored }: World): Move {
  const event = { type: 'RESTORE', credentials: { token: tokens.late, clientIdentifier } } as const;
  return {
    name: 'the late token arrives',
    by: 'plex',
    event,
    change: {
      lateRead: undefined,
      stored: snapshot.can(event) ? { pin: false, credentials: true } : stored,
    },
  };
}
