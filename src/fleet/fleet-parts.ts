import { createEventQueue, type EventQueue } from './event-queue.ts';
import type { FleetSettings } from './fleet-options.ts';
import { createFleetStore, type FleetStore } from './fleet-store.ts';
import { createFleetWire, type FleetWire } from './fleet-wire.ts';
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
}

/** Makes the parts of a fleet. */
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
    onPause: (clientIdentifier, pauseMs) => store.keepPause(clientIdentifier, clock.now() + pauseMs),
  });

  return { wire, views, store, flows, starts, events, runner };
}
