import { isPlexAuthError, type PlexAuthError } from '../errors.ts';
import type { Credentials, Pin, PinReading } from '../pin.ts';
import { longestReadMs } from '../plex/late-reads.ts';
import type { ReadListener } from '../plex/read-pin.ts';
import type { Clock } from '../ports.ts';
import { toKnownError } from '../to-known-error.ts';
import type { FlowEvent } from './compile-chart.ts';
import type { FleetWire } from './fleet-wire.ts';
import type { FleetFlow } from './flow.ts';
import type { HeldAnswers } from './held-answers.ts';

/** What {@link createRequestSender} needs. */
export interface RequestSenderOptions extends HeldAnswers {
  readonly clock: Clock;
  readonly wire: FleetWire;
  /** The time by which flows are queued, in milliseconds. */
  now(): number;
  /** Called with the answer that the chart waits for. */
  deliver(flow: FleetFlow, event: FlowEvent): void;
  /** Called with a token that the chart no longer waits for. */
  onLate(flow: FleetFlow, credentials: Credentials): void;
  /** Called at the end of each request, before its answer is delivered. @param pauseMs How long Plex asked to wait; 0 if it did not. */
  onEnd(flow: FleetFlow, pauseMs: number): void;
}

/** Makes what sends the request of a flow. */
export function createRequestSender(options: RequestSenderOptions): (flow: FleetFlow) => void {
  const { wire, deliver, onEnd } = options;

  function sendGetPin(flow: FleetFlow, turn: number): void {
    wire.getPin(flow.lane.clientIdentifier).then(
      (output) => {
        onEnd(flow, 0);
        if (isWanted(flow, turn)) deliver(flow, { type: 'xstate.done.actor.getPin', output });
      },
      (thrown) => endWithError(options, flow, turn, thrown),
    );
  }

  return (flow) => {
    const turn = ++flow.turn;
    if (flow.operation === 'getPin') sendGetPin(flow, turn);
    else {
      const pin = flow.context.pin as Pin;
      wire.readPin(pin, new FlowRead(options, flow, turn));
    }
  };
}

/** Takes what a read brings for its flow. A class: thousands of these are made each second. */
class FlowRead implements ReadListener {
  private readonly options: RequestSenderOptions;
  private readonly flow: FleetFlow;
  private readonly turn: number;

  constructor(options: RequestSenderOptions, flow: FleetFlow, turn: number) {
    this.options = options;
    this.flow = flow;
    this.turn = turn;
  }

  onReading(reading: PinReading): void {
    const { options, flow, turn } = this;
    options.onEnd(flow, 0);
    if (!isWanted(flow, turn)) {
      this.keepToken(reading);
      return;
    }
    const event: FlowEvent = { type: 'xstate.done.actor.getToken', output: reading };
    // Plex may have forgotten the PIN because it handed the token to a read that is still open.
    const isTokenOpen = flow.openReads > 0 && options.now() < flow.openUntilMs;
    if (reading.status === 'gone' && isTokenOpen) options.holdBack(flow, event);
    else options.deliver(flow, event);
  }

  onError(thrown: unknown): void {
    const { options, flow, turn } = this;
    if (isPlexAuthError(thrown) && thrown.code === 'PLEX_TIMEOUT') {
      flow.openReads++;
      flow.openUntilMs = options.now() + longestReadMs;
    }
    endWithError(options, flow, turn, thrown);
  }

  onLate(reading: PinReading): void {
    const { options, flow } = this;
    flow.openReads--;
    this.keepToken(reading);
    if (flow.openReads === 0) options.release(flow);
  }

  /** Plex hands a token out once: it counts, although the chart no longer waits for it. */
  private keepToken(reading: PinReading): void {
    const { options, flow } = this;
    const { clientIdentifier } = flow.lane;
    if (reading.status === 'claimed') options.onLate(flow, { token: reading.token, clientIdentifier });
  }
}

/** Whether the chart still waits for the answer to the request of this turn. */
function isWanted(flow: FleetFlow, turn: number): boolean {
  return flow.turn === turn && flow.operation !== undefined;
}

function endWithError(
  { clock, deliver, onEnd }: RequestSenderOptions,
  flow: FleetFlow,
  turn: number,
  thrown: unknown,
): void {
  const error = toKnownError(thrown, clock.now());
  onEnd(flow, pauseOf(error));
  if (isWanted(flow, turn)) deliver(flow, { type: `xstate.error.actor.${flow.operation}`, error });
}

/** How long a client identifier has to be quiet after an error, in milliseconds. */
export function pauseOf({ code, retryAfterMs }: PlexAuthError): number {
  return code === 'PLEX_RATE_LIMITED' ? (retryAfterMs ?? defaultPauseMs) : 0;
}

/** The pause where Plex throttles without a `Retry-After`: the step of OAuth's `slow_down` (RFC 8628, 3.5). */
const defaultPauseMs = 5000;
