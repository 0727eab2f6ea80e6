/**
 * Applies each mutant to a copy of the code and runs the test file that must turn red.
 *
 * It fails where that very file stays green, whatever else catches the mutant; the simulation is run for information.
 * With `--threats` it removes the defences of SECURITY.md instead, and the very test that the row names must turn red. Tests
 * with processes run over a build of the copy, those with a browser need Chromium.
 *
 * `npm run mutants -- [--threats] [--only REGEX] [--jobs N] [--no-simulation]`
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Mutant } from './mutant.ts';
import { mutants } from './mutants.ts';
import { firstFailureIn, kindOf } from './run-tests.ts';
import { threatMutants } from './threat-mutants.ts';

const simulation = 'test/whole/simulation.test.ts';
const copied = [
  'machines',
  'src',
  'live-view',
  'tools',
  'test',
  'examples',
  'docs',
  'README.md',
  'LICENSE',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];
interface Trial {
  readonly mutant: Mutant;
  /** The first test of its file that failed. */
  readonly byTest: string | undefined;
  /** Undefined where the simulation was not run. */
  readonly bySimulation: boolean | undefined;
  /** Why the mutant could not be tried. */
  readonly problem?: string;
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    threats: { type: 'boolean', default: false },
    'no-simulation': { type: 'boolean', default: false },
  },
});
/** The simulation is no test of a row. */
const isSimulated = !values['no-simulation'] && !values.threats;
const chosen = (values.threats ? threatMutants : mutants).filter(({ flaw, file, namedIn, test = '' }) =>
  new RegExp(values.only, 'i').test(`${flaw} ${file} ${namedIn} ${test}`),
);
if (chosen.length === 0) throw new Error(`No mutant matches ${values.only}`);

const copies = Array.from({ length: Math.min(Number(values.jobs), chosen.length) }, makeCopy);
try {
  await expectGreen(copies[0] ?? '');
  process.exitCode = report(await tryAll());
} finally {
  for (const copy of copies) rmSync(copy, { recursive: true, maxRetries: 5 });
}

function makeCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'plex-auth-flow-'));
  for (const name of copied) cpSync(name, join(copy, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** A test file that fails without a mutant would seem to catch every mutant. */
async function expectGreen(copy: string): Promise<void> {
  const testFiles = [...new Set(chosen.map(({ namedIn }) => namedIn)), ...(isSimulated ? [simulation] : [])];
  if (testFiles.some((file) => kindOf(file) !== 'unit')) build(copy);
  for (const kind of ['unit', 'process', 'e2e'] as const) {
    const ofKind = testFiles.filter((file) => kindOf(file) === kind);
    if (ofKind.length === 0) continue;
    const named = chosen.filter(({ namedIn }) => ofKind.includes(namedIn)).map(({ test }) => test);
    const tests = named.every((test) => test !== undefined) ? named : undefined;
    const failure = await firstFailureIn(copy, { testFiles: ofKind, tests });
    if (failure) throw new Error(`Without a mutant this test fails: ${failure}`);
  }
}

/** The types that `dist` is built with come from the last build: a mutant need not satisfy the compiler. */
function build(copy: string): void {
  rmSync(join(copy, 'dist'), { recursive: true, force: true });
  execFileSync(process.execPath, ['tools/build/main.mjs'], { cwd: copy });
}

/** Each copy takes the next mutant as soon as it is free. */
async function tryAll(): Promise<Trial[]> {
  const left = [...chosen];
  const trials: Trial[] = [];
  await Promise.all(
    copies.map(async (copy) => {
      for (let mutant = left.shift(); mutant; mutant = left.shift()) {
        const trial = await tryOut(copy, mutant).catch((error: Error): Trial => {
          return { mutant, byTest: undefined, bySimulation: undefined, problem: error.message };
        });
        trials.push(trial);
        print(trial);
      }
    }),
  );
  return trials;
}

async function tryOut(copy: string, mutant: Mutant): Promise<Trial> {
  const { file, find, replace, namedIn, test, flaw } = mutant;
  const path = join(copy, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`The mutant "${flaw}" no longer fits ${file}`);
  writeFileSync(
    path,
    source.replace(find, () => replace),
  );
  try {
    if (kindOf(namedIn) !== 'unit') build(copy);
    const byTest = await firstFailureIn(copy, {
      testFiles: [namedIn],
      tests: test === undefined ? undefined : [test],
    });
    const bySimulation = isSimulated
      ? (await firstFailureIn(copy, { testFiles: [simulation] })) !== undefined
      : undefined;
    return { mutant, byTest, bySimulation };
  } finally {
    writeFileSync(path, source);
  }
}

function print({ mutant, byTest, bySimulation, problem }: Trial): void {
  console.log(`${byTest === undefined ? 'MISSED' : 'caught'}  ${mutant.flaw}`);
  if (problem !== undefined) console.log(`        could not be tried: ${problem}`);
  console.log(`        ${mutant.namedIn}: ${byTest ?? `${mutant.test ?? 'all of it'} stays green`}`);
  if (bySimulation !== undefined) console.log(`        simulation: ${bySimulation ? 'caught' : '-'}`);
}

/** Gives the exit code: 1 where the test file of a mutant stayed green. */
function report(trials: readonly Trial[]): number {
  const caught = trials.filter(({ byTest }) => byTest !== undefined);
  const simulated = trials.filter(({ bySimulation }) => bySimulation);
  console.log(
    `\n${caught.length} of ${trials.length} mutants caught by the ${values.threats ? 'test' : 'test file'} that names them`,
  );
  if (isSimulated) console.log(`${simulated.length} caught by the simulation as well`);
  return caught.length === trials.length ? 0 : 1;
}
