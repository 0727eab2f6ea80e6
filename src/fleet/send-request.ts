import { isPlexAuthError, type PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Credentials, Pin, PinReading } from '../pin.ts';
import type { Clock } from '../ports.ts';
import type { FlowEvent } from './compile-chart.ts';
import type { FleetWire } from './fleet-wire.ts';
import type { FleetFlow } from './flow.ts';

/** What {@link createRequestSender} needs. */
export interface RequestSenderOptions {
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
  const { clock, wire, now, deliver, onLate, onEnd } = options;

  /** Plex hands a token out once: it counts, although the chart no longer waits for it. */
  function takeLate(flow: FleetFlow, { clientIdentifier }: Pin, reading: PinReading): void {
    if (reading.status === 'claimed') onLate(flow, { token: reading.token, clientIdentifier });
  }

  function sendGetPin(flow: FleetFlow, isWanted: () => boolean): void {
    wire.getPin(flow.lane.clientIdentifier).then(
      (output) => {
        onEnd(flow, 0);
        if (isWanted()) deliver(flow, { type: 'xstate.done.actor.getPin', output });
      },
      (thrown) => fail(flow, thrown, isWanted),
    );
  }

  function sendGetToken(flow: FleetFlow, isWanted: () => boolean): void {
    const pin = flow.context.pin as Pin;
    const dueForMs = now() - flow.queuedAtMs;
    wire
      .getToken(pin, (late) => takeLate(flow, pin, late))
      .then(
        (reading) => {
          onEnd(flow, 0);
          if (!isWanted()) return takeLate(flow, pin, reading);
          return deliver(flow, { type: 'xstate.done.actor.getToken', output: countTurn(reading, dueForMs) });
        },
        (thrown) => fail(flow, thrown, isWanted),
      );
  }

  function fail(flow: FleetFlow, thrown: unknown, isWanted: () => boolean): void {
    const error = isPlexAuthError(thrown)
      ? thrown
      : toPlexAuthError('PLEX_UNEXPECTED', 'A function from outside the library failed', thrown, clock.now());
    onEnd(flow, pauseOf(error));
    if (isWanted()) deliver(flow, { type: `xstate.error.actor.${flow.operation}`, error });
  }

  return (flow) => {
    const turn = ++flow.turn;
    const isWanted = () => flow.turn === turn && flow.operation !== undefined;
    if (flow.operation === 'getPin') sendGetPin(flow, isWanted);
    else sendGetToken(flow, isWanted);
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
