/** The model checker as a command: `[--large] [--only REGEX] [--most-states N]`, or `--flaws` for planted flaws. */
import { parseArgs } from 'node:util';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { findFlaw } from './find-flaw.ts';
import { type Flaw, flaws } from './flaws.ts';
import { reportLine, reportViolation } from './report.ts';
import type { Scenario } from './scenario.ts';
import { largeScenarios, smallScenarios } from './scenarios.ts';
import { search } from './search.ts';

const { values } = parseArgs({
  options: {
    large: { type: 'boolean', default: false },
    flaws: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    'most-states': { type: 'string', default: '20000000' },
  },
});
const only = new RegExp(values.only, 'i');

function searchAll(scenarios: readonly Scenario[], mostStates: number): void {
  const totals = { states: 0, edges: 0, seconds: 0 };
  for (const scenario of scenarios.filter(({ name }) => only.test(name))) {
    const begunMs = performance.now();
    const result = search({ machine: pinAuthMachine, scenario, mostStates });
    const seconds = (performance.now() - begunMs) / 1000;
    console.log(reportLine(result, seconds));
    if (result.violation) console.log(reportViolation(result.violation));
    if (result.violation || !result.isComplete) process.exitCode = 1;
    totals.states += result.states;
    totals.edges += result.edges;
    totals.seconds += seconds;
  }
  const { states, edges, seconds } = totals;
  console.log(
    `${states.toLocaleString('en')} states, ${edges.toLocaleString('en')} edges, ${seconds.toFixed(1)} s`,
  );
}

async function findAll(chosen: readonly Flaw[]): Promise<void> {
  let found = 0;
  for (const flaw of chosen) {
    const { violation, scenario } = await findFlaw(flaw, smallScenarios);
    console.log(`\n${violation ? `found (${scenario.name})` : 'NOT FOUND'}: ${flaw.flaw}`);
    if (violation) console.log(reportViolation(violation));
    found += violation ? 1 : 0;
  }
  console.log(`\n${found} of ${chosen.length} planted flaws found`);
  if (found < chosen.length) process.exitCode = 1;
}

if (values.flaws) await findAll(flaws.filter(({ flaw }) => only.test(flaw)));
else searchAll(values.large ? largeScenarios : smallScenarios, Number(values['most-states']));
