import type { Clock } from '../ports.ts';
import { type FleetFlow, lifeOf } from './flow.ts';
import { findUrgent } from './lane.ts';

type FleetLane = FleetFlow['lane'];

/** The lanes with something to send, in the order of their turns. Those with an urgent flow come first. */
export interface LaneTurns {
  /** The lane may send now, or its budget opens. */
  makeReady(lane: FleetLane): void;
  /** The lane waits for its budget. */
  close(lane: FleetLane): void;
  /** Takes the lane whose turn it is. */
  take(): FleetLane | undefined;
  /** Looks, now and then, for flows that would end before their turn. */
  seekUrgent(nowMs: number): void;
}

/** How often it looks, in milliseconds. */
const seekEveryMs = 1000;

/** Makes the turns of no lane. @param intervalMs From one request of a lane to its next. */
export function createLaneTurns(clock: Clock, intervalMs: number): LaneTurns {
  const urgent = new Set<FleetLane>();
  const ready = new Set<FleetLane>();
  const closed = new Set<FleetLane>();
  let soughtAtMs = -Infinity;

  function makeReady(lane: FleetLane): void {
    const isUrgent = lane.urgent?.first !== undefined;
    closed.delete(lane);
    if (isUrgent) ready.delete(lane);
    (isUrgent ? urgent : ready).add(lane);
  }

  return {
    makeReady,
    close: (lane) => void closed.add(lane),
    take() {
      const lanes = urgent.size > 0 ? urgent : ready;
      const [lane] = lanes;
      if (lane) lanes.delete(lane);
      return lane;
    },
    seekUrgent(nowMs) {
      if (nowMs - soughtAtMs < seekEveryMs) return;
      soughtAtMs = nowMs;
      const seek = (lane: FleetLane) => findUrgent(lane, intervalMs, clock.now(), lifeOf);
      for (const lane of closed) if (lane.waiting > 1) seek(lane);
      for (const lane of [...ready]) if (seek(lane)) makeReady(lane);
    },
  };
}
