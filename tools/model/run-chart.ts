import { type ExecutableActionsFrom, transition } from 'xstate';
import type { Pin } from '../../src/pin.ts';
import { chartKeyOf } from './key.ts';
import type { Chart, ChartEvent, ChartSnapshot, Request, Timer, World } from './world.ts';

type Action = ExecutableActionsFrom<Chart>;
type Step = readonly [snapshot: ChartSnapshot, actions: readonly Action[]];

/** Says what the chart does with an event: the next snapshot, and the actions that an actor would execute. */
export type StepChart = (snapshot: ChartSnapshot, event: ChartEvent, name: string) => Step;

/** A snapshot with its actors takes some kilobytes. */
const mostRemembered = 20_000;

/**
 * Makes a function that calls XState's pure `transition()`, and remembers what it gave: many worlds differ only in what
 * the chart cannot see, and a transition takes 100 microseconds.
 */
export function createStepChart(
  machine: Chart,
  stepAnew: StepChart = createForgetfulStepChart(machine),
): StepChart {
  const remembered = new Map<string, Step>();
  return (snapshot, event, name) => {
    // JSON shows no token, but the name of a move says which one it brings.
    const key = `${chartKeyOf(snapshot)} ${name} ${JSON.stringify(event)}`;
    let step = remembered.get(key);
    if (!step) {
      if (remembered.size >= mostRemembered) remembered.clear();
      step = stepAnew(snapshot, event, name);
      remembered.set(key, step);
    }
    return step;
  };
}

/** Makes a function that calls `transition()` each time. */
export function createForgetfulStepChart(machine: Chart): StepChart {
  type Event = Parameters<typeof transition<Chart>>[2];
  return (snapshot, event) => transition(machine, snapshot, event as Event) as unknown as Step;
}

/** Sends an event to the chart, and does to the world what its actions ask for. */
export function sendToChart(stepChart: StepChart, world: World, event: ChartEvent, name: string): World {
  const [snapshot, actions] = stepChart(world.snapshot, event, name);
  return actions.reduce<World>(applyAction, { ...world, snapshot });
}

function applyAction(world: World, { type, params }: Action): World {
  const { timers, requests, stored } = world;
  const given = params as ActionParams;
  switch (type as string) {
    case 'xstate.spawnChild':
      return { ...world, requests: [...requests, toRequest(given)] };
    case 'xstate.stopChild':
      return { ...world, requests: withoutFirst(requests, ({ operation }) => operation === given.id) };
    case 'xstate.raise':
      return { ...world, timers: [...timers, toTimer(given)] };
    case 'xstate.cancel':
      return { ...world, timers: withoutFirst(timers, ({ id }) => id === given.sendId) };
    case 'keepPin':
      return { ...world, stored: { ...stored, pin: true } };
    case 'forgetPin':
      return { ...world, stored: { ...stored, pin: false } };
    case 'keepCredentials':
      return { ...world, stored: { ...stored, credentials: true } };
    case 'forgetCredentials':
      return { ...world, stored: { ...stored, credentials: false } };
    default:
      throw new Error(`The model does not know the action ${type}`);
  }
}

interface ActionParams {
  readonly id: string;
  readonly sendId: string;
  readonly delay: number;
  readonly event: { readonly type: Timer['eventType'] };
  readonly input: { readonly pin?: Pin | undefined };
}

function toRequest({ id, input }: ActionParams): Request {
  return { operation: id, ageMs: 0, wasApprovedSince: false, pinID: input.pin?.pinID };
}

function toTimer({ id, event, delay }: ActionParams): Timer {
  return { id, eventType: event.type, leftMs: delay };
}

function withoutFirst<T>(items: readonly T[], isWanted: (item: T) => boolean): readonly T[] {
  const index = items.findIndex(isWanted);
  return index < 0 ? items : items.toSpliced(index, 1);
}
