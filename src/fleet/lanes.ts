import type { FleetFlow } from './flow.ts';
import { createLane } from './lane.ts';

/** The lanes of all client identifiers in use. */
export interface Lanes {
  /** Gives the lane, with one flow more. */
  enter(clientIdentifier: string): FleetFlow['lane'];
  /** One flow less. */
  leave(lane: FleetFlow['lane']): void;
}

/** Lanes without a flow are kept up to this many: one that comes back has not forgotten what it sent a moment ago. */
const mostIdle = 1000;

/** Makes an empty set of lanes. */
export function createLanes(): Lanes {
  const lanes = new Map<string, FleetFlow['lane']>();
  /** Those without a flow, the one that is so for the longest time first. */
  const idle = new Set<FleetFlow['lane']>();
  return {
    enter(clientIdentifier) {
      const lane = lanes.get(clientIdentifier) ?? createLane<FleetFlow>(clientIdentifier);
      lanes.set(clientIdentifier, lane);
      idle.delete(lane);
      lane.flows++;
      return lane;
    },
    leave(lane) {
      lane.flows--;
      if (lane.flows > 0) return;
      idle.add(lane);
      const [oldest] = idle;
      if (!oldest || idle.size <= mostIdle) return;
      idle.delete(oldest);
      lanes.delete(oldest.clientIdentifier);
    },
  };
}
