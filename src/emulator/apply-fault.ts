import type { MiddlewareHandler } from 'hono';
import type { Clock } from '../ports.ts';
import type { RequestFault } from './fault.ts';
import { outagePage } from './pages/bare-pages.ts';
import type { PlexContext, PlexEnv } from './plex-context.ts';
import { refusals } from './refusals.ts';
import { readBytes } from './request-parameters.ts';
import { writePage, writeRefusal } from './write-answer.ts';

/**
 * Answers a request with a fault.
 *
 * @param next Carries the request out and answers it.
 * @param clock What `slow` and `stale` wait by.
 * @throws What `fetch` throws for a broken connection, or the reason of the client's abort.
 */
export async function applyFault(
  fault: RequestFault,
  c: PlexContext,
  next: () => Promise<void>,
  clock: Clock,
): ReturnType<MiddlewareHandler<PlexEnv>> {
  switch (fault.type) {
    case 'status':
      return writeRefusal(c, { message: `Emulated status ${fault.status}`, ...fault });
    case 'rateLimited':
      return writeRefusal(c, refusals.tooMany, fault.retryAfter);
    case 'html':
      return writePage(outagePage, fault.status ?? 200);
    case 'xml':
      c.set('forceXML', true);
      return next();
    case 'reset':
      throw toConnectionReset('fetch failed');
    case 'hang':
      return waitForAbort(c.env.signal);
    case 'slow':
      await wait(clock, fault.delayMs, c.env.signal);
      return next();
    case 'stale':
      await next();
      return wait(clock, fault.delayMs, c.env.signal);
    case 'truncated':
    case 'stalled':
      c.set('isAnswerLost', true);
      await next();
      c.res = await cutBody(c.res, fault.type === 'truncated' ? 'break' : 'stall');
  }
}

/** The error of `fetch` for a broken connection, as Node words it: before the answer, or (`terminated`) within it. */
function toConnectionReset(message: 'fetch failed' | 'terminated'): TypeError {
  const cause = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
  return new TypeError(message, { cause });
}

/**
 * Keeps the first half of a body. An answer without a body stays whole.
 *
 * @param ending How it goes on after the first half: `break` ends in a stream error, `stall` never ends.
 */
async function cutBody(response: Response, ending: 'break' | 'stall'): Promise<Response> {
  const { status, headers } = response;
  const reader = response.body?.getReader();
  const bytes = reader && (await readBytes(() => reader.read()));
  if (!bytes) return response;
  // Without a declared length, Node's server starts to send before it has read on, and the client gets the first half.
  headers.set('Transfer-Encoding', 'chunked');
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(bytes.subarray(0, bytes.length >> 1)),
    pull: (controller) =>
      ending === 'break' ? controller.error(toConnectionReset('terminated')) : new Promise(() => {}),
  });
  return new Response(body, { status, headers });
}

/** Waits for `delayMs`. An abort ends it early and leaves no timer. */
function wait(clock: Clock, delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, delayMs);
    function stop(): void {
      clock.clearTimeout(timer);
      reject(signal?.reason);
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function waitForAbort(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
