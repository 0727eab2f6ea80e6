import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import {
  compileChart,
  type FlowEvent,
  type FlowHost,
  type FlowState,
} from '../../src/fleet/compile-chart.ts';
import { flaws } from '../../tools/model/flaws.ts';
import { plantFlaw } from '../../tools/model/plant-flaw.ts';
import { createForgetfulStepChart, createStepChart, type StepChart } from '../../tools/model/run-chart.ts';
import type { Scenario } from '../../tools/model/scenario.ts';
import { smallScenarios } from '../../tools/model/scenarios.ts';
import { search } from '../../tools/model/search.ts';
import type { ChartSnapshot } from '../../tools/model/world.ts';

type Compiled = ReturnType<typeof compileChart>;

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

function stepCompiled(compiled: Compiled, snapshot: ChartSnapshot, event: FlowEvent) {
  const state = compiled.stateOf(nameOf(snapshot)) ?? expect.fail();
  const flow: FlowState = { state, context: snapshot.context };
  const { host, asked } = createRecorder();
  compiled.step(flow, event, host);
  return { name: flow.state.name, context: flow.context, asked };
}

/** XState's own step in the same form. */
function toSame([snapshot, actions]: ReturnType<StepChart>, event: FlowEvent) {
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

/** A step of both, where they differ. */
class Difference extends Error {
  actual: object;
  wanted: object;

  constructor(actual: object, wanted: object) {
    super('The steps differ');
    this.actual = actual;
    this.wanted = wanted;
  }
}

/** Takes each step of a search with both, once where the chart cannot tell two worlds apart. */
function compareEverywhere(compiled: Compiled, scenario: Scenario): void {
  const transition = createForgetfulStepChart(pinAuthMachine);
  const compared = createStepChart(pinAuthMachine, (snapshot, event, name) => {
    const step = transition(snapshot, event, name);
    const [actual, wanted] = [stepCompiled(compiled, snapshot, event), toSame(step, event)];
    if (!isDeepStrictEqual(actual, wanted)) throw new Difference(actual, wanted);
    return step;
  });
  const { isComplete, violation } = search({ machine: pinAuthMachine, scenario, stepChart: compared });
  expect([isComplete, violation]).toEqual([true, undefined]);
}

function findDifference(compiled: Compiled, scenario: Scenario): Difference | undefined {
  try {
    compareEverywhere(compiled, scenario);
    return undefined;
  } catch (error) {
    if (error instanceof Difference) return error;
    throw error;
  }
}

/** One of each kind: a guard, an action, a target, a delay, an order of transitions. All are found, which takes longer. */
const planted = flaws.filter((_flaw, index) => index % 5 === 0);

describe('the compiled chart', () => {
  it.each(smallScenarios)('does what transition() does, on every edge of $name', (scenario) => {
    const compiled = compileChart(pinAuthMachine);
    const { actual, wanted } = findDifference(compiled, scenario) ?? {};
    expect(actual).toStrictEqual(wanted);
  });

  it.each(planted.map((flaw) => [flaw.flaw, flaw] as const))(
    'differs where a flaw is planted: %s',
    async (_name, flaw) => {
      const flawed = compileChart(await plantFlaw(flaw));
      const scenarios = smallScenarios.filter(({ name }) => name === (flaw.scenario ?? name));
      expect(scenarios.some((scenario) => findDifference(flawed, scenario))).toBe(true);
    },
  );
});
