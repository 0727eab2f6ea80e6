import type { MiddlewareHandler } from 'hono';
import type { PinRegistry } from './pin-registry.ts';
import { clientOf, type PlexEnv, tokenOf } from './plex-context.ts';
import { refusals } from './refusals.ts';
import { writeRefusal } from './write-answer.ts';

/** Refuses a request without a client identifier. */
export const requireClient: MiddlewareHandler<PlexEnv> = async (c, next) =>
  clientOf(c) ? next() : writeRefusal(c, refusals.clientMissing);

/** Makes the middleware that refuses a request without a valid token, and says whose token it is in `c.var.person`. */
export function requireToken(registry: PinRegistry): MiddlewareHandler<PlexEnv> {
  return async (c, next) => {
    const person = registry.personOf(tokenOf(c));
    if (!person) return writeRefusal(c, refusals.badToken);
    c.set('person', person);
    return next();
  };
}
