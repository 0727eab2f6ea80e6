import {
  createSharedPlexFleet,
  type SharedPlexFleet,
  type SharedPlexFleetOptions,
} from '../../src/bullmq/index.ts';
import type { PlexFleetEvent, StartedFlow } from '../../src/fleet/index.ts';
import type { PlexEmulatorOptions } from '../../src/testing/index.ts';
import {
  type MachineProcess,
  type PlexProcess,
  startMachine,
  startPlex,
  type WatchedPin,
} from './processes.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

/** What happened in the flows of a test. */
interface FlowEvents {
  readonly all: readonly (PlexFleetEvent & { readonly atMs: number })[];
  /** The tokens that came, by the flows' ids. */
  readonly tokens: ReadonlyMap<string, string>;
  /** How each flow ended last. */
  readonly ends: ReadonlyMap<string, string>;
}

/** Three machines that ask, one process that starts and watches (this one), one plex.tv, one Redis. */
export interface ThreeMachines {
  readonly redis: RedisServer;
  readonly plex: PlexProcess;
  readonly machines: readonly MachineProcess[];
  readonly fleet: SharedPlexFleet;
  readonly events: FlowEvents;
  startFlows(count: number, options?: { giveUpAfterMs?: number }): Promise<readonly StartedFlow[]>;
  /** Resolves once all shards have an owner, and each of so many machines has its part. */
  balanced(machines: number): Promise<void>;
  /** What plex.tv saw of the PINs of these flows. */
  pinsOf(flows: readonly StartedFlow[]): Promise<readonly WatchedPin[]>;
  end(): Promise<void>;
}

/** How a test's surroundings differ. `connections` and `clockOffsets`: for each machine. */
export interface ThreeMachinesOptions {
  readonly plex?: PlexEmulatorOptions & { latencyMs?: number };
  readonly redis?: RedisServer;
  readonly urls?: readonly string[];
  readonly clockOffsets?: readonly number[];
  readonly fleet?: Partial<SharedPlexFleetOptions>;
}

export const leaseMs = 1500;
/** The most requests in flight, over all machines. */
export const connections = 12;
const shards = 6;

/** Starts all of them. */
export async function startThreeMachines(options: ThreeMachinesOptions = {}): Promise<ThreeMachines> {
  const redis = options.redis ?? (await startRedisServer());
  const plex = await startPlex(options.plex);
  const toOptions = (index: number): SharedPlexFleetOptions => ({
    product: 'Test',
    connection: options.urls?.[index] ?? redis.url,
    serverURL: plex.url,
    shards,
    leaseMs,
    polling: { intervalMs: 300, maxIntervalMs: 300, maxBackoffMs: 600 },
    requestsPerSecond: 50,
    connections,
    requestTimeoutMs: 5000,
    ...options.fleet,
  });
  const machines = await Promise.all(
    ['one', 'two', 'three'].map((name, index) =>
      startMachine(name, { ...toOptions(index), clockOffsetMs: options.clockOffsets?.[index] ?? 0 }),
    ),
  );
  const fleet = createSharedPlexFleet({ ...toOptions(9), polls: false });
  const events = collectEvents(fleet);

  const surroundings: ThreeMachines = {
    redis,
    plex,
    machines,
    fleet,
    events,
    startFlows: (count, own) =>
      Promise.all(
        Array.from({ length: count }, (_, index) =>
          fleet.start({ id: `flow ${index}`, clientIdentifier: `tv-${index}`, ...own }),
        ),
      ),
    async balanced(count) {
      for (const endMs = Date.now() + 20_000; Date.now() < endMs; ) {
        const loads = await Promise.all(machines.slice(0, count).map((machine) => machine.load()));
        const parts = loads.map((load) => load.shards.length);
        if (parts.every((part) => part === shards / count)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error('The machines do not share the shards evenly');
    },
    async pinsOf(flows) {
      const codes = new Set(flows.map(({ code }) => code));
      return (await plex.pins()).filter(({ code }) => codes.has(code));
    },
    async end() {
      for (const machine of machines) {
        machine.signal('SIGCONT');
        machine.signal('SIGKILL');
      }
      plex.kill();
      await fleet.dispose();
      await redis.remove();
    },
  };
  return surroundings;
}

function collectEvents(fleet: SharedPlexFleet): FlowEvents {
  const all: (PlexFleetEvent & { atMs: number })[] = [];
  const tokens = new Map<string, string>();
  const ends = new Map<string, string>();
  void (async () => {
    for await (const event of fleet.events) {
      const { id, view } = event;
      all.push({ ...event, atMs: Date.now() });
      if (view.status === 'authenticated') tokens.set(id, view.token.reveal());
      if (view.code === undefined && view.status !== 'requestingPin') ends.set(id, view.status);
    }
  })();
  return { all, tokens, ends };
}
