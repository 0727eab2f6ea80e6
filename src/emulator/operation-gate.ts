import type { MiddlewareHandler } from 'hono';
import { applyFault } from './apply-fault.ts';
import { addDetails } from './emulator-request.ts';
import type { EmulatorState } from './emulator-state.ts';
import type { Operation } from './operation.ts';
import type { PlexEnv } from './plex-context.ts';
import { createRateLimiter } from './rate-limiter.ts';
import { refusals } from './refusals.ts';
import { readParameters } from './request-parameters.ts';
import { writeRefusal } from './write-answer.ts';

/** Makes the middleware that runs before an operation. */
export type OperationGate = (operation: Operation) => MiddlewareHandler<PlexEnv>;

/**
 * Makes what every operation passes through first: it logs who asks, and applies a fault or the rate limit.
 *
 * A request that a fault takes does not count for the rate limit.
 */
export function createOperationGate({ settings, faults }: EmulatorState): OperationGate {
  const { clock, rateLimit } = settings;
  const retryDelayMs = createRateLimiter(rateLimit, clock);
  return (operation) =>
    async function passGate(c, next) {
      const parameters = await readParameters(c.req.raw, c.env.url);
      if (!parameters) return writeRefusal(c, refusals.tooLarge);
      c.set('parameters', parameters);
      const clientIdentifier = parameters.get('x-plex-client-identifier');
      addDetails(c.env.logged, { operation, clientIdentifier, product: parameters.get('x-plex-product') });
      c.env.signal?.throwIfAborted();
      const fault = faults.take(operation);
      if (fault) return applyFault(fault, c, next, clock);
      const retryAfterMs = retryDelayMs(clientIdentifier);
      if (retryAfterMs === undefined) return next();
      return writeRefusal(c, refusals.tooMany, Math.ceil(retryAfterMs / 1000));
    };
}
