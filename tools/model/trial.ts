import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { createScenario } from './scenario.ts';
import { search } from './search.ts';

const [name = 'x', budget = '{}', diff = '{}', most = '1e9'] = process.argv.slice(2);
const t = performance.now();
const r = search({
  machine: pinAuthMachine,
  scenario: createScenario(name, JSON.parse(budget), JSON.parse(diff)),
  mostStates: Number(most),
});
console.log({
  ...r,
  scenario: undefined,
  seconds: (performance.now() - t) / 1000,
  rss: process.memoryUsage().rss / 1e6,
});
if (r.violation) console.log(r.violation.trace.join('\n'));
