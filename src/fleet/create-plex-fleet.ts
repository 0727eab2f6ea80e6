import { requireOption } from '../require-option.ts';
import { toCancelledError, toDisposedError } from './abort-errors.ts';
import { createEarlyStarts } from './early-starts.ts';
import { type PlexFleetOptions, readFleetOptions } from './fleet-options.ts';
import { createFleetParts } from './fleet-parts.ts';
import { type FleetFlow, isPinRequested } from './flow.ts';
import type { PlexFleet, PlexFleetEvent } from './plex-fleet.ts';
import { restoreFleet } from './restore-fleet.ts';
import { readStartOptions } from './start-options.ts';

/**
 * Makes a fleet: many sign-ins in one process, each a small record. One timer and one pool of connections serve all.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPlexFleet(options: PlexFleetOptions): PlexFleet {
  const settings = readFleetOptions(options);
  const parts = createFleetParts(settings);
  const { flows, runner, starts, events, views, store, wire } = parts;
  const restoration = restoreFleet(parts, settings.clock);
  const early = createEarlyStarts();
  let disposal: Promise<void> | undefined;

  async function stop(): Promise<void> {
    early.refuse(toDisposedError());
    // A code that is on its way can still be shown, if the next fleet continues with it.
    endStarts((flow) => settings.store !== undefined && isPinRequested(flow));
    await restoration.settled();
    await runner.stop();
    endStarts(() => false);
    // A token may still come until here: it becomes an event, and is stored.
    await wire.close();
    events.end();
    await store.flushed();
  }

  function endStarts(isSpared: (flow: FleetFlow) => boolean): void {
    const refused = starts.refuse(toDisposedError(), isSpared);
    for (const flow of refused) runner.send(flow, { type: 'CANCEL' });
  }

  return {
    async start(own = {}) {
      const { id, clientIdentifier, giveUpAfterMs } = readStartOptions(own, settings);
      requireOption(!disposal, 'start', 'called before dispose');
      const leaveEarly = early.enter(id);
      try {
        await restoration.done();
      } finally {
        leaveEarly();
      }
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
      if (!flow) return early.refuse(toCancelledError(), id);
      runner.send(flow, { type: 'CANCEL' });
      return true;
    },
    getView(id) {
      const flow = flows.get(id);
      return flow && views.viewOf(flow);
    },
    events: {
      async *[Symbol.asyncIterator](): AsyncGenerator<PlexFleetEvent, undefined> {
        await restoration.done();
        return yield* events.events;
      },
    },
    load: () => ({ flows: flows.size, ...runner.queue.counts, lateness: runner.queue.lateness() }),
    dispose() {
      disposal ??= stop();
      return disposal;
    },
  };
}
