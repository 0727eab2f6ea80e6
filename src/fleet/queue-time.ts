/** The time that a request waits for its turn. The chart knows no queue, but its limit counts that time too. */
import { PlexAuthError } from '../errors.ts';
import type { FlowEvent } from './compile-chart.ts';
import type { FleetFlow } from './flow.ts';

/**
 * Counts how long the flow's request has waited, once it is sent or given up.
 *
 * The chart has no event for that, and takes what the clock says of a request for no longer than a minute. So it is counted
 * here, as if the chart had measured a wait: more is spent, and the request begins that much later.
 */
export function countQueueTime({ context, queuedAtMs }: FleetFlow, nowMs: number): void {
  const queuedMs = nowMs - queuedAtMs;
  const { spentMs, atMs } = context;
  if (queuedMs > 0) Object.assign(context, { spentMs: spentMs + queuedMs, atMs: atMs && atMs + queuedMs });
}

/** Says how much of the flow's own limit is left, in milliseconds; undefined if it has none. */
export function limitLeftMs({ context }: FleetFlow, clockMs: number): number | undefined {
  const { giveUpAfterMs, spentMs, atMs, waitMs } = context;
  if (giveUpAfterMs === undefined) return undefined;
  // The chart counts its last wait once the request has ended.
  const waitedMs = atMs > 0 ? Math.min(Math.max(0, clockMs - atMs), waitMs) : 0;
  return Math.max(0, giveUpAfterMs - spentMs - waitedMs);
}

/** Says that the limit ran out before there was a code. */
export function toLimitError(atMs: number): PlexAuthError {
  return new PlexAuthError('PLEX_EXPIRED', 'The limit ran out before Plex gave a PIN', {
    atMs,
    retryable: true,
  });
}

/** Ends a request for a PIN that was not sent. With no limit left, the chart does not ask again. */
export function toLimitEvent(atMs: number): FlowEvent {
  return { type: 'xstate.error.actor.getPin', error: toLimitError(atMs) };
}
