import { reasonOf } from '../abort.ts';
import type { PlexAuthError } from '../errors.ts';
import type { AnyFetch, Clock } from '../ports.ts';
import { createBases, type Outcome } from './bases.ts';
import { createExchangeStarter, type StartExchange, type WireReply, type WireRequest } from './exchange.ts';
import { createLateReads, listenOn, type ReadLate } from './late-reads.ts';
import { waitForReply } from './time-limit.ts';

/** Sends a request and reads the answer, or throws a `PlexAuthError` or the signal's reason. */
export type Transport = (request: WireRequest) => Promise<WireReply>;

/** What a transport needs of its host. */
export interface TransportOptions {
  fetch: AnyFetch;
  clock: Clock;
  requestTimeoutMs: number;
}

/**
 * Makes the one way out to the network.
 *
 * If a host does not answer at all, the transport falls back to Plex's other host, and stays with the one that answered;
 * an HTTP status, whatever it is, is an answer. It repeats nothing else: the chart decides when to ask again.
 */
export function createTransport(
  options: TransportOptions,
  bases = createBases(),
  askBase = createBaseAsker(options),
): Transport {
  return async (request) => {
    const { serverURL, signal } = request;
    let order = bases.of(serverURL);
    for (let left = order.length; ; left--) {
      if (signal?.aborted) throw reasonOf(signal);
      const outcome = await askBase(order[0] ?? '', request);
      const isError = outcome instanceof Error;
      if (isError && signal?.aborted) throw reasonOf(signal);
      const next = bases.next(serverURL, order, outcome);
      if (next && left > 1) order = next;
      else if (isError) throw outcome;
      else return outcome;
    }
  };
}

/**
 * Makes what asks one base, within the time limit, and never rejects.
 *
 * @param startExchange What sends the requests. Default: ofetch over `fetch`.
 * @param readLate Goes on with reads that reached the time limit, for a late token. Default: with 2 of them at once, since
 * browsers allow six connections to a host, and the next requests and the app need theirs.
 */
export function createBaseAsker(
  { fetch, clock, requestTimeoutMs: timeoutMs }: TransportOptions,
  startExchange: StartExchange = createExchangeStarter(fetch, clock),
  readLate: ReadLate = createLateReads(clock, 2),
) {
  return (base: string, request: WireRequest): Promise<Outcome> => {
    const { signal, onLate } = request;
    const exchange = startExchange(base, request);
    return waitForReply(exchange, {
      clock,
      timeoutMs,
      signal,
      onLimit: onLate && (() => readLate(exchange, { signal, onLate })),
    }).catch((error: PlexAuthError) => {
      // A fetch that ignores the abort may bring the token after all.
      if (onLate && signal?.aborted) listenOn(exchange, onLate);
      return error;
    });
  };
}
