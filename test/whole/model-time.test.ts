/** In the model the clock stands still and the past moves away. The chart must not notice the difference. */
import { expect, it } from 'vitest';
import { transition } from 'xstate';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import { PlexAuthError } from '../../src/errors.ts';
import { Secret } from '../../src/secret.ts';
import { movesOf } from '../../tools/model/moves.ts';
import { createForgetfulStepChart } from '../../tools/model/run-chart.ts';
import { createScenario } from '../../tools/model/scenario.ts';
import { takeMove } from '../../tools/model/take-move.ts';
import { type ChartSnapshot, createWorld, isOver, type World } from '../../tools/model/world.ts';

const walks = 1000;
const scenario = createScenario(
  'everything',
  { faults: 3, checks: 3, oddCounts: 2, clockChanges: 2, cancels: 1, starts: 2, restores: 1, storeErrors: 1 },
  { renewals: 1, giveUpAfterMs: 60_000 },
);

const stepChart = createForgetfulStepChart(pinAuthMachine);

it('does the same with a clock that runs', () => {
  const random = createRandom(11);
  let compared = 0;
  for (let walk = 0; walk < walks; walk++) {
    let world = createWorld(pinAuthMachine, scenario);
    let real = world.snapshot;
    let elapsedMs = 0;
    for (let moves = movesOf(world, scenario); moves.length > 0; moves = movesOf(world, scenario)) {
      const move = moves[Math.floor(random() * moves.length)];
      if (!move) break;
      const next = takeMove(stepChart, world, move, scenario);
      if (move.event) {
        const event = withLaterTimes(move.event, elapsedMs) as Parameters<typeof transition>[2];
        [real] = transition(pinAuthMachine, real, event as never);
        expect(memoryOf(real, elapsedMs)).toEqual(memoryOf(next.snapshot, 0));
        compared += 1;
      } else if (!isOver(world)) elapsedMs += passedMs(world, next);
      world = next;
    }
  }
  expect(compared).toBeGreaterThan(5000);
});

/** How far the clock went on in a move without an event. */
function passedMs(before: World, after: World): number {
  return before.snapshot.context.atMs - after.snapshot.context.atMs;
}

/** All that the chart remembers, with moments as if the clock had not run. */
function memoryOf({ value, context }: ChartSnapshot, elapsedMs: number): object {
  const { nextDelayMs, lastError, error, ...rest } = context;
  const moments = { atMs: rest.atMs, expiresAtMs: rest.expiresAtMs };
  const moved = Object.entries(moments).map(([name, ms]) => [name, ms && ms - elapsedMs]);
  const pin = rest.pin && { ...rest.pin, atMs: rest.pin.atMs - elapsedMs };
  return {
    ...{ value, ...rest, pin, ...Object.fromEntries(moved) },
    messages: [lastError?.message, error?.message],
  };
}

function withLaterTimes(value: unknown, ms: number): unknown {
  if (value instanceof PlexAuthError) {
    const { code, message, atMs, retryable, retryAfterMs } = value;
    return new PlexAuthError(code, message, { atMs: atMs + ms, retryable, retryAfterMs });
  }
  if (value === null || typeof value !== 'object' || value instanceof Secret) return value;
  const entries = Object.entries(value).map(([name, part]) => [
    name,
    name === 'atMs' ? Number(part) + ms : withLaterTimes(part, ms),
  ]);
  return Object.fromEntries(entries);
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
