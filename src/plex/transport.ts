import { createFetch } from 'ofetch';
import { causeOf, PlexAuthError } from '../errors.ts';
import { parseJSON } from '../json.ts';
import type { Clock, Fetch } from '../ports.ts';
import type { Secret } from '../secret.ts';

/**
 * Where the API is asked, best first. Both hosts serve the same; `clients.plex.tv` alone has IPv6, and a PIN made over
 * IPv4 shows a user on IPv6 a security alert.
 */
const plexHosts = ['https://clients.plex.tv', 'https://plex.tv'];
const apiPath = '/api/v2';

/** In bytes. No documented answer comes near; what is longer is not read to its end. */
const longestBody = 1_000_000;

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
export interface WireReply {
  status: number;
  /** When its last byte had come. */
  atMs: number;
  /** How long it took from the request on. */
  tookMs: number;
  /** The code in Plex's error envelope. */
  plexCode?: number | undefined;
  retryAfterMs?: number | undefined;
  /** What the body is, in words. */
  kind: 'JSON' | 'XML' | 'HTML' | 'no JSON' | 'nothing' | 'over 1 MB';
  /** The parsed body where that is `JSON`. */
  json?: unknown;
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
 * Falls back to Plex's other host when there is no answer at all, and stays with the host that answered; an HTTP
 * status, whatever it is, is an answer. It repeats nothing else: when to ask again is the chart's to decide.
 */
export function createTransport({ fetch, clock, requestTimeoutMs }: TransportOptions): Transport {
  const send = createFetch({ fetch: fetch as typeof globalThis.fetch }).raw;
  /** The bases of each server URL, the one that answered last in front. */
  const known = new Map<string | undefined, readonly string[]>();

  async function ask(base: string, request: WireRequest, signal: AbortSignal): Promise<WireReply> {
    const askedAtMs = clock.now();
    let status: number | undefined;
    try {
      const response = await send(base + request.path, {
        method: request.method,
        query: request.query,
        headers: {
          ...request.headers,
          Accept: 'application/json',
          ...(request.token && { 'X-Plex-Token': request.token.reveal() }),
        },
        ...(request.form && { body: new URLSearchParams(request.form) }),
        // Plex sends none, and to follow another's would tell that host of the token, or believe its PIN and its token.
        redirect: 'manual',
        signal,
        retry: 0,
        ignoreResponseError: true,
        responseType: 'stream',
      });
      status = response.status;
      const body = await readText(response.body);
      const atMs = clock.now();
      return {
        status,
        atMs,
        tookMs: Math.max(0, atMs - askedAtMs),
        retryAfterMs: readRetryAfter(response.headers, atMs),
        ...understand(response.headers.get('content-type') ?? '', body),
      };
    } catch (error) {
      const what = status === undefined ? 'Plex did not answer' : 'The answer of Plex broke off';
      throw new PlexAuthError('PLEX_NETWORK', what, {
        atMs: clock.now(),
        retryable: true,
        status,
        // ofetch wraps what fetch threw, with the whole request beside it.
        cause: causeOf((error as Error).cause ?? error),
      });
    }
  }

  return async (request) => {
    const { serverURL, signal } = request;
    let bases = known.get(serverURL) ?? basesOf(serverURL);
    for (let left = bases.length; ; left--) {
      const [base = ''] = bases;
      const outcome = await bounded(clock, requestTimeoutMs, signal, (abort) =>
        ask(base, request, abort),
      ).catch((error: PlexAuthError) => error);
      const isFault = outcome instanceof Error;
      if (isFault && signal?.aborted) throw signal.reason;
      if (serverURL === undefined ? isFault && outcome.status === undefined : isNoRoute(outcome)) {
        bases = [...bases.slice(1), base];
        known.set(serverURL, bases);
        if (left > 1 && !(isFault && outcome.code === 'PLEX_TIMEOUT')) continue;
      }
      if (isFault) throw outcome;
      return outcome;
    }
  };
}

/**
 * Where to ask. A server URL with a path is the root of the API as it stands; one without may be the host of the API or
 * its root, and which of the two shows at the first answer.
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

/** Ends `work` after `timeoutMs`, with an error at once; passes an abort on, so that `work` ends as it must. */
function bounded<T>(
  clock: Clock,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  work: (abort: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const timer = clock.setTimeout(() => {
      settle();
      reject(
        new PlexAuthError('PLEX_TIMEOUT', `Plex did not answer within ${timeoutMs} ms`, {
          atMs: clock.now(),
          retryable: true,
        }),
      );
      controller.abort();
    }, timeoutMs);
    const onAbort = () => {
      settle();
      controller.abort(signal?.reason);
    };
    const settle = () => {
      clock.clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort);
    work(controller.signal).then(resolve, reject).finally(settle);
  });
}

/** Nothing where it is longer than any answer is: the rest is not even read. */
async function readText(body: ReadableStream<Uint8Array> | null | undefined): Promise<string | undefined> {
  if (!body) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    length += part.value.length;
    if (length > longestBody) {
      await reader.cancel();
      return undefined;
    }
  }
  return text + decoder.decode();
}

function understand(type: string, body: string | undefined): Pick<WireReply, 'kind' | 'json' | 'plexCode'> {
  if (body === undefined) return { kind: 'over 1 MB' };
  const isMarkup = /^\s*</.test(body);
  // JSON is JSON whatever it is called: a token may be in it.
  const json = isMarkup ? undefined : parseJSON(body);
  if (json !== undefined) return { kind: 'JSON', json, plexCode: codeIn(json) };
  if (!isMarkup && !/xml|html/i.test(type)) return { kind: body ? 'no JSON' : 'nothing' };
  if (/html/i.test(type + body.slice(0, 100))) return { kind: 'HTML' };
  const code = /<error [^<>]*code="(\d{1,9})"/.exec(body)?.[1];
  return { kind: 'XML', plexCode: code ? Number(code) : undefined };
}

/** The code in Plex's error envelope. */
function codeIn(json: unknown): number | undefined {
  const code = (json as { errors?: { code?: unknown }[] } | null)?.errors?.[0]?.code;
  return Number.isSafeInteger(code) ? Number(code) : undefined;
}

/** Seconds, or a date: by the server's own clock where it sends that, since ours may be wrong. */
function readRetryAfter(headers: Headers, atMs: number): number | undefined {
  const value = headers.get('retry-after') ?? '';
  const serverMs = Date.parse(headers.get('date') ?? '') || atMs;
  const waitMs = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - serverMs;
  return waitMs > 0 && waitMs < Infinity ? waitMs : undefined;
}
