import type { FleetFlow } from './flow.ts';
import { laneOpensAtMs, payForRequest, takeNext } from './lane.ts';
import { createLatenessMeter, type Lateness } from './lateness.ts';
import type { TimerWheel } from './timer-wheel.ts';

/** Who waits on the fleet's wheel: a flow for its next read, or a lane for its budget. */
export type WheelItem = FleetFlow | FleetFlow['lane'];

/** Decides who is asked for next: each client identifier within its budget, all of them in turns. */
export interface RequestQueue {
  /** The flow's request is due. A hinted one goes before those that are not. */
  add(flow: FleetFlow, isHinted: boolean): void;
  /** A hint came for a flow whose request may wait for its turn. */
  hasten(flow: FleetFlow): void;
  /** The flow's request is no longer wanted. */
  remove(flow: FleetFlow): void;
  /** A request has ended. @param pauseMs How long Plex asked this lane to wait; 0 if it did not. */
  end(lane: FleetFlow['lane'], pauseMs: number): void;
  /** A lane whose budget has opened. */
  open(lane: FleetFlow['lane']): void;
  /** Requests that wait for their turn, and requests in flight. */
  readonly counts: Readonly<QueueCounts>;
  lateness(): Lateness;
}

interface QueueCounts {
  due: number;
  inFlight: number;
}

/** What a queue needs. */
export interface RequestQueueOptions {
  readonly wheel: TimerWheel<WheelItem>;
  readonly requestsPerSecond: number;
  readonly connections: number;
  /** Sends the flow's request. Its end is told by {@link RequestQueue.end}. */
  send(flow: FleetFlow): void;
}

/** The longest pause, in milliseconds, whatever Plex asks for. Then one request shows whether it still asks. */
const longestPauseMs = 120_000;

/** Makes an empty queue. */
export function createRequestQueue(options: RequestQueueOptions): RequestQueue {
  const { wheel, requestsPerSecond, connections, send } = options;
  const intervalMs = 1000 / requestsPerSecond;
  const meter = createLatenessMeter();
  /** The lanes with something to send and a budget for it, in the order of their turns. */
  const ready = new Set<FleetFlow['lane']>();
  const counts: QueueCounts = { due: 0, inFlight: 0 };

  /** A lane that waits for its budget may have it sooner by a hint. */
  function serveAnew(lane: FleetFlow['lane']): void {
    wheel.remove(lane);
    ready.add(lane);
    serve();
  }

  function serve(): void {
    for (const lane of ready) {
      if (counts.inFlight >= connections) return;
      ready.delete(lane);
      serveLane(lane, wheel.now());
    }
  }

  function serveLane(lane: FleetFlow['lane'], nowMs: number): void {
    const waitMs = laneOpensAtMs(lane, intervalMs, nowMs) - nowMs;
    if (waitMs > 0) {
      wheel.add(lane, waitMs);
      return;
    }
    const flow = takeNext(lane);
    if (!flow) return;
    payForRequest(lane, intervalMs, nowMs);
    counts.due--;
    counts.inFlight++;
    meter.note(nowMs - flow.queuedAtMs, nowMs);
    // To the end of the line: the others come first.
    if (lane.waiting > 0) ready.add(lane);
    send(flow);
  }

  return {
    add(flow, isHinted) {
      const { lane } = flow;
      flow.queuedAtMs = wheel.now();
      flow.isQueued = true;
      (isHinted ? lane.hinted : lane.silent).push(flow);
      lane.waiting++;
      counts.due++;
      serveAnew(lane);
    },
    hasten(flow) {
      const { lane } = flow;
      if (!flow.isQueued || flow.isHinted) return;
      lane.silent.splice(lane.silent.indexOf(flow), 1);
      lane.hinted.push(flow);
      flow.isHinted = true;
      serveAnew(lane);
    },
    remove(flow) {
      if (!flow.isQueued) return;
      flow.isQueued = false;
      flow.lane.waiting--;
      counts.due--;
    },
    end(lane, pauseMs) {
      counts.inFlight--;
      if (pauseMs > 0) lane.pausedUntilMs = wheel.now() + Math.min(pauseMs, longestPauseMs);
      serve();
    },
    open: serveAnew,
    counts,
    lateness: () => meter.read(wheel.now()),
  };
}
