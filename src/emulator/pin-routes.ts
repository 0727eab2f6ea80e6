import type { Hono } from 'hono';
import { renderSVG } from 'uqr';
import type { EmulatorState } from './emulator-state.ts';
import type { OperationGate } from './operation-gate.ts';
import { toPinObject } from './pin-object.ts';
import type { RegisteredPin } from './pin-registry.ts';
import { clientOf, type PlexContext, type PlexEnv } from './plex-context.ts';
import { refusals } from './refusals.ts';
import { requireClient } from './require-client.ts';
import { writeAnswer, writeRefusal } from './write-answer.ts';

/** Adds what needs no token: a client makes a PIN, reads it, and shows it as a QR picture. */
export function addPinRoutes(app: Hono<PlexEnv>, gate: OperationGate, state: EmulatorState): void {
  const { registry } = state;

  app.post('/api/v2/pins', gate('getPin'), requireClient, (c) => {
    const { parameters } = c.var;
    const pin = registry.create({
      clientIdentifier: clientOf(c),
      strong: ['true', '1'].includes(parameters.get('strong')?.toLowerCase() ?? ''),
      product: parameters.get('x-plex-product') || '0',
      device: parameters.get('x-plex-device-name') || parameters.get('x-plex-device') || '',
      origin: c.req.header('Origin'),
    });
    return answerWithPin(c, pin, state, 201);
  });

  app.get('/api/v2/pins/qr/:code', gate('qr'), (c) => {
    const pin = registry.findByCode(c.req.param('code'));
    if (!pin) return writeRefusal(c, refusals.pinGone);
    const picture = renderSVG(`${toPublicOrigin(c.req.url)}/link/?pin=${pin.code}`);
    return new Response(picture, { headers: { 'Content-Type': 'image/svg+xml' } });
  });

  app.get('/api/v2/pins/:id', gate('getToken'), requireClient, (c) => {
    if (!/^\d+$/.test(c.req.param('id'))) return writeRefusal(c, refusals.malformed);
    const pin = registry.find(Number(c.req.param('id')), clientOf(c));
    return pin ? answerWithPin(c, pin, state, 200) : writeRefusal(c, refusals.pinGone);
  });
}

function answerWithPin(
  c: PlexContext,
  pin: RegisteredPin,
  { settings, registry, faults }: EmulatorState,
  status: 200 | 201,
): Response {
  const token = registry.readToken(pin);
  if (token !== null && settings.readOnce && !c.var.isAnswerLost) pin.isSpent = true;
  const pinObject = toPinObject(pin, {
    // A new PIN has its whole lifetime left, even if the machine took a moment to make it.
    nowMs: status === 201 ? pin.createdAtMs : settings.clock.now(),
    clockOffsetMs: faults.clockOffsetMs,
    origin: toPublicOrigin(c.req.url),
    token,
  });
  return writeAnswer(c, 'pin', pinObject, status);
}

/** The origin that people can open: plex.tv's own for its hosts, otherwise the one that was asked. */
function toPublicOrigin(url: string): string {
  const { hostname, origin } = new URL(url);
  return /(^|\.)plex\.tv$/.test(hostname) ? 'https://plex.tv' : origin;
}
