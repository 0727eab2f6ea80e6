/** Requests over a pool of connections that stay open: `fetch` takes five times as much of a processor for each. */
import type { Dispatcher } from 'undici';
import { classifyBody } from '../plex/classify-body.ts';
import {
  type Exchange,
  type StartExchange,
  toNetworkError,
  type WireReply,
  type WireRequest,
} from '../plex/exchange.ts';
import { longestBody } from '../plex/read-body.ts';
import { readRetryAfter } from '../plex/retry-after.ts';
import type { Clock } from '../ports.ts';

/** Makes what sends requests over a pool. An answer that breaks off counts if it is complete JSON. */
export function createPooledExchange(pool: Dispatcher, clock: Clock): StartExchange {
  const splitBase = createBaseSplitter();
  return (base, request) => {
    const { origin, path } = splitBase(base);
    const answer = createAnswer(clock);
    let abort: ((error: Error) => void) | undefined;
    let abortError: Error | undefined;
    const exchange: Exchange = {
      reply: new Promise((resolve, reject) => {
        const breakOff = (error: unknown) => {
          const reply = answer.arrived();
          if (reply) resolve(reply);
          else reject(toNetworkError(error, answer.status, clock.now()));
        };
        pool.dispatch(toDispatch(origin, path, request), {
          onRequestStart(controller) {
            abort = (error) => controller.abort(error);
            if (abortError) abort(abortError);
          },
          onResponseStart: (_controller, status, headers) => answer.begin(status, headers),
          onResponseData(controller, part) {
            answer.add(part);
            if (answer.isTooLong) {
              resolve(answer.whole());
              controller.abort(new Error('The answer is too long'));
              return;
            }
            exchange.onPart();
          },
          onResponseEnd: () => resolve(answer.whole()),
          onResponseError: (_controller, error) => breakOff(error),
        });
      }),
      arrived: answer.arrived,
      isDecoding: () => false,
      onPart: () => {},
      abort(reason) {
        abortError = reason instanceof Error ? reason : new Error('Aborted');
        abort?.(abortError);
      },
    };
    return exchange;
  };
}

type Headers = Record<string, string | string[] | undefined>;

/** What has come of an answer. */
interface Answer {
  readonly status: number | undefined;
  readonly isTooLong: boolean;
  begin(status: number, headers: Headers): void;
  add(part: Buffer): void;
  /** The answer, once its body has ended. */
  whole(): WireReply;
  /** The answer, if what has come so far is complete JSON. */
  arrived(): WireReply | undefined;
}

function createAnswer(clock: Clock): Answer {
  const askedAtMs = clock.now();
  let atMs = askedAtMs;
  let headers: Headers = {};
  let parts: Buffer[] = [];
  let length = 0;

  const header = (name: string) => [headers[name] ?? ''].flat().join(', ');
  const textOf = () => {
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    // As `fetch` does: without a byte order mark.
    const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return bytes.toString('utf8', isMarked ? 3 : 0);
  };
  const answer = {
    status: undefined as number | undefined,
    isTooLong: false,
    begin(status: number, given: Headers) {
      Object.assign(answer, { status });
      headers = given;
      atMs = clock.now();
    },
    add(part: Buffer) {
      length += part.length;
      answer.isTooLong = length > longestBody;
      if (answer.isTooLong) parts = [];
      else parts.push(part);
      atMs = clock.now();
    },
    whole(): WireReply {
      const { status = 0 } = answer;
      const tookMs = Math.max(0, atMs - askedAtMs);
      const retryAfterMs = headers['retry-after'] === undefined ? undefined : readRetryAfter(header, atMs);
      const text = answer.isTooLong ? undefined : textOf();
      return { status, atMs, tookMs, retryAfterMs, ...classifyBody(header('content-type'), text) };
    },
    arrived() {
      const reply = length > 0 && !answer.isTooLong ? answer.whole() : undefined;
      return reply?.json && typeof reply.json === 'object' ? reply : undefined;
    },
  };
  return answer;
}

function toDispatch(origin: string, path: string, request: WireRequest): Dispatcher.DispatchOptions {
  const { method, path: below, query, headers, token, form } = request;
  const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : '';
  return {
    origin,
    path: path + below + search,
    method,
    headers: {
      ...headers,
      accept: 'application/json',
      ...(token && { 'x-plex-token': token.reveal() }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  };
}

/** Splits the address of an API once: all requests go to one or two. */
function createBaseSplitter(): (base: string) => { origin: string; path: string } {
  const split = new Map<string, { origin: string; path: string }>();
  return (base) => {
    let found = split.get(base);
    if (!found) {
      const { origin, pathname } = new URL(base);
      found = { origin, path: pathname.replace(/\/$/, '') };
      split.set(base, found);
    }
    return found;
  };
}
