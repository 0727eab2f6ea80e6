import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { compileChart } from '../../src/fleet/compile-chart.ts';
import { flaws } from '../../tools/model/flaws.ts';
import { plantFlaw } from '../../tools/model/plant-flaw.ts';
import { createForgetfulStepChart, createStepChart } from '../../tools/model/run-chart.ts';
import type { Scenario } from '../../tools/model/scenario.ts';
import { smallScenarios } from '../../tools/model/scenarios.ts';
import { search } from '../../tools/model/search.ts';
import { type Compiled, stepCompiled, toSame } from './compared-steps.ts';

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
