import { createPlexFleet, type PlexFleet, type PlexFleetOptions } from '../../src/fleet/index.ts';
import {
  createPlexEmulator,
  createVirtualTime,
  type PlexEmulator,
  type PlexEmulatorOptions,
  type VirtualTime,
} from '../../src/testing/index.ts';

/** A fleet, its plex.tv, and the time in which both are. */
export interface VirtualFleet extends VirtualTime {
  readonly emulator: PlexEmulator;
  readonly fleet: PlexFleet;
  /** Makes another with the same options. */
  createFleet(): PlexFleet;
}

/** @param options Those of the fleet, where they differ; and those of the emulator. */
export function createVirtualFleet({
  plex,
  ...options
}: Partial<PlexFleetOptions> & { plex?: PlexEmulatorOptions } = {}): VirtualFleet {
  const time = createVirtualTime();
  const emulator = createPlexEmulator({ clock: time.clock, ...plex });
  const createFleet = () =>
    createPlexFleet({
      product: 'Test',
      clientIdentifier: 'fleet',
      fetch: emulator.fetch,
      clock: time.clock,
      random: () => 0,
      ...options,
    });
  return { ...time, emulator, fleet: createFleet(), createFleet };
}
