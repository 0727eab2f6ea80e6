/** Applies each mutant to a copy of the code and says what catches it: a named test, the simulation, or nothing. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Mutant, mutants } from './mutants.ts';

const simulation = 'test/whole/simulation.test.ts';
const copied = [
  'machines',
  'src',
  'live-view',
  'tools',
  'test',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

const copy = mkdtempSync(join(tmpdir(), 'plex-auth-flow-'));
try {
  for (const name of copied) cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  process.exitCode = report(mutants.map((mutant) => ({ mutant, ...tryOut(mutant) })));
} finally {
  rmSync(copy, { recursive: true });
}

interface Trial {
  /** The first test that failed, where one did. */
  readonly byTest: string | undefined;
  readonly bySimulation: boolean;
}

function tryOut({ file, find, replace, namedIn, fault }: Mutant): Trial {
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`The mutant "${fault}" no longer fits ${file}`);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    return { byTest: firstFailureIn(namedIn), bySimulation: firstFailureIn(simulation) !== undefined };
  } finally {
    writeFileSync(path, source);
  }
}

/** Runs one test file of the copy up to its first failure. */
function firstFailureIn(testFile: string): string | undefined {
  const args = ['run', '--project', 'unit', '--bail', '1', '--reporter', 'json', testFile];
  const run = spawnSync(process.execPath, [resolve('node_modules/vitest/vitest.mjs'), ...args], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (run.status === 0) return undefined;
  const { testResults } = JSON.parse(run.stdout.slice(run.stdout.indexOf('{'))) as {
    testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
  };
  const failed = testResults
    .flatMap((result) => result.assertionResults)
    .find(({ status }) => status === 'failed');
  return failed?.fullName ?? testResults[0]?.message ?? 'an error outside of every test';
}

/** Prints the table, and gives the exit code: 1 where a mutant was caught by nothing. */
function report(trials: readonly (Trial & { mutant: Mutant })[]): number {
  for (const { mutant, byTest, bySimulation } of trials) {
    const isCaught = byTest !== undefined || bySimulation;
    console.log(`${isCaught ? 'caught' : 'MISSED'}  ${mutant.fault}`);
    console.log(`        ${bySimulation ? 'simulation' : '-'.padEnd(10)}  ${byTest ?? '-'}`);
  }
  const caught = trials.filter(({ byTest, bySimulation }) => byTest !== undefined || bySimulation);
  const simulated = trials.filter(({ bySimulation }) => bySimulation);
  console.log(
    `\n${caught.length} of ${trials.length} mutants caught, ${simulated.length} of them by the simulation`,
  );
  return caught.length === trials.length ? 0 : 1;
}
