import { notWaiting, type Waiting } from './timer-wheel.ts';

/** A flow, as far as it waits for its turn. */
export interface QueuedFlow {
  /** Whether its request waits for its turn, since when, and whether a hint brought it. */
  isQueued: boolean;
  queuedAtMs: number;
  isHinted: boolean;
}

/** All flows of one client identifier: Plex throttles by it. */
export interface Lane<Flow extends QueuedFlow> extends Waiting {
  readonly clientIdentifier: string;
  /** How many flows it has. */
  flows: number;
  /** Flows whose request is due: those that a hint brought, and the others. Some may have been withdrawn. */
  readonly hinted: Flow[];
  readonly silent: Flow[];
  /** How many of them are still wanted. */
  waiting: number;
  /** When the requests so far are paid for. */
  paidMs: number;
  /** Until when Plex asked to wait. */
  pausedUntilMs: number;
  hintedInRow: number;
}

/** How many hinted requests may go out ahead of the even pace. */
const burst = 5;
/** One request of so many is a silent flow's, however many hinted ones wait: nobody starves. */
const silentShare = 4;
/** A timer may fire a little early, and a pace of exactly one a second must not wait for a second timer. */
const toleranceMs = 10;

/** Makes the lane of a client identifier. */
export function createLane<Flow extends QueuedFlow>(clientIdentifier: string): Lane<Flow> {
  return {
    clientIdentifier,
    flows: 0,
    hinted: [],
    silent: [],
    waiting: 0,
    paidMs: 0,
    pausedUntilMs: 0,
    hintedInRow: 0,
    dueMs: 0,
    slot: notWaiting,
  };
}

/** When the lane may send its next request. */
export function laneOpensAtMs(lane: Lane<QueuedFlow>, intervalMs: number, nowMs: number): number {
  const isAhead = lane.hinted.some(({ isQueued }) => isQueued);
  const paidMs = Math.min(lane.paidMs, nowMs + burst * intervalMs);
  const openMs = paidMs - (isAhead ? (burst - 1) * intervalMs : 0) - toleranceMs;
  return Math.max(lane.pausedUntilMs, openMs);
}

/** Counts a request that is sent now. */
export function payForRequest(lane: Lane<QueuedFlow>, intervalMs: number, nowMs: number): void {
  lane.paidMs = Math.max(Math.min(lane.paidMs, nowMs + burst * intervalMs), nowMs) + intervalMs;
}

/** Takes the flow whose turn it is. */
export function takeNext<Flow extends QueuedFlow>(lane: Lane<Flow>): Flow | undefined {
  const { hinted, silent } = lane;
  const isSilentsTurn = lane.hintedInRow >= silentShare - 1;
  const [first, second] = isSilentsTurn ? [silent, hinted] : [hinted, silent];
  const flow = shiftQueued(first) ?? shiftQueued(second);
  if (!flow) return undefined;
  lane.hintedInRow = flow.isHinted ? lane.hintedInRow + 1 : 0;
  lane.waiting--;
  flow.isQueued = false;
  return flow;
}

function shiftQueued<Flow extends QueuedFlow>(flows: Flow[]): Flow | undefined {
  for (let flow = flows.shift(); flow; flow = flows.shift()) if (flow.isQueued) return flow;
  return undefined;
}
