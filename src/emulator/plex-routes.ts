import { cors } from 'hono/cors';
import { Hono } from 'hono/quick';
import { addAccountRoutes } from './account-routes.ts';
import { notFoundPage } from './bare-pages.ts';
import type { EmulatorState } from './emulator-state.ts';
import { createOperationGate } from './operation-gate.ts';
import { addPinRoutes } from './pin-routes.ts';
import type { PlexEnv } from './plex-context.ts';
import { writePage } from './write-answer.ts';

/**
 * Makes the `/api/v2` of plex.tv (as read 2026-08), the same for any host name.
 *
 * Errors pass through: the caller turns a broken connection or an abort into what its transport knows.
 */
export function createPlexRoutes(state: EmulatorState): Hono<PlexEnv> {
  const app = new Hono<PlexEnv>({ getPath: toRoutePath });
  app.onError((error) => {
    throw error;
  });
  app.notFound(() => writePage(notFoundPage, 404));
  app.use('/api/*', allowAnyOrigin);
  app.use('/users/*', allowAnyOrigin);
  const gate = createOperationGate(state);
  addPinRoutes(app, gate, state);
  addAccountRoutes(app, gate, state);
  return app;
}

/** Lets any web page ask, as plex.tv does. A preflight is allowed exactly what it asks for. */
const allowAnyOrigin = cors({
  origin: '*',
  allowMethods: (_origin, c) => [c.req.header('Access-Control-Request-Method') ?? 'GET'],
});

/** Removes a trailing slash, and the suffix that only chooses the format. */
function toRoutePath(request: Request): string {
  const path = new URL(request.url).pathname.replace(/\/$/, '');
  return path.replace(/\.(json|xml)$/, '') || '/';
}
