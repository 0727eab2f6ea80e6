import { toAbortError } from '../abort.ts';
import { requireClientIdentifier } from '../plex/client-options.ts';
import { copyOptions, requireKnownFields, requireMs, requireOption } from '../require-option.ts';
import type { FlowEvent } from './compile-chart.ts';
import { createEventQueue } from './event-queue.ts';
import { type FleetSettings, type PlexFleetOptions, readFleetOptions } from './fleet-options.ts';
import { createFleetStore } from './fleet-store.ts';
import { createFleetWire } from './fleet-wire.ts';
import { createFlow, type FleetFlow } from './flow.ts';
import type { FlowRecord } from './flow-record.ts';
import { createFlowRunner } from './flow-runner.ts';
import { createFlowViews, isWaitingFlow } from './flow-view.ts';
import { createLanes } from './lanes.ts';
import type { FleetStartOptions, PlexFleet, PlexFleetEvent } from './plex-fleet.ts';
import { createStarts } from './starts.ts';

/**
 * Makes a fleet: many sign-ins in one process, each a small record. One timer and one pool of connections serve all.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPlexFleet(options: PlexFleetOptions): PlexFleet {
  const settings = readFleetOptions(options);
  const { clock } = settings;
  const wire = createFleetWire(settings);
  const views = createFlowViews(wire.linksOf);
  const store = createFleetStore(settings);
  const lanes = createLanes();
  const flows = new Map<string, FleetFlow>();
  const starts = createStarts(views);
  const events = createEventQueue(views, (flow) => {
    if (!isWaitingFlow(flow)) drop(flow);
  });
  const runner = createFlowRunner({
    settings,
    wire,
    onStep(flow) {
      if (!starts.settle(flow)) events.note(flow);
      else if (!isWaitingFlow(flow)) drop(flow);
    },
    onKeep(flow) {
      void store.keep(flow).then((error) => error && runner.send(flow, { type: 'STORE_FAILED', error }));
    },
  });
  let isDisposed = false;
  const restored = restore();
  // Whoever starts a flow or reads events is told.
  restored.catch(() => {});

  async function restore(): Promise<void> {
    const found = (await store.read()).map((record) => {
      const flow = add(record.id, record.clientIdentifier, record.giveUpAtMs, record.renewalsLeft);
      store.adopt(flow);
      return { flow, record };
    });
    for (const { flow, record } of found) runner.send(flow, toFirstEvent(record, clock.now()));
  }

  function add(
    id: string,
    clientIdentifier: string,
    giveUpAtMs: number | undefined,
    renewals: number,
  ): FleetFlow {
    const flow = createFlow(id, lanes.enter(clientIdentifier), giveUpAtMs, runner.begin(renewals));
    flows.set(id, flow);
    return flow;
  }

  function drop(flow: FleetFlow): void {
    store.forget(flow);
    if (flows.get(flow.id) !== flow) return;
    flows.delete(flow.id);
    lanes.leave(flow.lane);
  }

  function findRunning(id: string): FleetFlow | undefined {
    const flow = flows.get(id);
    return flow && isWaitingFlow(flow) ? flow : undefined;
  }

  return {
    async start(own = {}) {
      const { id, clientIdentifier, giveUpAfterMs } = readStartOptions(own, settings);
      await restored;
      requireOption(!isDisposed, 'start', 'called before dispose');
      requireOption(!flows.has(id), 'id', 'one that no flow has, whose end was not handled yet');
      const nowMs = clock.now();
      const giveUpAtMs = giveUpAfterMs === undefined ? undefined : nowMs + giveUpAfterMs;
      const flow = add(id, clientIdentifier, giveUpAtMs, settings.renewals);
      const started = starts.wait(flow);
      runner.send(flow, { type: 'START', atMs: nowMs, giveUpAfterMs });
      return started;
    },
    check(id) {
      const flow = findRunning(id);
      if (flow) runner.check(flow);
      return flow !== undefined;
    },
    cancel(id) {
      const flow = findRunning(id);
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
    load: () => ({
      flows: flows.size,
      due: runner.queue.due,
      inFlight: runner.queue.inFlight,
      lateness: runner.queue.lateness(),
    }),
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

/** What a stored flow continues with. */
function toFirstEvent({ pin, credentials, giveUpAtMs }: FlowRecord, atMs: number): FlowEvent {
  if (credentials) return { type: 'RESTORE', credentials };
  if (!pin) throw new Error('A record has neither a PIN nor credentials');
  return {
    type: 'RESUME',
    pin,
    atMs,
    giveUpAfterMs: giveUpAtMs === undefined ? undefined : Math.max(1, giveUpAtMs - atMs),
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
