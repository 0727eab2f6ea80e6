import {
  createSharedPlexFleet,
  type SharedPlexFleet,
  type SharedPlexFleetOptions,
} from '../../src/bullmq/index.ts';
import type { PlexFleetEvent } from '../../src/fleet/index.ts';
import { createPlexEmulator, type PlexEmulator } from '../../src/testing/index.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

/** One process, a Redis of its own, and an emulated plex.tv. */
export interface OneProcess {
  readonly redis: RedisServer;
  readonly emulator: PlexEmulator;
  /** Makes a fleet that asks often. It is disposed of at the end. */
  createFleet(options?: Partial<SharedPlexFleetOptions>): SharedPlexFleet;
  end(): Promise<void>;
}

/** Starts its Redis. */
export async function startOneProcess(): Promise<OneProcess> {
  const redis = await startRedisServer();
  const emulator = createPlexEmulator({});
  const fleets: SharedPlexFleet[] = [];
  return {
    redis,
    emulator,
    createFleet(options = {}) {
      const fleet = createSharedPlexFleet({
        product: 'Test',
        clientIdentifier: 'fleet',
        connection: redis.url,
        fetch: emulator.fetch,
        shards: 2,
        leaseMs: 1000,
        polling: { intervalMs: 250, maxIntervalMs: 250 },
        requestsPerSecond: 100,
        ...options,
      });
      fleets.push(fleet);
      return fleet;
    },
    async end() {
      await Promise.all(fleets.map((fleet) => fleet.dispose()));
      await redis.remove();
    },
  };
}

/** Reads all events, and handles each at once. */
export function readEvents(fleet: SharedPlexFleet): PlexFleetEvent[] {
  const seen: PlexFleetEvent[] = [];
  void (async () => {
    for await (const event of fleet.events) seen.push(event);
  })();
  return seen;
}
