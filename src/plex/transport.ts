import { reasonOf } from '../abort.ts';
import type { PlexAuthError } from '../errors.ts';
import type { Clock, Fetch } from '../ports.ts';
import { createExchangeStarter, type StartExchange, type WireReply, type WireRequest } from './exchange.ts';
import { createLateReads, listenOn } from './late-reads.ts';
import { waitForReply } from './time-limit.ts';

/**
 * Where the API is asked, best first. Both hosts serve the same; only `clients.plex.tv` has IPv6, and a PIN made over
 * IPv4 shows a user on IPv6 a security alert.
 */
const plexHosts = ['https://clients.plex.tv', 'https://plex.tv'];
const apiPath = '/api/v2';

/** Sends a request and reads the answer, or throws a `PlexAuthError` or the signal's reason. */
export type Transport = (request: WireRequest) => Promise<WireReply>;

/** What a transport needs of its host. */
export interface TransportOptions {
  fetch: Fetch;
  clock: Clock;
  requestTimeoutMs: number;
}

/**
 * Makes the one way out to the network.
 *
 * If a host does not answer at all, the transport falls back to Plex's other host, and stays with the one that answered;
 * an HTTP status, whatever it is, is an answer. It repeats nothing else: the chart decides when to ask again.
 */
export function createTransport(...how: Parameters<typeof createBaseAsker>): Transport {
  const askBase = createBaseAsker(...how);
  /** The bases of each server URL, the one that answered last in front. */
  const basesByServer = new Map<string | undefined, readonly string[]>();

  return async (request) => {
    const { serverURL, signal } = request;
    let bases = basesByServer.get(serverURL) ?? basesOf(serverURL);
    for (let left = bases.length; ; left--) {
      if (signal?.aborted) throw reasonOf(signal);
      const [base = ''] = bases;
      const outcome = await askBase(base, request);
      const isError = outcome instanceof Error;
      if (isError && signal?.aborted) throw reasonOf(signal);

      if (serverURL === undefined ? isSilence(outcome) : isNoRoute(outcome)) {
        bases = [...bases.slice(1), base];
        basesByServer.set(serverURL, bases);
        if (left > 1 && !isTimeout(outcome)) continue;
      }
      if (isError) throw outcome;
      return outcome;
    }
  };
}

type Outcome = WireReply | PlexAuthError;

/**
 * Makes what asks one base, within the time limit, and never rejects.
 *
 * @param startExchange What sends the requests. Default: ofetch over `fetch`.
 * @param mostLateReads How many reads that reached the time limit stay open, for a late token. Default 2: browsers allow six
 * connections to a host, and the next requests and the app need theirs.
 */
export function createBaseAsker(
  { fetch, clock, requestTimeoutMs: timeoutMs }: TransportOptions,
  startExchange: StartExchange = createExchangeStarter(fetch, clock),
  mostLateReads = 2,
) {
  const readLate = createLateReads(clock, mostLateReads);
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

/**
 * Says where to ask. A server URL with a path is the root of the API as it stands; one without may be the host of the API
 * or its root, and the first answer shows which.
 */
function basesOf(serverURL: string | undefined): readonly string[] {
  if (serverURL === undefined) return plexHosts.map((host) => host + apiPath);
  const root = serverURL.replace(/\/+$/, '');
  return new URL(root).pathname === '/' ? [root + apiPath, root] : [root];
}

/** Whether nothing at all came back, so that the other host may do better. */
function isSilence(outcome: Outcome): boolean {
  return outcome instanceof Error && outcome.status === undefined && outcome.code !== 'PLEX_UNEXPECTED';
}

function isTimeout(outcome: Outcome): boolean {
  return outcome instanceof Error && outcome.code === 'PLEX_TIMEOUT';
}

/** A 404 that is not in Plex's words comes from a server that has no such path. */
function isNoRoute(outcome: Outcome): boolean {
  return outcome.status === 404 && outcome.plexCode === undefined;
}
