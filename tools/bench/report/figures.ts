/** One number of each subject, out of the results: what tables, charts and sentences share. */
import type { BenchmarkResults, LoadRun } from '../results.ts';
import { type Spread, toSpread } from '../spread.ts';
import { type ListedSubject, subjects } from '../subject-list.ts';

/** A subject's number. Less is better, in all of them. */
export interface Figure extends Spread {
  readonly subject: ListedSubject;
}

export function figuresOf(read: (name: string) => Spread | undefined): Figure[] {
  return subjects.flatMap((subject) => {
    const spread = read(subject.name);
    return spread ? [{ subject, ...spread }] : [];
  });
}

export function exact(number: number | undefined): Spread | undefined {
  return number === undefined ? undefined : { median: number, low: number, high: number };
}

function runsOf({ load }: BenchmarkResults, flows: number, name: string): readonly LoadRun[] {
  return load[flows]?.[name] ?? [];
}

/** The spread of one number over all rounds; undefined if the subject has no run of that many flows. */
export function loadSpread(
  results: BenchmarkResults,
  flows: number,
  name: string,
  read: (run: LoadRun) => number,
): Spread | undefined {
  const runs = runsOf(results, flows, name);
  return runs.length === 0 ? undefined : toSpread(runs.map(read));
}

/** The CPU time of a poll as a multiple of another subject's in the same round. */
export function cpuRatio(
  results: BenchmarkResults,
  flows: number,
  name: string,
  to: string,
): Spread | undefined {
  const others = runsOf(results, flows, to);
  const ratios = runsOf(results, flows, name).flatMap((run, round) => {
    const other = others[round];
    return other ? [run.cpuSecondsPer1000 / other.cpuSecondsPer1000] : [];
  });
  return ratios.length === 0 ? undefined : toSpread(ratios);
}
