import type { FlowState } from '../fleet/compile-chart.ts';
import type { FleetSettings } from '../fleet/fleet-options.ts';
import { createFleetWire, type FleetWire } from '../fleet/fleet-wire.ts';
import type { FleetFlow } from '../fleet/flow.ts';
import { createFlowRegistry } from '../fleet/flow-registry.ts';
import { createFlowRunner, type FlowRunner } from '../fleet/flow-runner.ts';
import { createFlowViews, type FlowViews } from '../fleet/flow-view.ts';
import type { Credentials } from '../pin.ts';
import type { ReadListener } from '../plex/read-pin.ts';
import type { SharedFlow } from './flow-text.ts';
import type { ShardGate } from './shard-gate.ts';

/** Asks Plex for the flows of all shards that this process owns: one timer and one pool of connections. */
export interface Poller {
  readonly runner: FlowRunner;
  /** Adds a flow that has not begun. */
  add(stored: SharedFlow, first: FlowState): FleetFlow;
  /** Asks nothing in the name of this client identifier for so long: Plex asked to wait. */
  pause(clientIdentifier: string, pauseMs: number): void;
  readonly views: FlowViews;
  /** Calls back after each step of this flow, until it is forgotten. */
  watch(flow: FleetFlow, onStep: (flow: FleetFlow) => void): void;
  /** Forgets a flow that is over, or is another process's: it asks no more. A token that is on its way goes to `onToken`. */
  forget(flow: FleetFlow): void;
  readonly linksOf: FleetWire['linksOf'];
  /** Waits for what is in flight, and closes the connections. */
  close(): Promise<void>;
}

/** What a poller needs. */
export interface PollerOptions {
  readonly settings: FleetSettings;
  /** How many requests may be in flight at this moment. */
  mostInFlight(): number;
  /** The gate of the shard that this client identifier is in, if this process owns it. */
  gateOf(clientIdentifier: string): ShardGate | undefined;
  /** Called with each token, in the moment it is here, whoever owns the flow by then. */
  onToken(stored: SharedFlow, credentials: Credentials): void;
}

/** Makes a poller without a flow. */
export function createPoller({ settings, mostInFlight, gateOf, onToken }: PollerOptions): Poller {
  const wire = createFleetWire(settings);
  const views = createFlowViews(wire.linksOf);
  const flows = createFlowRegistry();
  /** What each flow was begun from. Also of those that are forgotten: a token may be on its way. */
  const origins = new WeakMap<FleetFlow, SharedFlow>();
  const listeners = new Map<FleetFlow, (flow: FleetFlow) => void>();

  const runner = createFlowRunner({
    settings: {
      ...settings,
      get connections() {
        return mostInFlight();
      },
    },
    wire: {
      ...wire,
      getPin(clientIdentifier) {
        const gate = gateOf(clientIdentifier);
        if (!gate) return Promise.reject(toUnownedError());
        const answer = wire.getPin(clientIdentifier);
        answer.then(gate.leave, gate.leave);
        return answer;
      },
      readPin(pin, listener) {
        const gate = gateOf(pin.clientIdentifier);
        if (gate) wire.readPin(pin, createGatedListener(gate, listener));
        // Not within the call: whoever sends it is not done yet.
        else queueMicrotask(() => listener.onError(toUnownedError()));
      },
    },
    // Who waits at the gate waits in the queue: those in flight hold connections, which other shards need.
    mayAsk(lane) {
      const gate = gateOf(lane.clientIdentifier);
      return !gate || gate.enter(lane, () => runner.queue.open(lane));
    },
    onStep: (flow) => listeners.get(flow)?.(flow),
    onKeep(flow) {
      const stored = origins.get(flow);
      if (stored && flow.context.credentials) onToken(stored, flow.context.credentials);
    },
  });

  return {
    runner,
    add(stored, first) {
      const flow = flows.add(stored, first);
      origins.set(flow, stored);
      return flow;
    },
    pause: (clientIdentifier, pauseMs) => runner.queue.pause(flows.laneOf(clientIdentifier), pauseMs),
    views,
    linksOf: wire.linksOf,
    watch: (flow, onStep) => void listeners.set(flow, onStep),
    forget(flow) {
      listeners.delete(flow);
      flows.remove(flow);
      runner.send(flow, { type: 'CANCEL' });
    },
    async close() {
      await runner.stop();
      await wire.close();
    },
  };
}

function toUnownedError(): Error {
  return new Error('The shard is not owned');
}

/** Says at the gate that the answer is here, before it is dealt with. */
function createGatedListener(gate: ShardGate, listener: ReadListener): ReadListener {
  return {
    onReading(reading) {
      gate.leave();
      listener.onReading(reading);
    },
    onError(thrown) {
      gate.leave();
      listener.onError(thrown);
    },
    onLate: (reading) => listener.onLate(reading),
  };
}
