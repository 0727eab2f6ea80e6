/** Requests over a pool of connections that stay open: `fetch` takes five times as much of a processor for each. */
import type { Dispatcher } from 'undici';
import type { PlexAuthError } from '../errors.ts';
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
  return (base, request) => {
    const exchange = new PooledExchange(clock);
    pool.dispatch(toDispatch(base, request), exchange);
    return exchange;
  };
}

type Headers = Record<string, string | string[] | undefined>;
type Controller = Dispatcher.DispatchController;

function ignore(): void {}

/**
 * One request over the pool, and its answer as it arrives.
 *
 * A class, and no promise unless `reply` is read: thousands of these are made each second.
 */
export class PooledExchange implements Exchange, Dispatcher.DispatchHandler {
  onPart: () => void = ignore;
  /** Called once, when the answer has ended or broken off. Reading `reply` takes its place. */
  onEnd: (outcome: WireReply | PlexAuthError) => void = ignore;

  private readonly clock: Clock;
  private readonly askedAtMs: number;
  private atMs: number;
  private controller: Controller | undefined;
  private abortError: Error | undefined;
  private status: number | undefined;
  private headers: Headers | undefined;
  private parts: Buffer[] | undefined;
  private length = 0;
  private outcome: WireReply | PlexAuthError | undefined;
  private promise: Promise<WireReply> | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
    this.askedAtMs = clock.now();
    this.atMs = this.askedAtMs;
  }

  get reply(): Promise<WireReply> {
    this.promise ??= new Promise((resolve, reject) => {
      this.onEnd = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
      if (this.outcome) this.onEnd(this.outcome);
    });
    return this.promise;
  }

  arrived(): WireReply | undefined {
    const reply = this.length > 0 && this.length <= longestBody ? this.toReply() : undefined;
    return reply?.json && typeof reply.json === 'object' ? reply : undefined;
  }

  isDecoding(): boolean {
    return false;
  }

  abort(reason?: unknown): void {
    this.abortError = reason instanceof Error ? reason : new Error('Aborted');
    this.controller?.abort(this.abortError);
  }

  onRequestStart(controller: Controller): void {
    this.controller = controller;
    if (this.abortError) controller.abort(this.abortError);
  }

  onResponseStart(_controller: Controller, status: number, headers: Headers): void {
    this.status = status;
    this.headers = headers;
    this.atMs = this.clock.now();
  }

  onResponseData(controller: Controller, part: Buffer): void {
    this.length += part.length;
    this.atMs = this.clock.now();
    if (this.length > longestBody) {
      this.parts = undefined;
      this.end(this.toReply());
      controller.abort(new Error('The answer is too long'));
      return;
    }
    if (this.parts) this.parts.push(part);
    else this.parts = [part];
    this.onPart();
  }

  onResponseEnd(): void {
    this.end(this.toReply());
  }

  onResponseError(_controller: Controller, error: Error): void {
    // A pool that is closed says so at once, before whoever sends the request can listen.
    queueMicrotask(() => this.end(this.arrived() ?? toNetworkError(error, this.status, this.clock.now())));
  }

  private end(outcome: WireReply | PlexAuthError): void {
    if (this.outcome) return;
    this.outcome = outcome;
    this.onEnd(outcome);
  }

  private toReply(): WireReply {
    const { status = 0, atMs, askedAtMs } = this;
    const retryAfterMs = this.header('retry-after') && readRetryAfter((name) => this.header(name), atMs);
    const text = this.length > longestBody ? undefined : this.text();
    return {
      status,
      atMs,
      tookMs: Math.max(0, atMs - askedAtMs),
      retryAfterMs: retryAfterMs || undefined,
      ...classifyBody(this.header('content-type'), text),
    };
  }

  private header(name: string): string {
    const value = this.headers?.[name] ?? '';
    return typeof value === 'string' ? value : value.join(', ');
  }

  private text(): string {
    const [first, ...others] = this.parts ?? [];
    if (!first) return '';
    const bytes = others.length === 0 ? first : Buffer.concat([first, ...others]);
    // As `fetch` does: without a byte order mark.
    const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    return bytes.toString('utf8', isMarked ? 3 : 0);
  }
}

function toDispatch(base: string, request: WireRequest): Dispatcher.DispatchOptions {
  const { method, path, query, headers, token, form } = request;
  const search = Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : '';
  const { origin, pathname } = splitBase(base);
  return {
    origin,
    path: pathname + path + search,
    method,
    headers: {
      ...headers,
      accept: 'application/json',
      ...(token && { 'x-plex-token': token.reveal() }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form && { body: new URLSearchParams(form).toString() }),
  };
}

/** Splits the address of an API into what a pool asks for. */
export function splitBase(base: string): { readonly origin: string; readonly pathname: string } {
  const { origin, pathname } = new URL(base);
  return { origin, pathname: pathname.replace(/\/$/, '') };
}
