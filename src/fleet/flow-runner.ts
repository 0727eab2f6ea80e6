/** Runs flows: the chart decides by its compiled steps, and this does what they ask for. */
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { createWaitPolicy } from '../polling.ts';
import { compileChart, type FlowEvent, type FlowHost, type FlowState } from './compile-chart.ts';
import type { FleetSettings } from './fleet-options.ts';
import type { FleetWire } from './fleet-wire.ts';
import type { FleetFlow } from './flow.ts';
import { createRequestQueue, type RequestQueue, type WheelItem } from './request-queue.ts';
import { createRequestSender } from './send-request.ts';
import { createTimerWheel } from './timer-wheel.ts';

/** What runs the flows of one fleet. */
export interface FlowRunner {
  readonly queue: Pick<RequestQueue, 'counts' | 'lateness'>;
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
  /** Called after each step. */
  onStep(flow: FleetFlow): void;
  /** Called where the chart wants a flow's PIN or token kept or forgotten. */
  onKeep(flow: FleetFlow): void;
}

/** Makes a runner. */
export function createFlowRunner({ settings, wire, onStep, onKeep }: FlowRunnerOptions): FlowRunner {
  const { clock, polling, random, requestsPerSecond, connections } = settings;
  // The build makes the chart when something is provided, which is nothing here: what it leaves to a host is done below.
  const chart = compileChart(pinAuthMachine.provide({}));
  const nextDelayMs = createWaitPolicy(polling, random, () => {});
  const wheel = createTimerWheel<WheelItem>(clock, (item) => {
    if ('hinted' in item) queue.open(item);
    else if (item.waitEnd) send(item, item.waitEnd);
  });
  const budget = { requestsPerSecond, connections };
  const queue = createRequestQueue({ wheel, ...budget, send: (flow) => sendRequest(flow) });
  const sendRequest = createRequestSender({
    clock,
    wire,
    now: wheel.now,
    deliver: send,
    onLate(flow, credentials) {
      send(flow, { type: 'RESTORE', credentials });
      onKeep(flow);
    },
    onEnd(flow, pauseMs) {
      queue.end(flow.lane, pauseMs);
      if (isStopped && queue.counts.inFlight === 0) onIdle();
    },
  });
  let isStopped = false;
  let onIdle = () => {};

  const host: FlowHost<FleetFlow> = {
    startWait(flow, delayMs, endEvent) {
      if (isStopped) return;
      flow.waitEnd = endEvent;
      wheel.add(flow, delayMs);
    },
    stopWait: (flow) => wheel.remove(flow),
    startRequest(flow, operation, input) {
      if (isStopped) return;
      flow.operation = operation as FleetFlow['operation'];
      flow.isHinted = (input as { isHinted?: boolean }).isHinted === true;
      queue.add(flow, flow.isHinted);
    },
    stopRequest(flow) {
      flow.operation = undefined;
      flow.turn++;
      queue.remove(flow);
    },
    runAction: onKeep,
  };

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
      return new Promise((resolve) => {
        onIdle = resolve;
        if (queue.counts.inFlight === 0) resolve();
      });
    },
  };
}
