import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** What a test reads of axe-core's answer. */
export interface AxeResults {
  violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[];
  passes: { id: string }[];
}

/** The script that puts `axe` on the page. */
export const axeScript = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

/** @param rule One that must have been looked at: an answer about nothing is no answer. */
export function expectNothingFound({ violations, passes }: AxeResults, rule: string): void {
  expect(
    violations.map(({ id, nodes }) => [
      id,
      nodes.map(({ target, failureSummary }) => [target, failureSummary]),
    ]),
  ).toEqual([]);
  expect(passes.map(({ id }) => id)).toContain(rule);
}
