/** Runs flows: the chart decides by its compiled steps, and this does what they ask for. */
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { isPlexAuthError, type PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Pin, PinReading } from '../pin.ts';
import { createWaitPolicy } from '../polling.ts';
import { compileChart, type FlowEvent, type FlowHost, type FlowState } from './compile-chart.ts';
import type { FleetSettings } from './fleet-options.ts';
import type { FleetWire } from './fleet-wire.ts';
import type { FleetFlow } from './flow.ts';
import { createRequestQueue, type RequestQueue, type WheelItem } from './request-queue.ts';
import { createTimerWheel } from './timer-wheel.ts';

/** What runs the flows of one fleet. */
export interface FlowRunner {
  readonly queue: Pick<RequestQueue, 'due' | 'inFlight' | 'lateness'>;
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
  const chart = compileChart(pinAuthMachine);
  const nextDelayMs = createWaitPolicy(polling, random, () => {});
  const wheel = createTimerWheel<WheelItem>(clock, (item) => {
    if ('hinted' in item) queue.open(item);
    else if (item.waitEnd) send(item, item.waitEnd);
  });
  const queue = createRequestQueue({ wheel, requestsPerSecond, connections, send: sendRequest });
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

  function sendRequest(flow: FleetFlow): void {
    const { operation = 'getToken', lane, context } = flow;
    const turn = ++flow.turn;
    const isWanted = () => flow.turn === turn && flow.operation !== undefined;
    const end = (pauseMs: number) => {
      queue.end(lane, pauseMs);
      if (isStopped && queue.inFlight === 0) onIdle();
    };
    const fail = (thrown: unknown) => {
      const error = toError(thrown, clock.now());
      end(pauseOf(error));
      if (isWanted()) send(flow, { type: `xstate.error.actor.${operation}`, error });
    };
    if (operation === 'getPin') {
      wire.getPin(lane.clientIdentifier).then((output) => {
        end(0);
        if (isWanted()) send(flow, { type: 'xstate.done.actor.getPin', output });
      }, fail);
      return;
    }
    const pin = context.pin as Pin;
    const dueForMs = wheel.now() - flow.queuedAtMs;
    const keepLate = (reading: PinReading) => takeLate(flow, pin, reading);
    wire.getToken(pin, keepLate).then((reading) => {
      end(0);
      if (isWanted())
        send(flow, { type: 'xstate.done.actor.getToken', output: countTurn(reading, dueForMs) });
      else keepLate(reading);
    }, fail);
  }

  /** Plex hands a token out once: it counts, although the chart no longer waits for it. */
  function takeLate(flow: FleetFlow, { clientIdentifier }: Pin, reading: PinReading): void {
    if (reading.status !== 'claimed') return;
    send(flow, { type: 'RESTORE', credentials: { token: reading.token, clientIdentifier } });
    onKeep(flow);
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
        if (queue.inFlight === 0) resolve();
      });
    },
  };
}

/** The chart counts the time in the queue as the request's: a limit for the whole sign-in ends in time. */
function countTurn(reading: PinReading, dueForMs: number): PinReading {
  return reading.status === 'pending' ? { ...reading, tookMs: reading.tookMs + dueForMs } : reading;
}

/** How long a client identifier has to be quiet after an error, in milliseconds. */
function pauseOf({ code, retryAfterMs }: PlexAuthError): number {
  return code === 'PLEX_RATE_LIMITED' ? (retryAfterMs ?? defaultPauseMs) : 0;
}

/** The pause where Plex throttles without a `Retry-After`: the step of OAuth's `slow_down` (RFC 8628, 3.5). */
const defaultPauseMs = 5000;

function toError(thrown: unknown, atMs: number): PlexAuthError {
  if (isPlexAuthError(thrown)) return thrown;
  return toPlexAuthError('PLEX_UNEXPECTED', 'A function from outside the library failed', thrown, atMs);
}
