import { readStartOptions } from '../fleet/start-options.ts';
import { requireOption } from '../require-option.ts';
import { toSeenFlow } from './seen-flow.ts';
import { shardOf } from './shard-of.ts';
import { readSharedFleetOptions, type SharedPlexFleetOptions } from './shared-fleet-options.ts';
import { createSharedParts } from './shared-parts.ts';
import type { SharedPlexFleet } from './shared-plex-fleet.ts';

/**
 * Makes this process's end of a fleet on many machines: many sign-ins that wait, kept in one Redis. Any process can start,
 * hint, cancel and watch any flow; those that poll share the work, and take over from one that dies.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createSharedPlexFleet(options: SharedPlexFleetOptions): SharedPlexFleet {
  const settings = readSharedFleetOptions(options);
  const { clock, renewals, shards } = settings;
  const { database, texts, poller, worker, events, starts, ready, stop } = createSharedParts(settings);
  let disposal: Promise<void> | undefined;

  async function command(type: 'check' | 'cancel', id: string): Promise<boolean> {
    await ready();
    const found = await find(id);
    if (!found?.isRunning) return false;
    await database.command(found.shard, type, id);
    return true;
  }

  async function find(id: string) {
    // Redis would read a list as several texts.
    if (typeof id !== 'string') return undefined;
    const shard = await database.shardOfFlow(id);
    const stored = shard === undefined ? undefined : await database.read(shard, id);
    const seen = stored && toSeenFlow(stored, texts, poller.linksOf);
    return seen && { ...seen, shard: shard as number };
  }

  return {
    ready,
    async start(own = {}) {
      const { id, clientIdentifier, giveUpAfterMs } = readStartOptions(own, settings);
      // Redis has no such text: the flow that it keeps would have another id.
      requireOption(!/\p{Surrogate}/u.test(id), 'id', 'a text without half a surrogate pair');
      await ready();
      requireOption(!disposal, 'start', 'called before dispose');
      return starts.start(shardOf(clientIdentifier, shards), {
        id,
        clientIdentifier,
        startID: crypto.randomUUID(),
        version: 0,
        status: 'requestingPin',
        isShown: false,
        renewalsLeft: renewals,
        giveUpAtMs: giveUpAfterMs === undefined ? undefined : clock.now() + giveUpAfterMs,
      });
    },
    check: (id) => command('check', id),
    cancel: (id) => command('cancel', id),
    async getView(id) {
      await ready();
      return (await find(id))?.view;
    },
    events,
    async load() {
      await ready();
      const [flows, { machines }] = await Promise.all([
        database.countFlows(),
        database.beat('', settings.leaseMs),
      ]);
      const { queue } = poller.runner;
      return {
        flows,
        machines,
        shards: worker?.owned ?? [],
        ...queue.counts,
        lateness: queue.lateness(),
        refusedWrites: database.refusedWrites,
      };
    },
    dispose() {
      disposal ??= stop();
      return disposal;
    },
  };
}
