import type { PinAuthContext } from '../../machines/pin-auth.ts';
import type { Pin } from '../pin.ts';
import type { PlexAuthStatus } from '../view.ts';
import type { FlowEvent, FlowState } from './compile-chart.ts';
import type { FlowLife, Lane, QueuedFlow } from './lane.ts';
import { notWaiting, type Waiting } from './timer-wheel.ts';

/** One sign-in: a record, and nothing that runs. */
export interface FleetFlow extends FlowState, QueuedFlow<FleetFlow>, Waiting {
  readonly id: string;
  readonly lane: Lane<FleetFlow>;
  /** When it has to be over, by its own limit, in milliseconds since the epoch. */
  readonly giveUpAtMs: number | undefined;
  /** What ends the wait that it is in. */
  waitEnd: FlowEvent | undefined;
  /** The request that the chart waits for. */
  operation: 'getPin' | 'getToken' | undefined;
  /** Counts the requests: the answer to an earlier one is late. */
  turn: number;
  /** How many of its reads have reached the time limit and are still open, and until when at the most. */
  openReads: number;
  openUntilMs: number;
  /** What the last event said. */
  toldStatus: PlexAuthStatus | undefined;
  toldPin: Pin | undefined;
  toldError: PinAuthContext['lastError'];
}

/** Makes a flow that has not begun. */
export function createFlow(
  id: string,
  lane: FleetFlow['lane'],
  giveUpAtMs: number | undefined,
  { state, context }: FlowState,
): FleetFlow {
  return {
    id,
    lane,
    giveUpAtMs,
    state,
    context,
    dueMs: 0,
    slot: notWaiting,
    waitEnd: undefined,
    operation: undefined,
    turn: 0,
    openReads: 0,
    openUntilMs: 0,
    line: undefined,
    before: undefined,
    after: undefined,
    queuedAtMs: 0,
    toldStatus: undefined,
    toldPin: undefined,
    toldError: undefined,
  };
}

/** Whether a flow's request is for its first code. A renewal's is not: the user of that flow waits for nothing. */
export function isStart({ operation, context }: FleetFlow): boolean {
  return operation === 'getPin' && context.renewalsLeft === context.renewals;
}

/** Whether Plex was asked for the flow's PIN, and has not answered yet. */
export function isPinRequested({ operation, line }: FleetFlow): boolean {
  return operation === 'getPin' && !line;
}

/** Says when a flow that has a PIN ends, and when it was read. */
export function lifeOf({ context, giveUpAtMs = Infinity }: FleetFlow): FlowLife {
  return { endsAtMs: Math.min(context.expiresAtMs, giveUpAtMs), readAtMs: context.atMs };
}
