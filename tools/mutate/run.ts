/**
 * Applies each mutant to a copy of the code and runs the test file that must turn red.
 *
 * It fails where that very file stays green, whatever else catches the mutant; the simulation is run for information.
 *
 * `npm run mutants -- [--only REGEX] [--jobs N] [--no-simulation]`
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';

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
/** A mutant that makes a test hang has been caught by then. */
const longestRunMs = 300_000;

interface Trial {
  readonly mutant: Mutant;
  /** The first test of its file that failed. */
  readonly byTest: string | undefined;
  /** Undefined where the simulation was not run. */
  readonly bySimulation: boolean | undefined;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    'no-simulation': { type: 'boolean', default: false },
  },
});
const chosen = mutants.filter(({ flaw, file, namedIn }) =>
  new RegExp(values.only, 'i').test(`${flaw} ${file} ${namedIn}`),
);
if (chosen.length === 0) throw new Error(`No mutant matches ${values.only}`);

const copies = Array.from({ length: Math.min(Number(values.jobs), chosen.length) }, makeCopy);
try {
  await expectGreen(copies[0] ?? '');
  process.exitCode = report(await tryAll());
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true });
}

function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'plex-auth-flow-'));
  for (const name of copied) cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** A test file that fails without a mutant would seem to catch every mutant. */
async function expectGreen(copy: string): Promise<void> {
  const testFiles = new Set(chosen.map(({ namedIn }) => namedIn));
  if (!values['no-simulation']) testFiles.add(simulation);
  const failure = await firstFailureIn(copy, ...testFiles);
  if (failure) throw new Error(`Without a mutant this test fails: ${failure}`);
}

/** Each copy takes the next mutant as soon as it is free. */
async function tryAll(): Promise<Trial[]> {
  const left = [...chosen];
  const trials: Trial[] = [];
  await Promise.all(
    copies.map(async (copy) => {
      for (let mutant = left.shift(); mutant; mutant = left.shift()) {
        const trial = await tryOut(copy, mutant);
        trials.push(trial);
        print(trial);
      }
    }),
  );
  return trials;
}

async function tryOut(copy: string, mutant: Mutant): Promise<Trial> {
  const { file, find, replace, namedIn, flaw } = mutant;
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`The mutant "${flaw}" no longer fits ${file}`);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    const byTest = await firstFailureIn(copy, namedIn);
    const bySimulation = values['no-simulation']
      ? undefined
      : (await firstFailureIn(copy, simulation)) !== undefined;
    return { mutant, byTest, bySimulation };
  } finally {
    writeFileSync(path, source);
  }
}

/** Runs test files of a copy up to their first failure, and gives its name. */
async function firstFailureIn(copy: string, ...testFiles: string[]): Promise<string | undefined> {
  const args = ['run', '--project', 'unit', '--bail', '1', '--reporter', 'json', ...testFiles];
  const run = spawn(process.execPath, [resolve('node_modules/vitest/vitest.mjs'), ...args], {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: longestRunMs,
  });
  let output = '';
  run.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code, signal] = await new Promise<[number | null, string | null]>((ended) => {
    run.on('close', (...ending) => ended(ending));
  });
  if (code === 0) return undefined;
  if (signal) return `no end within ${longestRunMs / 1000} s`;
  return readFailure(output);
}

function readFailure(output: string): string {
  const { testResults } = JSON.parse(output.slice(output.indexOf('{'))) as {
    testResults: { message: string; assertionResults: { status: string; fullName: string }[] }[];
  };
  const results = testResults.flatMap((result) => result.assertionResults);
  // A change that is no longer JavaScript proves nothing about the tests.
  if (results.length === 0) throw new Error(`The mutant does not load: ${testResults[0]?.message}`);
  return results.find(({ status }) => status === 'failed')?.fullName ?? 'an error outside of every test';
}

function print({ mutant, byTest, bySimulation }: Trial): void {
  console.log(`${byTest === undefined ? 'MISSED' : 'caught'}  ${mutant.flaw}`);
  console.log(`        ${mutant.namedIn}: ${byTest ?? 'stays green'}`);
  if (bySimulation !== undefined) console.log(`        simulation: ${bySimulation ? 'caught' : '-'}`);
}

/** Gives the exit code: 1 where the test file of a mutant stayed green. */
function report(trials: readonly Trial[]): number {
  const caught = trials.filter(({ byTest }) => byTest !== undefined);
  const simulated = trials.filter(({ bySimulation }) => bySimulation);
  console.log(`\n${caught.length} of ${trials.length} mutants caught by the test file that names them`);
  if (!values['no-simulation']) console.log(`${simulated.length} caught by the simulation as well`);
  return caught.length === trials.length ? 0 : 1;
}
