import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { Hono } from 'hono/quick';
import { addAccountRoutes } from './account-routes.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import type { EmulatorState } from './emulator-state.ts';
import { addGoneRoutes } from './gone-routes.ts';
import { createOperationGate } from './operation-gate.ts';
import { notFoundPage } from './pages/bare-pages.ts';
import { addDeviceRoutes } from './people/device-routes.ts';
import { addHomeRoutes } from './people/home-routes.ts';
import { addPictureRoutes } from './people/picture-routes.ts';
import { addPinRoutes } from './pin-routes.ts';
import type { PlexEnv } from './plex-context.ts';
import { refusals } from './refusals.ts';
import { addServerRoutes } from './servers/server-routes.ts';
import { writePage, writeRefusal } from './write-answer.ts';

/**
 * Makes the `/api/v2` of plex.tv (as read 2026-08), the same for any host name. Below `/api`, an unknown path is an error in
 * plex.tv's envelope; elsewhere it is a page.
 *
 * Errors pass through: the caller turns a broken connection or an abort into what its transport knows.
 */
export function createPlexRoutes(state: EmulatorState): Hono<PlexEnv> {
  const app = new Hono<PlexEnv>({ getPath: toRoutePath });
  app.onError((error) => {
    throw error;
  });
  app.notFound((c) => {
    c.env.isUnknown = true;
    return c.req.path.startsWith('/api/') ? writeRefusal(c, refusals.notFound) : writePage(notFoundPage, 404);
  });
  const allowAnyOrigin = createCORS(state.settings);
  app.use('/api/*', allowAnyOrigin);
  app.use('/users/*', allowAnyOrigin);
  app.use('/devices/*', allowAnyOrigin);
  const gate = createOperationGate(state);
  addPinRoutes(app, gate, state);
  addAccountRoutes(app, gate, state);
  addHomeRoutes(app, gate, state);
  addDeviceRoutes(app, gate, state);
  addServerRoutes(app, gate, state);
  addGoneRoutes(app, gate);
  addPictureRoutes(app, state.settings);
  return app;
}

/** Lets any web page ask, as plex.tv does. A preflight is allowed exactly what it asks for. */
function createCORS({ exposesRetryAfter }: EmulatorSettings): MiddlewareHandler {
  return cors({
    origin: '*',
    allowMethods: (_origin, c) => [c.req.header('Access-Control-Request-Method') ?? 'GET'],
    exposeHeaders: exposesRetryAfter ? ['Retry-After'] : [],
  });
}

/** Removes a trailing slash, and the suffix that only chooses the format. */
function toRoutePath(request: Request, { env }: { env?: PlexEnv['Bindings'] } = {}): string {
  const { pathname } = env?.url ?? new URL(request.url);
  const path = pathname.replace(/\/$/, '');
  return path.replace(/\.(json|xml)$/, '') || '/';
}
