import type { Hono } from 'hono';
import { renderSVG } from 'uqr';
import type { EmulatorState } from './emulator-state.ts';
import type { OperationGate } from './operation-gate.ts';
import { toPinObject } from './pin-object.ts';
import type { RegisteredPin } from './pin-registry.ts';
import { clientOf, type PlexContext, type PlexEnv, toTokenClient } from './plex-context.ts';
import { refusals } from './refusals.ts';
import { requireClient } from './require-client.ts';
import { writeAnswer, writeRefusal } from './write-answer.ts';

/** Adds what needs no token: a client makes a PIN, reads it, and shows it as a QR picture. */
export function addPinRoutes(app: Hono<PlexEnv>, gate: OperationGate, state: EmulatorState): void {
  const { registry } = state;

  app.post('/api/v2/pins', gate('getPin'), requireClient, (c) => {
    const pin = registry.create({
      ...toTokenClient(c),
      strong: ['true', '1'].includes(c.var.parameters.get('strong')?.toLowerCase() ?? ''),
      origin: c.req.header('Origin'),
    });
    return answerWithPin(c, pin, state, 201);
  });

  // What the consent page asks. Who else knows the code gets to see neither the token nor that it was read.
  app.get('/api/v2/pins/info', gate('pinInfo'), requireClient, (c) => {
    const code = c.var.parameters.get('code');
    if (!code) return writeRefusal(c, refusals.malformed);
    const pin = registry.findByCode(code);
    return pin ? writeAnswer(c, 'pin', toAnswer(c, pin, state, null)) : writeRefusal(c, refusals.pinGone);
  });

  app.get('/api/v2/pins/qr/:code', gate('qr'), (c) => {
    const pin = registry.findByCode(c.req.param('code'));
    if (!pin) return writeRefusal(c, refusals.pinGone);
    const picture = renderSVG(`${toPublicOrigin(c.env.url)}/link/?pin=${pin.code}`);
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
  state: EmulatorState,
  status: 200 | 201,
): Response {
  const token = state.registry.readToken(pin);
  if (token !== null && state.settings.readOnce && !c.var.isAnswerLost) pin.isSpent = true;
  // A new PIN has its whole lifetime left, even if the machine took a moment to make it.
  const nowMs = status === 201 ? pin.createdAtMs : undefined;
  return writeAnswer(c, 'pin', toAnswer(c, pin, state, token, nowMs), status);
}

function toAnswer(
  c: PlexContext,
  pin: RegisteredPin,
  { settings, faults }: EmulatorState,
  token: string | null,
  nowMs: number = settings.clock.now(),
) {
  return toPinObject(pin, {
    nowMs,
    clockOffsetMs: faults.clockOffsetMs,
    origin: toPublicOrigin(c.env.url),
    token,
  });
}

/** The origin that people can open: plex.tv's own for its hosts, otherwise the one that was asked. */
function toPublicOrigin({ hostname, origin }: URL): string {
  return /(^|\.)plex\.tv$/.test(hostname) ? 'https://plex.tv' : origin;
}
