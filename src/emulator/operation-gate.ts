import type { MiddlewareHandler } from 'hono';
import type { Clock } from '../ports.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import { note, type PlexContext, type PlexEnv } from './emulator-request.ts';
import { cutBody, type FaultPlan, type Operation, type RequestFault, toConnectionReset } from './faults.ts';
import { refuse, toPage } from './plex-answers.ts';
import { outagePage } from './plex-pages.ts';
import { refusals } from './plex-replies.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { readParameters } from './request-parameters.ts';

type PlexMiddleware = MiddlewareHandler<PlexEnv>;

/**
 * Makes what stands before each operation: it notes who asks, and lets a fault or the rate limit strike.
 *
 * @returns A function from the operation's name to its middleware.
 */
export function createOperationGate(
  { clock, rateLimit }: EmulatorSettings,
  faults: FaultPlan,
): (operation: Operation) => PlexMiddleware {
  const overLimitMs = createRateLimiter(rateLimit, clock);
  return (operation) =>
    async function passGate(c, next) {
      const parameters = await readParameters(c.req.raw);
      c.set('parameters', parameters);
      const clientIdentifier = parameters.get('x-plex-client-identifier');
      note(c.env.call, { operation, clientIdentifier, product: parameters.get('x-plex-product') });
      c.env.signal?.throwIfAborted();
      const fault = faults.take(operation);
      if (fault) return meet(fault, c, next, clock);
      const retryAfterMs = overLimitMs(clientIdentifier);
      if (retryAfterMs === undefined) return next();
      return refuse(c, refusals.tooMany, Math.ceil(retryAfterMs / 1000));
    };
}

async function meet(
  fault: RequestFault,
  c: PlexContext,
  next: () => Promise<void>,
  clock: Clock,
): ReturnType<PlexMiddleware> {
  switch (fault.type) {
    case 'status':
      return refuse(c, { message: `Emulated status ${fault.status}`, ...fault });
    case 'rateLimited':
      return refuse(c, refusals.tooMany, fault.retryAfter);
    case 'html':
      return toPage(outagePage, fault.status ?? 200);
    case 'xml':
      c.set('asXML', true);
      return next();
    case 'reset':
      throw toConnectionReset();
    case 'hang':
      return untilAborted(c.env.signal);
    case 'slow':
      await wait(clock, fault.delayMs, c.env.signal);
      return next();
    case 'stale':
      await next();
      return wait(clock, fault.delayMs, c.env.signal);
    case 'truncated':
    case 'stalled':
      c.set('answerIsLost', true);
      await next();
      c.res = await cutBody(c.res, fault.type === 'truncated' ? 'break' : 'stall');
  }
}

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

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
