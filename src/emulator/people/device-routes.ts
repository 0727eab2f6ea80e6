import type { Hono } from 'hono';
import type { EmulatorState } from '../emulator-state.ts';
import type { OperationGate } from '../operation-gate.ts';
import { type PlexEnv, tokenOf } from '../plex-context.ts';
import type { PlexValue } from '../plex-xml.ts';
import { refusals } from '../refusals.ts';
import { requireToken } from '../require-client.ts';
import type { SignedInDevice } from '../token-registry.ts';
import { isXMLWanted, writeAnswer, writeRefusal } from '../write-answer.ts';

/**
 * Adds the devices of an account: each client that has signed in, until it signs out or the user removes it.
 *
 * @see plex.tv, GET /devices.xml and DELETE /devices/{id}.xml, as python-plexapi and others use them (read 2026-11)
 */
export function addDeviceRoutes(app: Hono<PlexEnv>, gate: OperationGate, { registry }: EmulatorState): void {
  const requireValidToken = requireToken(registry);

  app.get('/devices', gate('devices'), requireValidToken, (c) => {
    const devices = registry.devicesOf(c.var.person).map((device) => toDevice(device, tokenOf(c)));
    const container = { publicAddress: '198.51.100.10', Device: devices };
    return writeAnswer(c, 'MediaContainer', isXMLWanted(c) ? container : devices);
  });

  app.delete('/devices/:id', gate('removeDevice'), requireValidToken, (c) => {
    const devices = registry.devicesOf(c.var.person);
    const device = devices.find(({ id }) => `${id}` === c.req.param('id'));
    if (!device) return writeRefusal(c, refusals.notFound);
    registry.revokeToken(device.token);
    return c.body(null, 204);
  });
}

/** No device is shown the token of another one. */
function toDevice(
  { id, product, device, clientIdentifier, token, signedInAtMs }: SignedInDevice,
  asking: string,
): PlexValue {
  const atSeconds = Math.floor(signedInAtMs / 1000);
  return {
    name: device || product,
    publicAddress: '198.51.100.10',
    product,
    productVersion: '',
    platform: '',
    platformVersion: '',
    device,
    model: '',
    vendor: '',
    provides: '',
    clientIdentifier,
    version: '',
    id,
    token: token === asking ? token : '',
    createdAt: atSeconds,
    lastSeenAt: atSeconds,
  };
}
