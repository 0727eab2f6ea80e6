import type { FlowEvent } from './compile-chart.ts';
import { createEventQueue, type EventQueue } from './event-queue.ts';
import type { FleetSettings } from './fleet-options.ts';
import { createFleetStore, type FleetStore } from './fleet-store.ts';
import { createFleetWire, type FleetWire } from './fleet-wire.ts';
import type { FlowRecord } from './flow-record.ts';
import { createFlowRegistry, type FlowRegistry } from './flow-registry.ts';
import { createFlowRunner, type FlowRunner } from './flow-runner.ts';
import { createFlowViews, type FlowViews, isWaitingFlow } from './flow-view.ts';
import { createStarts, type Starts } from './starts.ts';

/** What a fleet is made of. */
export interface FleetParts {
  readonly wire: FleetWire;
  readonly views: FlowViews;
  readonly store: FleetStore;
  readonly flows: FlowRegistry;
  readonly starts: Starts;
  readonly events: EventQueue;
  readonly runner: FlowRunner;
  /** Ends once the flows of an earlier fleet are here. Rejects with `PLEX_STORE`. */
  readonly restored: Promise<void>;
}

/** Makes the parts of a fleet, and continues the flows that its store holds. */
export function createFleetParts(settings: FleetSettings): FleetParts {
  const { clock } = settings;
  const wire = createFleetWire(settings);
  const views = createFlowViews(wire.linksOf);
  const store = createFleetStore(settings);
  const flows = createFlowRegistry();
  const starts = createStarts(views);
  const drop = (flow: Parameters<FlowRegistry['remove']>[0]) => {
    if (isWaitingFlow(flow)) return;
    store.forget(flow);
    flows.remove(flow);
  };
  const events = createEventQueue(views, drop);
  const runner = createFlowRunner({
    settings,
    wire,
    onStep(flow) {
      if (starts.settle(flow)) drop(flow);
      else events.note(flow);
    },
    onKeep(flow) {
      void store.keep(flow).then((error) => error && runner.send(flow, { type: 'STORE_FAILED', error }));
    },
  });

  async function restore(): Promise<void> {
    const found = (await store.read()).map((record) => {
      const flow = flows.add(record, runner.begin(record.renewalsLeft));
      store.adopt(flow);
      return { flow, record };
    });
    for (const { flow, record } of found) runner.send(flow, toFirstEvent(record, clock.now()));
  }

  const restored = restore();
  // Whoever starts a flow or reads events is told.
  restored.catch(() => {});
  return { wire, views, store, flows, starts, events, runner, restored };
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
