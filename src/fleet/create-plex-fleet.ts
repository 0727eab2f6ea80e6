import { toAbortError } from '../abort.ts';
import { requireClientIdentifier } from '../plex/client-options.ts';
import { copyOptions, requireKnownFields, requireMs, requireOption } from '../require-option.ts';
import { type FleetSettings, type PlexFleetOptions, readFleetOptions } from './fleet-options.ts';
import { createFleetParts } from './fleet-parts.ts';
import type { FleetStartOptions, PlexFleet, PlexFleetEvent } from './plex-fleet.ts';

/**
 * Makes a fleet: many sign-ins in one process, each a small record. One timer and one pool of connections serve all.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPlexFleet(options: PlexFleetOptions): PlexFleet {
  const settings = readFleetOptions(options);
  const { flows, runner, starts, events, views, store, wire, restored } = createFleetParts(settings);
  let isDisposed = false;

  return {
    async start(own = {}) {
      const { id, clientIdentifier, giveUpAfterMs } = readStartOptions(own, settings);
      await restored;
      requireOption(!isDisposed, 'start', 'called before dispose');
      requireOption(!flows.get(id), 'id', 'one that no flow has, whose end was not handled yet');
      const atMs = settings.clock.now();
      const giveUpAtMs = giveUpAfterMs === undefined ? undefined : atMs + giveUpAfterMs;
      const flow = flows.add({ id, clientIdentifier, giveUpAtMs }, runner.begin(settings.renewals));
      const started = starts.wait(flow);
      runner.send(flow, { type: 'START', atMs, giveUpAfterMs });
      return started;
    },
    check(id) {
      const flow = flows.getRunning(id);
      if (flow) runner.check(flow);
      return flow !== undefined;
    },
    cancel(id) {
      const flow = flows.getRunning(id);
      if (flow) runner.send(flow, { type: 'CANCEL' });
      return flow !== undefined;
    },
    getView(id) {
      const flow = flows.get(id);
      return flow && views.viewOf(flow);
    },
    events: {
      async *[Symbol.asyncIterator](): AsyncGenerator<PlexFleetEvent, undefined> {
        await restored;
        return yield* events.events;
      },
    },
    load: () => ({ flows: flows.size, ...runner.queue.counts, lateness: runner.queue.lateness() }),
    async dispose() {
      isDisposed = true;
      starts.end(toAbortError('The fleet was disposed of'));
      await restored.catch(() => {});
      await runner.stop();
      events.end();
      await store.flushed();
      await wire.close();
    },
  };
}

const startFields = ['id', 'clientIdentifier', 'giveUpAfterMs'];

function readStartOptions(
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
