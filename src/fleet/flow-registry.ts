import type { FlowState } from './compile-chart.ts';
import { createFlow, type FleetFlow } from './flow.ts';
import { isWaitingFlow } from './flow-view.ts';
import { createLanes } from './lanes.ts';

/** What is known of a flow that has not begun. */
interface NewFlow {
  readonly id: string;
  readonly clientIdentifier: string;
  readonly giveUpAtMs?: number | undefined;
}

/** The flows of a fleet, by their names. */
export interface FlowRegistry {
  readonly size: number;
  /** Adds a flow that has not begun. */
  add(own: NewFlow, first: FlowState): FleetFlow;
  remove(flow: FleetFlow): void;
  /** Gives the lane of a client identifier, whether or not it has a flow. */
  laneOf(clientIdentifier: string): FleetFlow['lane'];
  get(id: string): FleetFlow | undefined;
  /** Gives the flow of that name, if it still waits. */
  getRunning(id: string): FleetFlow | undefined;
}

/** Makes an empty registry. */
export function createFlowRegistry(): FlowRegistry {
  const flows = new Map<string, FleetFlow>();
  const lanes = createLanes();
  return {
    get size() {
      return flows.size;
    },
    add({ id, clientIdentifier, giveUpAtMs }, first) {
      const flow = createFlow(id, lanes.enter(clientIdentifier), giveUpAtMs, first);
      flows.set(id, flow);
      return flow;
    },
    remove(flow) {
      // A late token may bring back a flow whose name has another one by now.
      if (flows.get(flow.id) !== flow) return;
      flows.delete(flow.id);
      lanes.leave(flow.lane);
    },
    laneOf(clientIdentifier) {
      const lane = lanes.enter(clientIdentifier);
      lanes.leave(lane);
      return lane;
    },
    get: (id) => flows.get(id),
    getRunning(id) {
      const flow = flows.get(id);
      return flow && isWaitingFlow(flow) ? flow : undefined;
    },
  };
}
