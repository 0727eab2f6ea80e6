import type { PinAuthContext } from '../../machines/pin-auth.ts';
import type { Pin } from '../pin.ts';
import type { PlexAuthStatus } from '../view.ts';
import type { FlowEvent, FlowState } from './compile-chart.ts';
import type { Lane, QueuedFlow } from './lane.ts';
import { notWaiting, type Waiting } from './timer-wheel.ts';

/** One sign-in: a record, and nothing that runs. */
export interface FleetFlow extends FlowState, QueuedFlow, Waiting {
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
    isQueued: false,
    queuedAtMs: 0,
    isHinted: false,
    toldStatus: undefined,
    toldPin: undefined,
    toldError: undefined,
  };
}
