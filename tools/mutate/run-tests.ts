import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

/** A mutant that makes a test hang has been caught by then. */
const longestRunMs = 300_000;

/** How the tests of a file are run: by themselves, over a build, or in a browser. */
export type TestKind = 'unit' | 'process' | 'e2e';

export function kindOf(testFile: string): TestKind {
  const [, kind] = /\.(process|e2e)\.test\.ts$/.exec(testFile) ?? [];
  return (kind as TestKind | undefined) ?? 'unit';
}

interface TestRun {
  /** Files of one kind. */
  readonly testFiles: readonly string[];
  /** The only tests to run, as they are written in the files. Default: all. */
  readonly tests?: readonly string[] | undefined;
}

/** Runs tests of a copy up to their first failure, and gives its name. */
export async function firstFailureIn(
  copy: string,
  { testFiles, tests }: TestRun,
): Promise<string | undefined> {
  const kind = kindOf(testFiles[0] ?? '');
  const pattern = tests && toPattern(tests);
  const args = [
    ...['run', '--bail', '1', '--reporter', 'json'],
    ...(kind === 'e2e' ? ['--config', 'test/vitest.e2e.config.ts'] : ['--project', kind]),
    ...(pattern ? ['-t', pattern.source] : []),
    ...testFiles,
  ];
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
  if (signal) return `no end within ${longestRunMs / 1000} s`;
  const failure = readFailure(output, pattern);
  return code === 0 ? undefined : (failure ?? 'an error outside of every test');
}

/** @param pattern Finds the tests that count. */
function readFailure(output: string, pattern: RegExp | undefined): string | undefined {
  const { testResults } = JSON.parse(output.slice(output.indexOf('{"'))) as {
    testResults: {
      message: string;
      assertionResults: { status: string; title: string; fullName: string }[];
    }[];
  };
  const results = testResults.flatMap((result) => result.assertionResults);
  // A change that is no longer JavaScript proves nothing about the tests.
  if (results.length === 0) throw new Error(`The mutant does not load: ${testResults[0]?.message}`);
  const counting = results.filter(({ title }) => pattern?.test(title) ?? true);
  if (counting.every(({ status }) => status === 'skipped' || status === 'pending'))
    throw new Error(`No test was run that is called ${pattern}`);
  return counting.find(({ status }) => status === 'failed')?.fullName;
}

/** Finds the titles that tests are given. Vitest writes values in the place of `%s` and the like. */
function toPattern(tests: readonly string[]): RegExp {
  const toTitle = (test: string) =>
    test
      .split(/%[sdijfoO]/)
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
      .join('.*');
  return new RegExp(`(?:${tests.map(toTitle).join('|')})$`, 's');
}
