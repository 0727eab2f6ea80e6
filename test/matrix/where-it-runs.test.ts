/** Issue 15: docs/where-it-runs.md is what the matrix found, of this version and with these packages. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { flows } from '../../tools/matrix/browsers/checks.ts';
import type { Flow } from '../../tools/matrix/browsers/stage.ts';
import type { Cell, Check, Report } from '../../tools/matrix/check.ts';
import { checks, quickChecks } from '../../tools/matrix/checks.ts';
import { knownCauses } from '../../tools/matrix/known-causes.ts';
import {
  complaintsAbout,
  namesOfResults,
  newCells,
  type Result,
  readResult,
  staleReason,
} from '../../tools/matrix/results.ts';
import { toPage } from '../../tools/matrix/write-page.ts';

const again = 'run npm run matrix';

describe('docs/where-it-runs.md', () => {
  it('is what the checks found', () => {
    const page = toPage(checks.map((check) => [check, readResult(check.name)]));
    expect(readFileSync('docs/where-it-runs.md', 'utf8'), again).toBe(page);
  });

  it.each(checks.map((check) => [check.name, check] as const))(
    'has a result of today’s %s',
    (name, check) => {
      const result = readResult(name);
      expect(staleReason(check, result), again).toBeUndefined();
      expect(result && complaintsAbout(name, result)).toEqual([]);
    },
  );

  it('has no result of a check that is no more, and no cause of a cell that is no more', () => {
    expect(namesOfResults().toSorted()).toEqual(checks.map(({ name }) => name).toSorted());
    const cells = checks.flatMap(({ name }) =>
      (readResult(name)?.cells ?? []).map(({ check }) => [name, check]),
    );
    for (const { name, check, link } of knownCauses) {
      expect(cells).toContainEqual([name, check]);
      expect(link).toMatch(/^https:\/\//);
    }
  });

  it('names each check once', () => {
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  });
});

const check: Check = {
  name: 'deno',
  table: 'runtimes',
  environment: 'Deno 2',
  packages: 'tools/matrix/runtimes/deno',
  subjects: ['imports', 'aborts'],
  run: async (): Promise<Report> => ({ cells: [], versions: {} }),
};

function resultOf(...cells: Cell[]): Result {
  const { table, environment, subjects } = check;
  const made = { date: '2026-11-29', version: '0.1.0', lock: 'x' };
  return { table, environment, subjects, ...made, versions: { Deno: '2.9.6' }, cells };
}

const passing: Cell = { subject: 'imports', check: 'imports it', result: 'pass' };
const failing: Cell = { subject: 'aborts', check: 'ends it', result: 'fail', detail: 'it went on' };

describe('what CI is to run', () => {
  it('has every runtime and test environment, and something of every other table', () => {
    const tablesOf = (own: readonly Check[]) => [...new Set(own.map(({ table }) => table))];
    expect(tablesOf(quickChecks)).toEqual(tablesOf(checks));
    const isWhole = ({ table }: Check) => table === 'runtimes' || table === 'test environments';
    expect(quickChecks.filter(isWhole)).toEqual(checks.filter(isWhole));
  });

  it('plays ten flows of 31, of every subject', () => {
    expect(flows).toHaveLength(31);
    const quick = flows.filter(({ isQuick }) => isQuick);
    expect(quick).toHaveLength(10);
    const subjectsOf = (own: readonly Flow[]) => new Set(own.map(({ subject }) => subject));
    expect(subjectsOf(quick)).toEqual(subjectsOf(flows));
  });
});

describe('a result', () => {
  it('is complained about where a cell fails, and where a subject was not checked', () => {
    expect(complaintsAbout('deno', resultOf(passing, failing))).toEqual([
      'deno: aborts, ends it: it went on',
    ]);
    expect(complaintsAbout('deno', resultOf(passing))).toEqual(['deno: aborts: nothing was checked']);
  });

  it('is complained about where a cell passes that is known to fail', () => {
    const [known] = knownCauses;
    const cell: Cell = { subject: 'files and terminal', check: known?.check ?? '', result: 'pass' };
    const result = { ...resultOf(cell), subjects: ['files and terminal'] };
    expect(complaintsAbout(known?.name ?? '', result)).toEqual([
      `${known?.name}: files and terminal, ${known?.check}: passes, but is listed in known-causes.ts`,
    ]);
    expect(complaintsAbout(known?.name ?? '', { ...result, cells: [{ ...cell, result: 'fail' }] })).toEqual(
      [],
    );
  });

  it('is complained about where a cell that is known to fail fails for another reason', () => {
    const { name = '', check = '', detail = '' } = knownCauses.find((known) => known.detail) ?? {};
    const complaintsWith = (found: string) =>
      complaintsAbout(name, {
        subjects: [],
        cells: [{ subject: 'tabs', check, result: 'fail', detail: found }],
      });
    expect(complaintsWith(detail)).toEqual([]);
    expect(complaintsWith('it hangs')).toEqual([`${name}: tabs, ${check}: it hangs`]);
  });

  it('is out of date where a quick run finds what is not written down', () => {
    const recorded = resultOf(passing, failing);
    const found = (...cells: Cell[]) => newCells('deno', { cells, versions: {} }, recorded);
    expect(found(passing)).toEqual([]);
    const line = 'deno: aborts, ends it: run npm run matrix, which writes it down';
    expect(found({ ...failing, result: 'pass' })).toEqual([line]);
    expect(newCells('deno', { cells: [failing], versions: {} }, undefined)).toEqual([line]);
  });

  it('is out of date where a quick run measures another figure, by more than one percent', () => {
    const measured = (figure: string): Cell => ({ ...passing, check: 'is small', figure });
    const foundBy = (figure: string) =>
      newCells('vite', { cells: [measured(figure)], versions: {} }, resultOf(measured('40.0 kB')));
    expect([foundBy('40.0 kB'), foundBy('40.4 kB'), foundBy('39.6 kB')]).toEqual([[], [], []]);
    const line = 'vite: imports, is small, 40.5 kB: run npm run matrix, which writes it down';
    expect(foundBy('40.5 kB')).toEqual([line]);
    const { figure: _figure, ...counted } = measured('');
    expect(newCells('vite', { cells: [counted], versions: {} }, resultOf(measured('40.0 kB')))).toHaveLength(
      1,
    );
  });

  it('is stale with another version, another lock file and other columns', () => {
    const stale = (change: Partial<Result>) => staleReason(check, { ...resultOf(passing), ...change });
    expect(staleReason(check, undefined)).toBe('it has never run');
    expect(stale({ version: '0.0.9' })).toBe('it ran on version 0.0.9');
    expect(stale({})).toBe('tools/matrix/runtimes/deno/package-lock.json has changed');
    const lock = readResult('deno')?.lock ?? '';
    expect(stale({ lock, subjects: ['imports'] })).toBe('its place in the tables has changed');
    expect(stale({ lock })).toBeUndefined();
  });

  it('is a row of the page, with what failed in it', () => {
    const figure: Cell = { subject: 'size', check: 'is small', result: 'pass', figure: '31.2 kB' };
    const wide = { ...check, subjects: ['imports', 'aborts', 'size'] };
    const page = toPage([[wide, { ...resultOf(passing, failing, figure), subjects: wide.subjects }]]);
    expect(page).toContain('| Deno 2 | ✓ 1 | 0 of 1 ✗ | 31.2 kB | Deno 2.9.6 | 2026-11-29 |');
  });
});
