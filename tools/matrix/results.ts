/** What the checks found when they last ran, a file for each in tools/matrix/results. The page is made from them. */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJSON from '../../package.json' with { type: 'json' };
import type { Cell, Check, Report } from './check.ts';
import { type KnownCause, knownCauses } from './known-causes.ts';

const folder = 'tools/matrix/results';

/** A report, with what it was made from. */
export interface Result extends Report {
  readonly table: Check['table'];
  readonly environment: string;
  readonly subjects: readonly string[];
  /** The day, such as `2026-11-29`. */
  readonly date: string;
  /** The version of plex-auth-flow. */
  readonly version: string;
  /** A hash of the lock file of its packages. */
  readonly lock: string;
}

/** @returns Undefined for a check that has never run. */
export function readResult(name: string): Result | undefined {
  if (!namesOfResults().includes(name)) return undefined;
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Result;
}

/** The names of the checks that have a result. */
export function namesOfResults(): string[] {
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
}

export function writeResult(check: Check, { cells, versions }: Report): Result {
  const { table, environment, subjects } = check;
  const result: Result = {
    table,
    environment,
    subjects,
    date: new Date().toISOString().slice(0, 10),
    version: packageJSON.version,
    lock: hashOfLock(check),
    versions,
    cells,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${check.name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** Says why the result of a check is out of date. Undefined: it is not. */
export function staleReason(check: Check, result: Result | undefined): string | undefined {
  if (!result) return 'it has never run';
  const { table, environment, subjects } = check;
  if (result.version !== packageJSON.version) return `it ran on version ${result.version}`;
  if (result.lock !== hashOfLock(check)) return `${check.packages}/package-lock.json has changed`;
  const now = JSON.stringify([table, environment, subjects]);
  const then = JSON.stringify([result.table, result.environment, result.subjects]);
  return now === then ? undefined : 'its place in the tables has changed';
}

function hashOfLock({ packages }: Check): string {
  const lock = readFileSync(join(packages, 'package-lock.json'));
  return createHash('sha256').update(lock).digest('hex').slice(0, 16);
}

/** The cause of a cell that fails for a reason outside this package. */
export function causeOf(name: string, { check, detail }: Cell): KnownCause | undefined {
  const isReason = (known: KnownCause) => !known.detail || !detail || known.detail === detail;
  return knownCauses.find((known) => known.name === name && known.check === check && isReason(known));
}

/** Says which of the cells that a quick run found the last whole run did not, a line for each. Then the page is out of date. */
export function newCells(name: string, { cells }: Report, recorded: Result | undefined): string[] {
  const known = new Map(recorded?.cells.map((cell) => [toKey(cell), cell]));
  const unknown = cells.filter((cell) => !isLike(cell, known.get(toKey(cell))));
  return unknown.map(
    ({ subject, check, figure }) =>
      `${name}: ${subject}, ${check}${figure ? `, ${figure}` : ''}: run npm run matrix, which writes it down`,
  );
}

/** Whether a cell is as it is written down: its figure within one percent. */
function isLike(found: Cell, recorded: Cell | undefined): boolean {
  if (recorded === undefined || found.figure === recorded.figure) return recorded !== undefined;
  const [now, then] = [found, recorded].map(({ figure = '' }) => Number.parseFloat(figure));
  return Math.abs(Number(now) - Number(then)) <= Number(then) / 100;
}

function toKey({ subject, check, result }: Cell): string {
  return [subject, check, result].join();
}

/** What is wrong with a result, a line for each cell: what fails without a known cause, and what is missing. */
export function complaintsAbout(
  name: string,
  { cells, subjects }: Pick<Result, 'cells' | 'subjects'>,
): string[] {
  const cellLines = cells.flatMap((cell) => {
    const isExpected = (cell.result === 'fail') === (causeOf(name, cell) !== undefined);
    if (isExpected) return [];
    const what =
      cell.result === 'fail' ? (cell.detail ?? 'fails') : 'passes, but is listed in known-causes.ts';
    return [`${name}: ${cell.subject}, ${cell.check}: ${what}`];
  });
  const missing = subjects.filter((subject) => !cells.some((cell) => cell.subject === subject));
  return [...cellLines, ...missing.map((subject) => `${name}: ${subject}: nothing was checked`)];
}
