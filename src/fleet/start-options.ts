import { requireClientIdentifier } from '../plex/client-options.ts';
import { copyOptions, requireKnownFields, requireMs, requireOption } from '../require-option.ts';
import type { FleetSettings } from './fleet-options.ts';
import type { FleetStartOptions } from './plex-fleet.ts';

const startFields = ['id', 'clientIdentifier', 'giveUpAfterMs'];

/** Checks what a flow is started with, and fills in what the fleet was made with. @throws {TypeError} For a bad option, naming it. */
export function readStartOptions(
  options: FleetStartOptions,
  settings: FleetSettings,
): { id: string; clientIdentifier: string; giveUpAfterMs: number | undefined } {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  requireKnownFields('', options, startFields);
  const own = copyOptions(options);
  const { id = crypto.randomUUID(), clientIdentifier = settings.clientIdentifier } = own;
  const { giveUpAfterMs = settings.giveUpAfterMs } = own;
  requireOption(typeof id === 'string' && id !== '', 'id', 'a text that is not empty');
  requireOption(clientIdentifier !== undefined, 'clientIdentifier', 'given to the fleet or to start');
  requireClientIdentifier(clientIdentifier);
  requireMs('giveUpAfterMs', giveUpAfterMs, 1);
  return { id, clientIdentifier, giveUpAfterMs };
}
