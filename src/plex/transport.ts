import { createFetch } from 'ofetch';
import { causeOf, PlexAuthError } from '../errors.ts';
import type { Clock, Fetch } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { type ClassifiedBody, classifyBody, readBody } from './body.ts';
import { readRetryAfter } from './retry-after.ts';
import { withTimeout } from './with-timeout.ts';

/**
 * Where the API is asked, best first. Both hosts serve the same; only `clients.plex.tv` has IPv6, and a PIN made over
 * IPv4 shows a user on IPv6 a security alert.
 */
const plexHosts = ['https://clients.plex.tv', 'https://plex.tv'];
const apiPath = '/api/v2';

/** One request, in the wire's own terms. */
export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v2`, such as `/pins`. */
  path: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  form?: Record<string, string>;
  token?: Secret | undefined;
  serverURL?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** One answer, read to its end. */
export interface WireReply extends ClassifiedBody {
  status: number;
  /** When its last byte arrived. */
  atMs: number;
  /** How long it took, from the request on. */
  tookMs: number;
  retryAfterMs?: number | undefined;
}

/** Sends a request and reads the answer, or throws `PLEX_NETWORK`, `PLEX_TIMEOUT` or the signal's reason. */
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
export function createTransport({ fetch, clock, requestTimeoutMs }: TransportOptions): Transport {
  const sendTo = createBaseSender(fetch, clock);
  /** The bases of each server URL, the one that answered last in front. */
  const basesByServer = new Map<string | undefined, readonly string[]>();

  return async (request) => {
    const { serverURL, signal } = request;
    let bases = basesByServer.get(serverURL) ?? basesOf(serverURL);
    for (let left = bases.length; ; left--) {
      const [base = ''] = bases;
      const outcome = await withTimeout(clock, requestTimeoutMs, signal, (abort) =>
        sendTo(base, request, abort),
      ).catch((error: PlexAuthError) => error);
      const isError = outcome instanceof Error;
      if (isError && signal?.aborted) throw signal.reason;
      if (serverURL === undefined ? isError && outcome.status === undefined : isNoRoute(outcome)) {
        bases = [...bases.slice(1), base];
        basesByServer.set(serverURL, bases);
        if (left > 1 && !(isError && outcome.code === 'PLEX_TIMEOUT')) continue;
      }
      if (isError) throw outcome;
      return outcome;
    }
  };
}

type SendTo = (base: string, request: WireRequest, signal: AbortSignal) => Promise<WireReply>;

/** Makes what sends a request to one base. */
function createBaseSender(fetch: Fetch, clock: Clock): SendTo {
  const send = createFetch({ fetch: fetch as typeof globalThis.fetch }).raw;
  return async (base, { method, path, query, headers, token, form }, signal) => {
    const askedAtMs = clock.now();
    let status: number | undefined;
    try {
      const response = await send(base + path, {
        method,
        query,
        headers: {
          ...headers,
          Accept: 'application/json',
          ...(token && { 'X-Plex-Token': token.reveal() }),
        },
        ...(form && { body: new URLSearchParams(form) }),
        // Plex sends no redirect. To follow another's would send that host the token, or believe its PIN and its token.
        redirect: 'manual',
        signal,
        retry: 0,
        ignoreResponseError: true,
        responseType: 'stream',
      });
      status = response.status;
      const body = await readBody(response.body);
      const atMs = clock.now();
      return {
        status,
        atMs,
        tookMs: Math.max(0, atMs - askedAtMs),
        retryAfterMs: readRetryAfter(response.headers, atMs),
        ...classifyBody(response.headers.get('content-type') ?? '', body),
      };
    } catch (error) {
      const message = status === undefined ? 'Plex did not answer' : 'The answer of Plex broke off';
      throw new PlexAuthError('PLEX_NETWORK', message, {
        atMs: clock.now(),
        retryable: true,
        status,
        // ofetch wraps what fetch threw, with the whole request beside it.
        cause: causeOf((error as Error).cause ?? error),
      });
    }
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

/** A 404 that is not in Plex's words comes from a server that has no such path. */
function isNoRoute(outcome: WireReply | PlexAuthError): boolean {
  return outcome.status === 404 && outcome.plexCode === undefined;
}
