import { lateReadMoves, requestMoves } from './answers.ts';
import { type Move, spend } from './move.ts';
import type { Scenario } from './scenario.ts';
import { passTime, setClock, sleep } from './time.ts';
import { userMoves } from './user-moves.ts';
import { isRunning, type Timer, type World } from './world.ts';

/** Everything that can happen next. */
export function movesOf(world: World, scenario: Scenario): Move[] {
  return [
    ...timeMoves(world, scenario),
    ...clockMoves(world),
    ...requestMoves(world, scenario),
    ...lateReadMoves(world),
    ...userMoves(world, scenario),
  ];
}

/** A timer that is due fires before time passes; anything else may come first. */
function timeMoves(world: World, scenario: Scenario): Move[] {
  const due = world.timers.find(({ leftMs }) => leftMs <= 0);
  if (due) return [fireTimer(world, due)];
  const ms = timeToPass(world, scenario);
  return ms > 0 ? [{ name: `${ms / 1000} s pass`, by: 'time', change: passTime(world, ms) }] : [];
}

function fireTimer({ timers }: World, due: Timer): Move {
  return {
    name: 'the timer fires',
    by: 'time',
    event: { type: due.eventType },
    change: { timers: timers.filter((timer) => timer !== due) },
  };
}

/** One step of time, cut to what is due first. Where neither a timer runs nor a request, time changes nothing. */
function timeToPass({ timers, requests, plexPin }: World, scenario: Scenario): number {
  const waits = [
    ...timers.map(({ leftMs }) => leftMs),
    ...requests.map(({ ageMs }) => scenario.requestTimeoutMs - ageMs),
  ];
  if (waits.length === 0) return 0;
  const pinLeftMs = plexPin && plexPin.leftMs > 0 ? plexPin.leftMs : Infinity;
  return Math.min(scenario.tickMs, pinLeftMs, ...waits);
}

/** Ten minutes are longer than anything in a scenario; seven seconds are more than the chart's tolerance. */
const clockStepsMs = [7000, 600_000];

function clockMoves(world: World): Move[] {
  if (world.budget.clockChanges <= 0 || !isRunning(world)) return [];
  const paid = spend(world, 'clockChanges');
  return clockStepsMs.flatMap((ms): Move[] => {
    const inSeconds = `${ms / 1000} s`;
    const changes: readonly (readonly [string, Partial<World>])[] = [
      [`the clock is set ${inSeconds} ahead`, setClock(world, ms)],
      [`the clock is set ${inSeconds} back`, setClock(world, -ms)],
      [`the machine sleeps ${inSeconds}, its timers too`, sleep(world, ms, true)],
      [`the machine sleeps ${inSeconds}, its timers do not`, sleep(world, ms, false)],
    ];
    return changes.map(([name, change]) => ({ name, by: 'time', change: { ...change, ...paid } }));
  });
}
