/** The drives in the environments that test runners have for pages, servers and the edge. */
import type { Cell, Check } from '../check.ts';
import { versionIn } from '../install.ts';
import { type Runner, runTests } from './run-tests.ts';

const folder = 'tools/matrix/test-environments';

function testCheck(runner: Runner, environment: string, packageName?: string, note?: string): Check {
  const name = `${runner}-${(packageName ?? environment).replace(/\W+/g, '-').replace(/^-/, '')}`;
  return {
    name,
    table: 'test environments',
    environment: `${runner}: ${environment}`,
    packages: `${folder}/${runner}`,
    subjects: ['drives', 'virtual time', 'fake timers', 'matchers'],
    ...(note && { note }),
    async run(scratch) {
      const cells: Cell[] = await runTests(scratch, runner, name, packageName ?? environment);
      const versions = {
        [runner]: versionIn(scratch, runner),
        ...(packageName && { [packageName]: versionIn(scratch, packageOf(packageName)) }),
        xstate: versionIn(scratch, 'xstate'),
      };
      return { cells, versions };
    },
  };
}

/** vitest calls the environment otherwise than the package that it needs. */
function packageOf(environment: string): string {
  return environment === 'edge-runtime' ? '@edge-runtime/vm' : environment;
}

const needsFixing =
  'needs `jest-fixed-jsdom`, or another environment that gives jsdom `fetch`, `Request` and `Response`.';

export const testEnvironmentChecks: readonly Check[] = [
  testCheck('vitest', 'node'),
  testCheck('vitest', 'jsdom', 'jsdom'),
  testCheck('vitest', 'happy-dom', 'happy-dom'),
  testCheck('vitest', 'edge', 'edge-runtime'),
  testCheck('jest', 'node'),
  testCheck('jest', 'jsdom', 'jest-fixed-jsdom', needsFixing),
  testCheck('jest', 'happy-dom', '@happy-dom/jest-environment'),
  testCheck('jest', 'edge', '@edge-runtime/jest-environment'),
];
