import type { ObservedWorld, Sent } from './observed-world.ts';

/** How far two of the world's own sums may be apart. */
export const slackMs = 2;
/** The wait when Plex throttles without saying for how long, as the chart documents it. */
export const throttleMs = 5000;
/** How long before a deadline a read goes out whatever the pace, as the chart documents it. */
export const lastMs = 1000;

/** How long a token is looked for once its PIN is gone, as the engine documents it. */
export const longestSearchMs = 32_000;

/** How many reads go on in the background, as the transport documents it. */
export const mostLateReads = 2;
/** For how long they do. */
const longestLateMs = 300_000;

/** Whether a request is part of a flow, and not of what follows it. */
export function isOfFlow({ operation }: Sent): boolean {
  return isOperationOfFlow(operation);
}

export function isOperationOfFlow(operation: Sent['operation']): boolean {
  return operation === 'getPin' || operation === 'getToken';
}

/** The same request once more, at Plex's other host or the server's other root. */
export function isFallback(sent: Sent, last: Sent): boolean {
  return (
    sent.operation === last.operation &&
    sent.base !== last.base &&
    isFailed(last) &&
    sent.awakeAtMs - last.endedAwakeMs <= slackMs
  );
}

/** Where the interval is longer than the plan's back-off, the engine chooses one itself. */
export function longestBackoffMs({ maxBackoffMs, intervalMs }: ObservedWorld['plan']): number {
  return maxBackoffMs >= intervalMs ? maxBackoffMs : Math.max(2 * intervalMs, 10_000);
}

/** Whether a read has reached its time limit: the chart has moved on, and the client reads on. */
export function isInBackground(
  { plan, awakeMs }: Pick<ObservedWorld, 'plan' | 'awakeMs'>,
  sent: Sent,
): boolean {
  return sent.operation === 'getToken' && awakeMs - sent.awakeAtMs >= plan.requestTimeoutMs;
}

export function isLateForTooLong(
  { plan, awakeMs, wokeMs }: ObservedWorld,
  { awakeAtMs, atMs }: Sent,
): boolean {
  return wokeMs < atMs && awakeMs - awakeAtMs > plan.requestTimeoutMs + longestLateMs + slackMs;
}

/** Whether newer reads in the background, or the longest wait, have ended this one. */
export function isDisplaced({ plan, awakeMs, sent }: ObservedWorld, request: Sent): boolean {
  if (awakeMs - request.awakeAtMs >= plan.requestTimeoutMs + longestLateMs) return true;
  const newer = sent.filter(
    (other) =>
      other.number > request.number &&
      other.life === request.life &&
      isInBackground({ plan, awakeMs }, other),
  );
  return newer.length >= mostLateReads;
}

/** Whether the chart takes a request for failed: it broke, or reached its time limit. */
export function isFailed({ isBroken, isOut }: Sent): boolean {
  return isBroken || isOut;
}

/** When the chart learned how a request ended: at the time limit at the latest. */
export function answeredAwakeMs({ plan }: ObservedWorld, { awakeAtMs, endedAwakeMs, isOut }: Sent): number {
  const limitMs = awakeAtMs + plan.requestTimeoutMs;
  return isOut ? limitMs : Math.min(endedAwakeMs, limitMs);
}

/** How long a few accesses to a store take, if it works: a `varied` one may take the time limit at each. */
export function longestStoreMs({
  store,
  credentials,
  requestTimeoutMs,
  storeDelaysMs,
}: ObservedWorld['plan']): number {
  if (store !== 'varied' && credentials !== 'varied') return 15;
  return (
    15 + 4 * Math.max(...storeDelaysMs.map((delayMs) => Math.min(delayMs ?? Infinity, requestTimeoutMs)))
  );
}
