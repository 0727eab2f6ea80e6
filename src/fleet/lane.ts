import {
  countRequest,
  isSilentsTurn,
  paceOpensAtMs,
  payRequest,
  type RequestPace,
} from '../plex/request-pace.ts';
import { createLine, type InLine, joinLine, type Line, leaveLine, membersOf } from './line.ts';
import { notWaiting, type Waiting } from './timer-wheel.ts';

/** A flow, as far as it waits for its turn. */
export interface QueuedFlow<Flow> extends InLine<Flow> {
  /** Since when its request has been due. */
  queuedAtMs: number;
}

/** All flows of one client identifier: Plex throttles by it. */
export interface Lane<Flow extends QueuedFlow<Flow>> extends Waiting, RequestPace {
  readonly clientIdentifier: string;
  /** How many flows it has. */
  flows: number;
  /** How many of them have a request that waits for its turn. */
  waiting: number;
  /** When the last request was sent, and whether it was for a start. */
  sentAtMs: number;
  isAfterStart: boolean;
  /** Those that somebody waits for: they have no code yet. */
  readonly starting: Line<Flow>;
  /** Those that a hint brought, and the others. */
  readonly hinted: Line<Flow>;
  readonly silent: Line<Flow>;
  /** Those that might never be read again, and so go before all other reads. */
  urgent: Line<Flow> | undefined;
}

/** What decides whether a flow is urgent, in milliseconds by the clock in use. */
export interface FlowLife {
  /** When the flow's PIN, or its own limit, ends. */
  readonly endsAtMs: number;
  /** When the last answer for it arrived. */
  readonly readAtMs: number;
}

/** A timer may fire a little early, and a pace of exactly one a second must not wait for a second timer. */
const toleranceMs = 10;
/** So long before its end a flow is read once more. */
const lastReadMs = 2000;

/** Makes the lane of a client identifier. */
export function createLane<Flow extends QueuedFlow<Flow>>(clientIdentifier: string): Lane<Flow> {
  // Each field by its name: spread in, they would take twice the memory.
  return {
    paidMs: 0,
    pausedUntilMs: 0,
    hintedInRow: 0,
    clientIdentifier,
    flows: 0,
    waiting: 0,
    sentAtMs: -Infinity,
    isAfterStart: false,
    starting: createLine(),
    hinted: createLine(),
    silent: createLine(),
    urgent: undefined,
    dueMs: 0,
    slot: notWaiting,
  };
}

/**
 * When the lane may send its next request.
 *
 * Where hinted reads ran ahead of the even pace, a start does not wait until that is made up for. But a whole interval lies
 * before each start and after it: starts never come in a burst.
 */
export function laneOpensAtMs<Flow extends QueuedFlow<Flow>>(
  lane: Lane<Flow>,
  intervalMs: number,
  nowMs: number,
): number {
  const isStarting = lane.starting.first !== undefined;
  const isAhead = isStarting || lane.hinted.first !== undefined;
  const opensAtMs = paceOpensAtMs(lane, intervalMs, nowMs, isAhead, toleranceMs);
  return isStarting || lane.isAfterStart
    ? Math.max(opensAtMs, lane.sentAtMs + intervalMs - toleranceMs)
    : opensAtMs;
}

/** Lets a flow wait for its turn in one of the lane's lines. */
export function enterLane<Flow extends QueuedFlow<Flow>>(
  lane: Lane<Flow>,
  line: Line<Flow>,
  flow: Flow,
): void {
  if (!flow.line) lane.waiting++;
  joinLine(line, flow);
}

/** Lets a flow wait no longer. */
export function leaveLane<Flow extends QueuedFlow<Flow>>(lane: Lane<Flow>, flow: Flow): void {
  if (flow.line) lane.waiting--;
  leaveLine(flow);
}

/**
 * Takes the flow whose turn it is, and counts its request, which is sent now.
 *
 * A start goes first, for somebody waits for it; but where reads are due, they have every second turn.
 */
export function takeNext<Flow extends QueuedFlow<Flow>>(
  lane: Lane<Flow>,
  intervalMs: number,
  nowMs: number,
): Flow | undefined {
  const { starting, hinted, silent, urgent } = lane;
  const [first, second] = isSilentsTurn(lane) ? [silent, hinted] : [hinted, silent];
  const read = urgent?.first ?? first.first ?? second.first;
  const isStart = starting.first !== undefined && !(read && lane.isAfterStart);
  const flow = isStart ? starting.first : read;
  if (!flow) return undefined;
  if (isStart) payRequest(lane, intervalMs, nowMs);
  else countRequest(lane, intervalMs, nowMs, flow.line === hinted);
  lane.sentAtMs = nowMs;
  lane.isAfterStart = isStart;
  leaveLane(lane, flow);
  return flow;
}

/** Whether a flow that joins its lane now ends so soon that the next read is its last. */
export function isLastRead({ endsAtMs }: FlowLife, clockMs: number): boolean {
  return endsAtMs > clockMs && endsAtMs - clockMs <= lastReadMs;
}

/**
 * Lets those silent flows go first whose last turn has come: whoever approves late is still heard, however late the lane is.
 *
 * Counted from the end, each flow has a turn before its own end and before the turns of those that end later. It counts two
 * requests for each, since a start may come between any two reads. If a flow was not read since, that turn is due now. One that has had it waits as the others do, and one that has ended too.
 *
 * @returns Whether any goes first.
 */
export function findUrgent<Flow extends QueuedFlow<Flow>>(
  lane: Lane<Flow>,
  intervalMs: number,
  clockMs: number,
  lifeOf: (flow: Flow) => FlowLife,
): boolean {
  for (const flow of lane.urgent ? membersOf(lane.urgent) : []) joinLine(lane.silent, flow);
  const byEnd = Array.from(membersOf(lane.silent), (flow) => ({ flow, ...lifeOf(flow) }))
    .filter(({ endsAtMs }) => endsAtMs > clockMs)
    .sort((one, other) => other.endsAtMs - one.endsAtMs);
  let turnMs = Infinity;
  const found: Flow[] = [];
  for (const { flow, endsAtMs, readAtMs } of byEnd) {
    turnMs = Math.min(endsAtMs - lastReadMs, turnMs - 2 * intervalMs);
    if (turnMs <= clockMs && readAtMs < turnMs) found.push(flow);
  }
  if (found.length === 0) return false;
  lane.urgent ??= createLine();
  // Those that end first are the last ones here.
  for (const flow of found.reverse()) joinLine(lane.urgent, flow);
  return true;
}
