import { browserChecks } from './browsers/checks.ts';
import { bundlerChecks } from './bundlers/checks.ts';
import type { Check } from './check.ts';
import { runtimeChecks } from './runtimes/checks.ts';
import { testEnvironmentChecks } from './test-environments/checks.ts';
import { typeChecks } from './types/checks.ts';

/** Every environment, in the order of the page. */
export const checks: readonly Check[] = [
  ...runtimeChecks,
  ...testEnvironmentChecks,
  ...browserChecks,
  ...bundlerChecks,
  ...typeChecks,
];

/** What a quick run leaves out: what takes long, and what another check or the tests in Chromium find as well. */
const slow = [
  'chromium',
  'vite-7',
  'parcel',
  'next-webpack',
  'metro-floor',
  'types-5-4',
  'types-5-9',
  'types-6-0',
  'types-7-0-xstate-5-16',
];

/** What a quick run tries. */
export const quickChecks: readonly Check[] = checks.filter(({ name }) => !slow.includes(name));
