import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cell } from '../check.ts';
import { bundleEntry, playInNode } from '../run-probe.ts';

const run = promisify(execFile);

/** A test runner of users. */
export type Runner = 'vitest' | 'jest';

const begin: Record<Runner, string> = {
  vitest: "import { expect, it, vi as fakes } from 'vitest';",
  jest: "import { expect, it, jest as fakes } from '@jest/globals';",
};

const toTests = (runner: Runner) => `
import 'plex-auth-flow/testing/${runner}';
import { drivePlexAuth } from 'plex-auth-flow/testing';
import { driveChecks } from './drives.mjs';
import { world } from './world.mjs';

for (const { subject, check, run } of driveChecks) it(subject + ': ' + check, () => run(world), 30_000);

it('matchers: says when a sign-in is over, and what was asked', async () => {
  const drive = await drivePlexAuth({ script: [{ atMs: 30_000, user: 'approve' }] });
  expect(drive).toReach('authenticated', { withinMs: 31_000 });
  expect(drive).toHaveAsked('getPin', 1);
  expect(() => expect(drive).toReach('failed')).toThrow();
});

it('fake timers: drives where they came after it', async () => {
  fakes.useFakeTimers();
  expect(await drivePlexAuth({ script: [{ atMs: 30_000, user: 'approve' }] })).toReach('authenticated');
  fakes.useRealTimers();
});
`;

const testsUnderFakes = `
fakes.useFakeTimers();
const { assertReaches, drivePlexAuth } = await import('plex-auth-flow/testing');

it('fake timers: drives where they came before it', async () => {
  assertReaches(await drivePlexAuth({ script: [{ atMs: 30_000, user: 'approve' }] }), 'authenticated');
});
`;

/** What both runners write as JSON. */
interface RunnerReport {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * Runs the drives as tests.
 *
 * @param name Of the check: its folder in `scratch`.
 * @param environment As the runner's configuration calls it.
 * @throws {Error} Where no test ran: with what the runner printed.
 */
export async function runTests(
  scratch: string,
  runner: Runner,
  name: string,
  environment: string,
): Promise<Cell[]> {
  const folder = join(scratch, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await bundleEntry('probe/drives.ts', join(folder, 'drives.mjs'));
  const world = { controlURL: '', timelines: await playInNode(scratch, folder) };
  const files = {
    'world.mjs': `export const world = ${JSON.stringify(world)};`,
    'drives.test.mjs': begin[runner] + toTests(runner),
    'under-fakes.test.mjs': begin[runner] + testsUnderFakes,
    'vitest.config.mjs': `export default { test: ${JSON.stringify({ environment, include: ['*.test.mjs'] })} };`,
    'jest.config.json': JSON.stringify({
      testEnvironment: environment,
      testMatch: ['<rootDir>/*.test.mjs'],
      transform: {},
      // The folder is below node_modules, where jest looks for no tests.
      testPathIgnorePatterns: [],
      haste: { retainAllFiles: true },
    }),
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const printed = await startRunner(scratch, folder, runner);
  const report = join(folder, 'report.json');
  const cells = existsSync(report) ? readReport(report) : [];
  if (cells.length === 0) throw new Error(`${runner} ran no test in ${environment}: ${printed.slice(-2000)}`);
  return cells;
}

/** @returns What it printed. A runner fails where a test does. */
async function startRunner(scratch: string, cwd: string, runner: Runner): Promise<string> {
  const args = {
    vitest: ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=report.json'],
    jest: ['node_modules/jest/bin/jest.js', '--json', '--outputFile=report.json'],
  }[runner].map((arg) => (arg.startsWith('node_modules') ? join(scratch, arg) : arg));
  const env = { ...process.env, NO_COLOR: '1', NODE_OPTIONS: '--experimental-vm-modules --no-warnings' };
  const { stdout, stderr } = await run(process.execPath, args, { cwd, env, timeout: 120_000 }).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return stdout + stderr;
}

function readReport(file: string): Cell[] {
  const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as RunnerReport;
  return testResults.flatMap(({ assertionResults }) =>
    assertionResults.map(({ title, status, failureMessages }): Cell => {
      const [subject = '', check = ''] = title.split(': ');
      if (status === 'passed') return { subject, check, result: 'pass' };
      const detail = failureMessages.join(' ').replace(/\s+/g, ' ').slice(0, 300);
      return { subject, check, result: 'fail', detail };
    }),
  );
}
