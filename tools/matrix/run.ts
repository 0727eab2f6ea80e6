/**
 * Tries the built package where users run it, and writes docs/where-it-runs.md. Run with `npm run matrix`; with names of
 * checks or of tables behind `--` for these alone, with `--quick` for what a change is tried with: that writes nothing, and
 * fails too where the page does not say what was found.
 *
 * It fails when a cell fails for a reason that known-causes.ts does not name, and when an environment cannot be had.
 */
import { parseArgs } from 'node:util';
import type { Check } from './check.ts';
import { checks, quickChecks } from './checks.ts';
import { createInstaller, packPackage } from './install.ts';
import { complaintsAbout, newCells, readResult, writeResult } from './results.ts';
import { writePage } from './write-page.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
});
const chosen = (values.quick ? quickChecks : checks).filter(
  ({ name, table }) => positionals.length === 0 || positionals.includes(name) || positionals.includes(table),
);
/** As many at once as two cores bear. */
const most = 2;

const complaints: string[] = [];
const install = createInstaller(await packPackage());
const queue = [...chosen];

async function runNext(): Promise<void> {
  for (let check = queue.shift(); check; check = queue.shift()) {
    try {
      complaints.push(...(await runCheck(check)));
    } catch (error) {
      complaints.push(`${check.name}: could not run: ${String(error).slice(0, 2000)}`);
    }
  }
}

async function runCheck(check: Check): Promise<string[]> {
  const scratch = await install(check.packages);
  const begunAtMs = Date.now();
  const report = await check.run(scratch, { isQuick: values.quick });
  const seconds = Math.round((Date.now() - begunAtMs) / 100) / 10;
  const passed = report.cells.filter((cell) => cell.result === 'pass').length;
  console.log(`${check.environment}: ${passed} of ${report.cells.length} in ${seconds} s`);
  const { name, subjects } = check;
  const complaints = complaintsAbout(name, { subjects, cells: report.cells });
  if (values.quick) return [...complaints, ...newCells(name, report, readResult(name))];
  writeResult(check, report);
  return complaints;
}

await Promise.all(Array.from({ length: most }, runNext));
if (!values.quick) writePage();
if (chosen.length === 0) complaints.push(`No check has the name ${positionals.join(', ')}`);
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length > 0 ? 1 : 0;
