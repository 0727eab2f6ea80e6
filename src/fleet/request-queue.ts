import { pauseRequests } from '../plex/request-pace.ts';
import type { Clock } from '../ports.ts';
import { type FleetFlow, isStart, lifeOf } from './flow.ts';
import { enterLane, isLastRead, laneOpensAtMs, leaveLane, takeNext } from './lane.ts';
import { createLaneTurns } from './lane-turns.ts';
import { createLatenessMeter, type Lateness } from './lateness.ts';
import { createLine, type Line } from './line.ts';
import type { TimerWheel } from './timer-wheel.ts';

/** Who waits on the fleet's wheel: a flow for its next read, or a lane for its budget. */
export type WheelItem = FleetFlow | FleetFlow['lane'];

/**
 * Decides who is asked for next: each client identifier within its budget, all of them in turns. In each, starts and reads
 * take turns, and a flow that would else end unread goes before the other reads.
 */
export interface RequestQueue {
  /** The flow's request is due since `queuedAtMs`. A hinted one goes before those that are not. */
  add(flow: FleetFlow, isHinted: boolean): void;
  /** A hint came for a flow whose request may wait for its turn. */
  hasten(flow: FleetFlow): void;
  /** The flow's request is no longer wanted. */
  remove(flow: FleetFlow): void;
  /** A request has ended. @param pauseMs How long Plex asked this lane to wait; 0 if it did not. */
  end(lane: FleetFlow['lane'], pauseMs: number): void;
  /** A lane whose budget has opened, or that may ask again. */
  open(lane: FleetFlow['lane']): void;
  /** Asks nothing for this lane for so long, in milliseconds. */
  pause(lane: FleetFlow['lane'], pauseMs: number): void;
  /** Sends nothing more. */
  stop(): void;
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
  readonly clock: Clock;
  readonly wheel: TimerWheel<WheelItem>;
  /** `connections` may change: on many machines each has a part of them. */
  readonly budget: { readonly requestsPerSecond: number; readonly connections: number };
  /** Asked before each request. Where it says no, the lane waits until {@link RequestQueue.open}. Default: always yes. */
  readonly mayAsk?: ((lane: FleetFlow['lane']) => boolean) | undefined;
  /** Sends the flow's request. Its end is told by {@link RequestQueue.end}. */
  send(flow: FleetFlow): void;
}

/** Makes an empty queue. */
export function createRequestQueue(options: RequestQueueOptions): RequestQueue {
  const { clock, wheel, budget, mayAsk = () => true, send } = options;
  const intervalMs = 1000 / budget.requestsPerSecond;
  const meter = createLatenessMeter();
  const turns = createLaneTurns(clock, intervalMs);
  const counts: QueueCounts = { due: 0, inFlight: 0 };
  let isStopped = false;

  /** A lane that waits for its budget may have it sooner by a hint. */
  function serveAnew(lane: FleetFlow['lane']): void {
    wheel.remove(lane);
    turns.makeReady(lane);
    serve();
  }

  function serve(): void {
    if (isStopped) return;
    const nowMs = wheel.now();
    turns.seekUrgent(nowMs);
    while (counts.inFlight < budget.connections) {
      const lane = turns.take();
      if (!lane) return;
      serveLane(lane, nowMs);
    }
  }

  function serveLane(lane: FleetFlow['lane'], nowMs: number): void {
    const waitMs = laneOpensAtMs(lane, intervalMs, nowMs) - nowMs;
    if (waitMs > 0) {
      turns.close(lane);
      wheel.add(lane, waitMs);
      return;
    }
    if (lane.waiting === 0 || !mayAsk(lane)) return;
    const flow = takeNext(lane, intervalMs, nowMs) as FleetFlow;
    counts.due--;
    counts.inFlight++;
    meter.note(nowMs - flow.queuedAtMs, nowMs);
    // To the end of the line: the others come first.
    if (lane.waiting > 0) turns.makeReady(lane);
    send(flow);
  }

  return {
    add(flow, isHinted) {
      counts.due++;
      enterLane(flow.lane, lineFor(flow, isHinted, clock.now()), flow);
      serveAnew(flow.lane);
    },
    hasten(flow) {
      const { lane } = flow;
      if (flow.line !== lane.silent) return;
      enterLane(lane, lane.hinted, flow);
      serveAnew(lane);
    },
    remove(flow) {
      if (!flow.line) return;
      leaveLane(flow.lane, flow);
      counts.due--;
    },
    end(lane, pauseMs) {
      counts.inFlight--;
      pauseRequests(lane, pauseMs, wheel.now());
      serve();
    },
    open: serveAnew,
    pause: (lane, pauseMs) => pauseRequests(lane, pauseMs, wheel.now()),
    stop() {
      isStopped = true;
    },
    counts,
    lateness: () => meter.read(wheel.now()),
  };
}

/** Chooses the line of a flow whose request is due. */
function lineFor(flow: FleetFlow, isHinted: boolean, clockMs: number): Line<FleetFlow> {
  const { lane } = flow;
  if (isStart(flow)) return lane.starting;
  if (isHinted) return lane.hinted;
  if (!isLastRead(lifeOf(flow), clockMs)) return lane.silent;
  lane.urgent ??= createLine();
  return lane.urgent;
}
