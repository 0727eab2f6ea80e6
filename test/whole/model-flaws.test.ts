import { expect, it } from 'vitest';
import { findFlaw } from '../../tools/model/find-flaw.ts';
import { flaws } from '../../tools/model/flaws.ts';
import { smallScenarios } from '../../tools/model/scenarios.ts';

it.each(flaws.map((planted) => [planted.flaw, planted] as const))(
  'the model checker finds a planted flaw, with the way to it: %s',
  async (_flaw, planted) => {
    const { violation } = await findFlaw(planted, smallScenarios);
    expect(violation?.finding).toMatch(/^[a-zA-Z]+: ./);
    expect(violation?.trace[0]).toMatch(/^(START|RESUME)/);
    expect(violation?.trace.length).toBeLessThan(50);
  },
);
