/** Runs flows: the chart decides by its compiled steps, and this does what they ask for. */
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { createWaitPolicy } from '../polling.ts';
import type { Clock } from '../ports.ts';
import { compileChart, type FlowEvent, type FlowHost, type FlowState } from './compile-chart.ts';
import type { FleetSettings } from './fleet-options.ts';
import type { FleetWire } from './fleet-wire.ts';
import type { FleetFlow } from './flow.ts';
import { createHeldAnswers } from './held-answers.ts';
import { countQueueTime, limitLeftMs, toLimitEvent } from './queue-time.ts';
import {
  createRequestQueue,
  type RequestQueue,
  type RequestQueueOptions,
  type WheelItem,
} from './request-queue.ts';
import { createRequestSender } from './send-request.ts';
import { createTimerWheel, type TimerWheel } from './timer-wheel.ts';

/** What runs the flows of one fleet. */
export interface FlowRunner {
  readonly queue: Pick<RequestQueue, 'counts' | 'lateness' | 'open' | 'pause'>;
  /** Gives a flow's first state, before any event. @param renewals How many expired PINs may be replaced. */
  begin(renewals: number): FlowState;
  send(flow: FleetFlow, event: FlowEvent): void;
  /** Now is a good moment to ask for this flow. */
  check(flow: FleetFlow): void;
  /** Asks nothing more. Resolves once the answers to what was asked are here. */
  stop(): Promise<void>;
}

/** What a runner needs. */
export interface FlowRunnerOptions {
  readonly settings: FleetSettings;
  readonly wire: FleetWire;
  /**
   * Whether a request of this lane may be sent now, where that is not for the fleet alone to say. Where it may not, the
   * lane's turn comes with {@link RequestQueue.open}. Default: always.
   */
  readonly mayAsk?: RequestQueueOptions['mayAsk'];
  /** Called after each step. */
  onStep(flow: FleetFlow): void;
  /** Called where the chart wants a flow's PIN or token kept or forgotten. */
  onKeep(flow: FleetFlow): void;
  /** Called where Plex asks to wait this long, in milliseconds. */
  readonly onPause?: ((clientIdentifier: string, pauseMs: number) => void) | undefined;
}

/** Makes a runner. */
export function createFlowRunner(options: FlowRunnerOptions): FlowRunner {
  const { settings, wire, mayAsk, onStep, onKeep, onPause } = options;
  const { clock, polling, random } = settings;
  // The build makes the chart when something is provided, which is nothing here: what it leaves to a host is done below.
  const chart = compileChart(pinAuthMachine.provide({}));
  const nextDelayMs = createWaitPolicy(polling, random, () => {});
  const wheel = createTimerWheel<WheelItem>(clock, (item) => {
    if ('hinted' in item) queue.open(item);
    else if (item.operation === 'getPin') endAtLimit(item);
    else if (item.waitEnd) send(item, item.waitEnd);
  });
  const queue = createRequestQueue({ clock, wheel, budget: settings, mayAsk, send: sendFromQueue });
  const sendRequest = createRequestSender({
    clock,
    wire,
    now: wheel.now,
    deliver: send,
    ...createHeldAnswers(wheel, send),
    onLate(flow, credentials) {
      send(flow, { type: 'RESTORE', credentials });
      onKeep(flow);
    },
    onEnd(flow, pauseMs) {
      queue.end(flow.lane, pauseMs);
      if (pauseMs > 0) onPause?.(flow.lane.clientIdentifier, pauseMs);
      if (isStopped && queue.counts.inFlight === 0) onIdle();
    },
  });
  let isStopped = false;
  let onIdle = () => {};

  const host = createHost({ clock, wheel, queue, onKeep, isStopped: () => isStopped });

  function sendFromQueue(flow: FleetFlow): void {
    wheel.remove(flow);
    countQueueTime(flow, wheel.now());
    sendRequest(flow);
  }

  /** No read of it is out that could bring a token, so it need not wait for its turn. */
  function endAtLimit(flow: FleetFlow): void {
    countQueueTime(flow, wheel.now());
    send(flow, toLimitEvent(clock.now()));
  }

  function send(flow: FleetFlow, event: FlowEvent): void {
    chart.step(flow, event, host);
    onStep(flow);
  }

  return {
    queue,
    begin: (renewals) => chart.begin({ renewals, nextDelayMs }),
    send,
    check(flow) {
      send(flow, { type: 'CHECK' });
      queue.hasten(flow);
    },
    stop() {
      isStopped = true;
      wheel.stop();
      queue.stop();
      return new Promise((resolve) => {
        onIdle = resolve;
        if (queue.counts.inFlight === 0) resolve();
      });
    },
  };
}

interface HostParts extends Pick<FlowRunnerOptions, 'onKeep'> {
  readonly clock: Clock;
  readonly wheel: TimerWheel<WheelItem>;
  readonly queue: RequestQueue;
  isStopped(): boolean;
}

/** Makes what the chart's steps ask of the fleet. */
function createHost({ clock, wheel, queue, onKeep, isStopped }: HostParts): FlowHost<FleetFlow> {
  return {
    startWait(flow, delayMs, endEvent) {
      flow.waitEnd = endEvent;
      wheel.add(flow, delayMs);
    },
    stopWait: (flow) => wheel.remove(flow),
    startRequest(flow, operation, input) {
      if (isStopped()) return;
      flow.operation = operation as FleetFlow['operation'];
      const leftMs = operation === 'getPin' ? limitLeftMs(flow, clock.now()) : undefined;
      if (leftMs !== undefined) wheel.add(flow, leftMs);
      flow.queuedAtMs = wheel.now();
      if (leftMs !== 0) queue.add(flow, (input as { isHinted?: boolean }).isHinted === true);
    },
    stopRequest(flow) {
      flow.operation = undefined;
      flow.turn++;
      wheel.remove(flow);
      queue.remove(flow);
    },
    runAction: onKeep,
  };
}
