import { createFetch } from 'ofetch';
import { causeOf, isPlexAuthError, PlexAuthError, readField, readText } from '../errors.ts';
import type { AnyFetch, Clock, FetchAnswer, FetchInit } from '../ports.ts';
import type { Secret } from '../secret.ts';
import { type ClassifiedBody, classifyBody } from './classify-body.ts';
import { withoutCache } from './fetch-without-cache.ts';
import { createHeaderReader, type HeaderReader } from './header-reader.ts';
import { isStreamed, missingIn, readBody } from './read-body.ts';
import { readRetryAfter } from './retry-after.ts';

/** One request, in the wire's own terms. */
export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v2`, such as `/pins`. */
  path: string;
  headers: Record<string, string>;
  query: Record<string, string>;
  form: Record<string, string> | undefined;
  token: Secret | undefined;
  serverURL: string | undefined;
  signal: AbortSignal | undefined;
  /** Called with an answer that arrives after the time limit. Without it the request is aborted at the limit. */
  onLate: ((reply: WireReply) => void) | undefined;
}

/** One answer, as far as it is needed. */
export interface WireReply extends ClassifiedBody {
  /** Who answered, as errors name it. Default: Plex. */
  peer?: string;
  status: number;
  /** When its last byte arrived. */
  atMs: number;
  /** How long it took, from the request on. */
  tookMs: number;
  retryAfterMs?: number | undefined;
}

/** A request that was sent, and its answer as it arrives. */
export interface Exchange {
  /**
   * The answer, once its body has ended. If the body breaks off, what has come counts if it is complete JSON: Plex may
   * hand out a token only once. Else this rejects with a `PlexAuthError`; after an abort it may also stay pending.
   */
  readonly reply: Promise<WireReply>;
  /** The answer, if what has come so far is complete JSON. */
  arrived(): WireReply | undefined;
  /** Whether the whole body is here and only being decoded, so that an abort need not end it. */
  isDecoding(): boolean;
  /** Called after each part of the body. */
  onPart: () => void;
  abort(reason?: unknown): void;
}

/** Sends a request to one base, such as `https://plex.tv/api/v2`. */
export type StartExchange = (base: string, request: WireRequest) => Exchange;

/** Makes what sends the requests of one client. */
export function createExchangeStarter(fetch: AnyFetch, clock: Clock): StartExchange {
  const send = createSend(fetch, clock);
  return (base, request) => {
    const controller = new AbortController();
    const askedAtMs = clock.now();
    let head: Head | undefined;
    let atMs = askedAtMs;
    let text: string | undefined = '';

    const toReply = ({ status, header }: Head): WireReply => {
      const tookMs = Math.max(0, atMs - askedAtMs);
      const retryAfterMs = readRetryAfter(header, atMs);
      return { status, atMs, tookMs, retryAfterMs, ...classifyBody(header('content-type'), text) };
    };
    const arrived = () => {
      const reply = head && text ? toReply(head) : undefined;
      return reply?.json && typeof reply.json === 'object' ? reply : undefined;
    };
    const read = async () => {
      try {
        const response = await send(base, request, controller.signal);
        atMs = clock.now();
        head = readHead(response);
        text = await readBody(response, (soFar) => {
          text = soFar;
          atMs = clock.now();
          exchange.onPart();
        });
        return toReply(head);
      } catch (error) {
        const reply = arrived();
        if (reply) return reply;
        throw toNetworkError(error, head?.status, clock.now());
      }
    };
    const exchange: Exchange = {
      arrived,
      isDecoding: () => head !== undefined && !head.isStreamed,
      onPart: () => {},
      abort: (reason) => controller.abort(reason),
      reply: read(),
    };
    return exchange;
  };
}

/** What is known of an answer before its body. Read once: the response may be of any class, whose getters may throw. */
interface Head {
  status: number;
  header: HeaderReader;
  isStreamed: boolean;
}

function readHead(response: FetchAnswer): Head {
  const { status, headers } = response;
  return { status, header: createHeaderReader(headers), isStreamed: isStreamed(response) };
}

type SendTo = (base: string, request: WireRequest, signal: AbortSignal) => Promise<FetchAnswer>;

function createSend(fetch: AnyFetch, clock: Clock): SendTo {
  const fetchFresh = withoutCache(fetch);
  const send = createFetch({
    async fetch(input, init) {
      const own = init as FetchInit;
      // As a plain object: each fetch has a class of its own for them.
      own.headers = Object.fromEntries(init?.headers as Headers);
      const response = await fetchFresh(input as string, own);
      const missing = missingIn(response);
      if (missing === undefined) return response as Response;
      const message = `The fetch in use returned a response without ${missing}`;
      throw new PlexAuthError('PLEX_UNEXPECTED', message, { atMs: clock.now(), retryable: false });
    },
  }).raw;
  return (base, request, signal) => send(base + request.path, toFetchOptions(request, signal));
}

function toFetchOptions({ method, query, headers, token, form }: WireRequest, signal: AbortSignal): object {
  return {
    method,
    query,
    headers: {
      ...headers,
      Accept: 'application/json',
      ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ...(token && { 'X-Plex-Token': token.reveal() }),
    },
    body: form && new URLSearchParams(form).toString(),
    // Plex sends no redirect. To follow another's would send that host the token, or believe its PIN and its token.
    redirect: 'manual',
    cache: 'no-store',
    signal,
    retry: 0,
    ignoreResponseError: true,
    responseType: 'stream',
    // ofetch copies its options into an object with a prototype: what it, or `fetch`, is not to inherit is given as undefined.
    // Each by its name, since objects that are put together by a loop or a spread take a tenth of a poll's time.
    onRequest: undefined,
    onRequestError: undefined,
    onResponse: undefined,
    onResponseError: undefined,
    parseResponse: undefined,
    baseURL: undefined,
    params: undefined,
    timeout: undefined,
    retryDelay: undefined,
    retryStatusCodes: undefined,
    duplex: undefined,
    dispatcher: undefined,
    agent: undefined,
    mode: undefined,
    credentials: undefined,
    referrer: undefined,
    integrity: undefined,
    keepalive: undefined,
    window: undefined,
    priority: undefined,
  };
}

/** Says what went wrong on the way. ofetch wraps what `fetch` threw, with the whole request beside it. */
export function toNetworkError(thrown: unknown, status: number | undefined, atMs: number): PlexAuthError {
  const error = readField(thrown, 'cause') ?? thrown;
  if (isPlexAuthError(error)) return error;
  const cause = causeOf(error);
  // Deno and Node have permissions: no later attempt succeeds. Both name the one that a program lacks, but Node not where it
  // looks up a host. What has no message here was no system call, such as a denied file.
  const [named] = /--allow-\w+/.exec(readText(error, 'message') + cause.message) ?? [];
  const isDenied = cause.code === 'ERR_ACCESS_DENIED' || readText(error, 'name') === 'NotCapable';
  const missing = cause.message === undefined ? 'more permissions' : '--allow-net';
  const flag = named ?? (isDenied ? missing : undefined);
  const outcome = status === undefined ? 'Plex did not answer' : 'The answer of Plex broke off';
  const message = flag ? `${outcome}: start this program with ${flag}` : outcome;
  const code = flag ? 'PLEX_UNEXPECTED' : 'PLEX_NETWORK';
  return new PlexAuthError(code, message, { atMs, retryable: !flag, status, cause });
}
