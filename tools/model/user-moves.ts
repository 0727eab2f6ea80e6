/** What the user, the application and other tabs do. */
import { PlexAuthError } from '../../src/errors.ts';
import type { Pin } from '../../src/pin.ts';
import { type Move, spend } from './move.ts';
import type { Budget, Scenario } from './scenario.ts';
import {
  type ChartEvent,
  canGiveToken,
  clientIdentifier,
  isOver,
  isRunning,
  nowMs,
  type PlexPin,
  stateOf,
  tokens,
  type World,
} from './world.ts';

const storeError = new PlexAuthError('PLEX_STORE', 'the store failed', { atMs: nowMs, retryable: true });

export function userMoves(world: World, scenario: Scenario): Move[] {
  const isFirst = stateOf(world) === 'idle' && world.past.mostPins === 0;
  if (isFirst) return scenario.isResumed ? resumeMoves(scenario) : [firstStart(scenario)];
  return [...approvalMoves(world), ...appMoves(world, scenario)];
}

function approvalMoves({ plexPin, requests, past }: World): Move[] {
  if (!plexPin || plexPin.approval || plexPin.leftMs <= 0) return [];
  const approval = { leftMs: plexPin.leftMs, isCalm: !past.isTimeOdd && past.throttledMs === 0 };
  return [
    {
      name: 'the user approves',
      by: 'user',
      change: {
        plexPin: { ...plexPin, approval },
        requests: requests.map((request) => ({ ...request, wasApprovedSince: true })),
      },
    },
  ];
}

function appMoves(world: World, scenario: Scenario): Move[] {
  const moves: (Move | undefined)[] = [
    sendIf(isRunning(world), world, 'checks', { type: 'CHECK' }),
    sendIf(!isOver(world), world, 'cancels', { type: 'CANCEL' }),
    lateCancelMove(world),
    sendIf(true, world, 'starts', startEvent(scenario)),
    restoreMove(world),
    sendIf(stateOf(world) === 'authenticated', world, 'endings', { type: 'SIGN_OUT' }),
    sendIf(stateOf(world) === 'authenticated', world, 'endings', { type: 'REJECTED' }),
    sendIf(true, world, 'storeErrors', { type: 'STORE_FAILED', error: storeError }),
  ];
  return moves.filter((move) => move !== undefined);
}

/** Another tab has signed in, and stored its credentials. */
function restoreMove(world: World): Move | undefined {
  const { snapshot, stored } = world;
  const event = { type: 'RESTORE', credentials: { token: tokens.restored, clientIdentifier } } as const;
  const move = sendIf(true, world, 'restores', event);
  const isTaken = move && snapshot.can(event);
  return isTaken ? { ...move, change: { ...move.change, stored: { ...stored, credentials: true } } } : move;
}

/** The read is aborted just as its answer arrives: the engine offers the token to the chart afterwards. */
function lateCancelMove(world: World): Move | undefined {
  const { plexPin } = world;
  if (stateOf(world) !== 'fetchingToken' || !plexPin || !canGiveToken(plexPin)) return undefined;
  const move = sendIf(true, world, 'cancels', { type: 'CANCEL' });
  return (
    move && {
      ...move,
      name: 'CANCEL, as the token arrives',
      change: { ...move.change, lateRead: { hasToken: true } },
    }
  );
}

function sendIf(isPossible: boolean, world: World, name: keyof Budget, event: ChartEvent): Move | undefined {
  if (!isPossible || world.budget[name] <= 0) return undefined;
  return { name: event.type, by: 'user', event, change: spend(world, name) };
}

function firstStart(scenario: Scenario): Move {
  return { name: 'START', by: 'user', event: startEvent(scenario) };
}

function startEvent({ giveUpAfterMs }: Scenario): ChartEvent {
  return { type: 'START', atMs: nowMs, giveUpAfterMs };
}

/** A stored PIN is fresh or old, approved or not, of a clock that was ahead, or one that Plex has forgotten. */
function resumeMoves(scenario: Scenario): Move[] {
  const lifeMs = scenario.pinLifeMs;
  const approval = { leftMs: 0, isCalm: false };
  const open: PlexPin = { leftMs: lifeMs, approval: undefined, isGiven: false, isUnknown: false };
  const half: PlexPin = { ...open, leftMs: lifeMs / 2 };
  return [
    resumeMove(scenario, 'a fresh PIN', 0, open),
    resumeMove(scenario, 'half a life left', lifeMs / 2, half),
    resumeMove(scenario, 'approved by now', lifeMs / 2, { ...half, approval }),
    resumeMove(scenario, 'used up', lifeMs / 2, { ...half, approval, isGiven: true }),
    resumeMove(scenario, 'no longer known', 0, { ...open, isUnknown: true }),
    resumeMove(scenario, 'expired', 2 * lifeMs, { ...open, leftMs: -lifeMs }),
    resumeMove(scenario, 'of a clock that was ahead', -lifeMs, open),
  ];
}

function resumeMove(
  { pinLifeMs, giveUpAfterMs }: Scenario,
  what: string,
  agoMs: number,
  plexPin: PlexPin,
): Move {
  const pin: Pin = { pinID: 1, code: 'code', clientIdentifier, atMs: nowMs - agoMs, expiresInMs: pinLifeMs };
  return {
    name: `RESUME (${what})`,
    by: 'user',
    event: { type: 'RESUME', pin, atMs: nowMs, giveUpAfterMs },
    change: { plexPin },
  };
}
