/** One step of the chart, once by XState and once compiled, in the same form. */
import { expect } from 'vitest';
import type { compileChart, FlowEvent, FlowHost, FlowState } from '../../src/fleet/compile-chart.ts';
import type { StepChart } from '../../tools/model/run-chart.ts';
import type { ChartSnapshot } from '../../tools/model/world.ts';

export type Compiled = ReturnType<typeof compileChart>;

/** What a step asks for, in the words of XState's actions. */
function createRecorder() {
  const asked: unknown[] = [];
  const host: FlowHost<FlowState> = {
    startRequest: (_flow, id, input) => asked.push(['xstate.spawnChild', id, input]),
    stopRequest: (_flow, id) => asked.push(['xstate.stopChild', id]),
    startWait: (_flow, delay, event) => asked.push(['xstate.raise', delay, event.type]),
    stopWait: () => asked.push(['xstate.cancel']),
    runAction: (_flow, action, event) => asked.push([action, event]),
  };
  return { host, asked };
}

function nameOf({ value }: ChartSnapshot): string {
  return typeof value === 'string' ? value : `requestingPin.${value.requestingPin}`;
}

/** The states of each compiled chart that a flow has been in: all that XState's snapshots are in are reached by steps. */
const statesOf = new WeakMap<Compiled, Map<string, FlowState['state']>>();

function findState(compiled: Compiled, name: string): FlowState['state'] {
  return statesOf.get(compiled)?.get(name) ?? noteState(compiled, compiled.begin({}).state, name);
}

function noteState(compiled: Compiled, state: FlowState['state'], name = state.name): FlowState['state'] {
  const states = statesOf.get(compiled) ?? new Map<string, FlowState['state']>();
  statesOf.set(compiled, states.set(state.name, state));
  return states.get(name) ?? expect.fail(`No flow has been in ${name}`);
}

/** Takes a step of the compiled chart from where XState's snapshot is. */
export function stepCompiled(compiled: Compiled, snapshot: ChartSnapshot, event: FlowEvent) {
  const state = findState(compiled, nameOf(snapshot));
  const flow: FlowState = { state, context: { ...snapshot.context } };
  const { host, asked } = createRecorder();
  compiled.step(flow, event, host);
  noteState(compiled, flow.state);
  return { name: flow.state.name, context: flow.context, asked };
}

/** Gives XState's own step in the same form. */
export function toSame([snapshot, actions]: ReturnType<StepChart>, event: FlowEvent) {
  const asked = actions.map(({ type, params }) => {
    const { id, input, delay, event: raised } = (params ?? {}) as Record<string, unknown>;
    switch (type as string) {
      case 'xstate.spawnChild':
        return [type, id, input];
      case 'xstate.stopChild':
        return [type, id];
      case 'xstate.raise':
        return [type, delay, (raised as FlowEvent).type];
      case 'xstate.cancel':
        return [type];
      default:
        return [type, event];
    }
  });
  return { name: nameOf(snapshot), context: snapshot.context, asked };
}
