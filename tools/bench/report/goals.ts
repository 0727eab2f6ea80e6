import type { BenchmarkResults } from '../results.ts';
import type { Spread } from '../spread.ts';
import { floorName } from '../subject-list.ts';
import { cpuRatio, loadSpread } from './figures.ts';
import { formatSpread, formatTable } from './format.ts';

interface Goal {
  readonly figure: string;
  readonly goal: string;
  readonly measured: Spread | undefined;
  readonly isReached: (median: number) => boolean;
}

const fleet = 'plex-auth-flow-fleet';
const engine = 'plex-auth-flow';

function goalsOf(results: BenchmarkResults): Goal[] {
  const ofFleet = (read: Parameters<typeof loadSpread>[3]) => loadSpread(results, 10_000, fleet, read);
  return [
    {
      figure: 'fleet of 10,000: CPU per poll, × the pool',
      goal: '≤ 1.3',
      measured: cpuRatio(results, 10_000, fleet, floorName),
      isReached: (median) => median <= 1.3,
    },
    {
      figure: 'fleet of 10,000: polls done, %',
      goal: '≥ 98',
      measured: ofFleet(({ doneShare }) => doneShare * 100),
      isReached: (median) => median >= 98,
    },
    {
      figure: 'fleet of 10,000: event loop delay p99, ms',
      goal: '≤ 30',
      measured: ofFleet(({ loopDelayMs }) => loopDelayMs),
      isReached: (median) => median <= 30,
    },
    {
      figure: 'fleet of 10,000: heap per flow, kB',
      goal: '≤ 1.5',
      measured: ofFleet(({ heapBytes }) => heapBytes / 1000),
      isReached: (median) => median <= 1.5,
    },
    {
      figure: '1,000 engines: CPU per poll, × xstate + ofetch',
      goal: '≤ 1.0',
      measured: cpuRatio(results, 1000, engine, 'xstate-ofetch'),
      isReached: (median) => median <= 1,
    },
    {
      figure: '1,000 engines: heap per flow, kB',
      goal: '≤ 12',
      measured: loadSpread(results, 1000, engine, ({ heapBytes }) => heapBytes / 1000),
      isReached: (median) => median <= 12,
    },
    {
      figure: 'half an hour in virtual time, cold, ms',
      goal: '< 100',
      measured: results.virtualTime.find(({ engines }) => engines === 1)?.tookMs,
      isReached: (median) => median < 100,
    },
  ];
}

/** What this project set out to reach, and what came of it. */
export function goalsTable(results: BenchmarkResults): string {
  const rows = goalsOf(results).flatMap(({ figure, goal, measured, isReached }) =>
    measured ? [[figure, goal, formatSpread(measured), isReached(measured.median) ? 'yes' : '**no**']] : [],
  );
  return formatTable(['figure', 'goal', 'measured', 'reached'], rows);
}
