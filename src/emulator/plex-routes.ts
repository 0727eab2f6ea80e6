import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { Hono } from 'hono/quick';
import { renderSVG } from 'uqr';
import { toAccountObject, toResources, toUserObject } from './emulated-account.ts';
import type { EmulatorSettings } from './emulator-options.ts';
import type { PlexContext, PlexEnv } from './emulator-request.ts';
import type { FaultPlan } from './faults.ts';
import { createOperationGate } from './operation-gate.ts';
import type { Pin, PinRegistry } from './pin-registry.ts';
import { answer, isXMLWanted, refuse, toPage } from './plex-answers.ts';
import { notFoundPage } from './plex-pages.ts';
import { refusals, toPinObject } from './plex-replies.ts';

/** What the routes share. */
export interface PlexBackstage {
  settings: EmulatorSettings;
  registry: PinRegistry;
  faults: FaultPlan;
}

/**
 * Makes the `/api/v2` of plex.tv (as read 2026-08), the same for any host name.
 *
 * Errors pass through: a broken connection and an aborted wait are for the caller to turn into what its transport knows.
 */
export function createPlexRoutes(backstage: PlexBackstage): Hono<PlexEnv> {
  const app = new Hono<PlexEnv>({ getPath: toRoutePath });
  app.onError((error) => {
    throw error;
  });
  app.notFound(() => toPage(notFoundPage, 404));
  app.use('/api/*', openToAll);
  app.use('/users/*', openToAll);
  const gate = createOperationGate(backstage.settings, backstage.faults);
  addPinRoutes(app, gate, backstage);
  addAccountRoutes(app, gate, backstage);
  return app;
}

type Gate = ReturnType<typeof createOperationGate>;

function addPinRoutes(app: Hono<PlexEnv>, gate: Gate, { settings, registry, faults }: PlexBackstage): void {
  const { clock, readOnce } = settings;

  function answerPin(c: PlexContext, pin: Pin, status: 200 | 201): Response {
    const token = registry.readToken(pin);
    if (token !== null && readOnce && !c.var.answerIsLost) pin.taken = true;
    const moment = {
      // A new PIN has its whole life left, even if the machine took a moment over it.
      nowMs: status === 201 ? pin.createdAtMs : clock.now(),
      offsetMs: faults.clockOffsetMs,
      origin: toPublicOrigin(c.req.url),
      token,
    };
    return answer(c, 'pin', toPinObject(pin, moment), status);
  }

  app.post('/api/v2/pins', gate('getPin'), identified, (c) => {
    const { parameters } = c.var;
    const pin = registry.create({
      clientIdentifier: clientOf(c),
      strong: ['true', '1'].includes(parameters.get('strong')?.toLowerCase() ?? ''),
      product: parameters.get('x-plex-product') || '0',
      device: parameters.get('x-plex-device-name') || parameters.get('x-plex-device') || '',
      origin: c.req.header('Origin'),
    });
    return answerPin(c, pin, 201);
  });

  app.get('/api/v2/pins/qr/:code', gate('qr'), (c) => {
    const pin = registry.findByCode(c.req.param('code'));
    if (!pin) return refuse(c, refusals.pinGone);
    const picture = renderSVG(`${toPublicOrigin(c.req.url)}/link/?pin=${pin.code}`);
    return new Response(picture, { headers: { 'Content-Type': 'image/svg+xml' } });
  });

  app.get('/api/v2/pins/:id', gate('getToken'), identified, (c) => {
    if (!/^\d+$/.test(c.req.param('id'))) return refuse(c, refusals.malformed);
    const pin = registry.find(Number(c.req.param('id')), clientOf(c));
    return pin ? answerPin(c, pin, 200) : refuse(c, refusals.pinGone);
  });
}

function addAccountRoutes(app: Hono<PlexEnv>, gate: Gate, { settings, registry }: PlexBackstage): void {
  const { user } = settings;

  /** Lets only holders of a living token in. */
  const authorised: MiddlewareHandler<PlexEnv> = async (c, next) =>
    registry.isToken(tokenOf(c)) ? next() : refuse(c, refusals.badToken);

  app.put('/api/v2/pins/link', gate('linkPin'), authorised, (c) => {
    const code = c.var.parameters.get('code');
    if (!code) return refuse(c, refusals.malformed);
    const pin = registry.findByCode(code);
    if (pin?.verdict !== 'waiting') return refuse(c, refusals.pinGone);
    registry.link(pin);
    return c.body(null, 204);
  });

  app.get('/api/v2/user', gate('getUser'), identified, authorised, (c) =>
    answer(c, 'user', toUserObject(user, tokenOf(c))),
  );
  app.get('/users/account', gate('getUser'), authorised, (c) => {
    const account = toAccountObject(user, tokenOf(c));
    return isXMLWanted(c) ? answer(c, 'user', account) : answer(c, 'account', { user: account });
  });
  app.delete('/api/v2/users/signout', gate('signOut'), authorised, (c) => {
    registry.revoke(tokenOf(c));
    return c.body(null, 204);
  });
  app.get('/api/v2/ping', gate('ping'), (c) => {
    if (tokenOf(c) && !registry.isToken(tokenOf(c))) return refuse(c, refusals.badToken);
    return isXMLWanted(c) ? answer(c, 'pong', true) : answer(c, 'ping', { pong: true });
  });
  app.get('/api/v2/resources', gate('resources'), identified, authorised, (c) =>
    answer(c, 'resources', toResources(tokenOf(c))),
  );
}

/** Lets only clients in that say who they are. */
const identified: MiddlewareHandler<PlexEnv> = async (c, next) =>
  clientOf(c) ? next() : refuse(c, refusals.clientMissing);

/** Any page may ask, as at plex.tv; a preflight gets exactly what it asked for. */
const openToAll = cors({
  origin: '*',
  allowMethods: (_origin, c) => [c.req.header('Access-Control-Request-Method') ?? 'GET'],
});

/** Takes the suffix that only chooses the format, and a trailing slash, off the path before it is routed. */
function toRoutePath(request: Request): string {
  const path = new URL(request.url).pathname.replace(/\/$/, '');
  return path.replace(/\.(json|xml)$/, '') || '/';
}

/** Where people find this plex.tv: the real name for the real hosts, otherwise wherever the request went. */
function toPublicOrigin(url: string): string {
  const { hostname, origin } = new URL(url);
  return /(^|\.)plex\.tv$/.test(hostname) ? 'https://plex.tv' : origin;
}

function clientOf(c: PlexContext): string {
  return c.var.parameters.get('x-plex-client-identifier') ?? '';
}

function tokenOf(c: PlexContext): string {
  return c.var.parameters.get('x-plex-token') ?? '';
}
