/**
 * Measures this library beside its peers, and writes the numbers, the tables and the charts of docs/benchmarks.md. Run with
 * `npm run bench`; it takes about 30 minutes.
 *
 * `-- --quick` only looks whether every subject still signs in and can be measured, within two minutes, and writes nothing.
 * `-- --only load,faults` measures these parts again and keeps the numbers of the others. `-- --rounds 1` measures the load
 * once instead of three times. `-- --draw` only draws the tables and charts of the numbers that are there.
 */
import { parseArgs } from 'node:util';
import { type MeasuredPart, measuredParts, measurePart } from './measured-parts.ts';
import { planOf, quickPlan } from './plan.ts';
import { buildSubjects, installPeers } from './prepare.ts';
import { writeReport } from './report/write.ts';
import { readResults, writeResults } from './results.ts';
import { subjects } from './subject-list.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    draw: { type: 'boolean' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '3' },
  },
});

function readParts(text: string): MeasuredPart[] {
  return text.split(',').map((name) => {
    const part = measuredParts.find((known) => known === name);
    if (!part) throw new TypeError(`--only: ${name} is none of ${measuredParts.join(', ')}`);
    return part;
  });
}

if (!values.draw) {
  installPeers();
  await buildSubjects();
}
if (values.quick) {
  for (const part of measuredParts) await measurePart(quickPlan, part);
  console.log(`All ${subjects.length} subjects sign in.`);
} else {
  const parts = values.only ? readParts(values.only) : measuredParts;
  // Each part is written at once, so that an error in a later one costs nothing.
  for (const part of values.draw ? [] : parts) {
    const measured = await measurePart(planOf(Number(values.rounds)), part);
    const results = readResults();
    writeResults({ ...results, ...measured, load: { ...results.load, ...measured.load } });
  }
  writeReport(readResults());
}
