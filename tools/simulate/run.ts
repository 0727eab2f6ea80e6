/**
 * The simulation as a command: `--seeds N --from S`, or `--seed S` to replay one with all that happens in it. With `--tabs`,
 * the seeds are browsers with tabs in them.
 */
import { parseArgs } from 'node:util';
import { replayLine, runSeeds, runTabs, shrinkFailure } from './campaign.ts';
import { drawPlan } from './draw-plan.ts';
import { drawTabsPlan } from './draw-tabs.ts';
import type { Plan } from './plan.ts';
import { runTabsPlan } from './tabs-world.ts';
import { createTally, type Tally } from './tally.ts';
import { runPlan } from './world.ts';
import type { Violation } from './world-state.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20000' },
    from: { type: 'string', default: '0' },
    seed: { type: 'string' },
    tabs: { type: 'boolean', default: false },
    'most-failures': { type: 'string', default: '10' },
  },
});

function readInteger(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new TypeError(`--${name} must be an integer from 0, not ${text}`);
}

async function replay(seed: number): Promise<void> {
  const plan = drawPlan(seed);
  const violation = await show(`seed ${seed}`, plan);
  if (!violation) return;
  const shrunk = await shrinkFailure(plan, violation);
  await show('shrunk', shrunk);
  process.exitCode = 1;
}

async function replayTabs(seed: number): Promise<void> {
  const plan = drawTabsPlan(seed);
  console.log(JSON.stringify(plan));
  const violation = await runTabsPlan(plan, createTally(), console.log);
  console.log(violation ? replayLine(seed, violation, ' --tabs') : 'no violation');
  if (violation) process.exitCode = 1;
}

async function show(title: string, plan: Plan): Promise<Violation | undefined> {
  console.log(`\n${title}: ${JSON.stringify(plan)}`);
  const violation = await runPlan(plan, { tally: createTally(), log: console.log });
  if (!violation) console.log('no violation');
  return violation;
}

async function campaign(from: number, seeds: number, mostFailures: number): Promise<void> {
  const tally = createTally();
  const failures = new Map<string, number>();
  const begun = process.cpuUsage();
  await (values.tabs ? runTabs : runSeeds)({
    from,
    seeds,
    tally,
    onFailure(seed, violation) {
      const count = (failures.get(violation.invariant) ?? 0) + 1;
      failures.set(violation.invariant, count);
      if (count <= mostFailures) console.log(replayLine(seed, violation, values.tabs ? ' --tabs' : ''));
    },
  });
  const { user, system } = process.cpuUsage(begun);
  report(tally, failures, (user + system) / 1e6);
}

/** @param seconds Of CPU time, so that the figure is one core's, whatever else the machine does. */
function report(tally: Tally, failures: ReadonlyMap<string, number>, seconds: number): void {
  for (const [what, count] of [...tally.counts].toSorted())
    console.log(`${String(count).padStart(10)}  ${what}`);
  const of = (what: string) => tally.counts.get(what) ?? 0;
  const requests = [...tally.counts].reduce(
    (sum, [what, count]) => sum + (what.startsWith('request ') ? count : 0),
    0,
  );
  const violations = [...failures.values()].reduce((sum, count) => sum + count, 0);
  for (const [invariant, count] of failures)
    console.log(`${String(count).padStart(10)}  VIOLATIONS of ${invariant}`);
  console.log(
    `${of('seeds')} seeds, ${violations} violations; ${of('flows')} flows in ${seconds.toFixed(1)} s of CPU: ` +
      `${(of('flows') / seconds).toFixed(0)} flows/s, ${(of('seeds') / seconds).toFixed(0)} seeds/s, ` +
      `${(requests / seconds).toFixed(0)} requests/s; ${(of('virtual seconds') / seconds).toFixed(0)} times faster than life`,
  );
  if (violations > 0) process.exitCode = 1;
}

if (values.seed === undefined) {
  await campaign(
    readInteger('from', values.from),
    readInteger('seeds', values.seeds),
    readInteger('most-failures', values['most-failures']),
  );
} else {
  await (values.tabs ? replayTabs : replay)(readInteger('seed', values.seed));
}
