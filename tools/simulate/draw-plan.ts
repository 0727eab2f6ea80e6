import { createDice, type Dice } from './dice.ts';
import { drawJourneys, drawTokenFault } from './draw-journeys.ts';
import { drawMoves, drawSecondEngine } from './draw-moves.ts';
import { type Plan, quietPlan, type StoreKind } from './plan.ts';

/**
 * Draws the plan of a seed.
 *
 * By hand and not by a fast-check arbitrary: a plan takes 2 µs instead of a tenth of the time of its flow, and what is to
 * be shrunk are lists of moves and single fields, which `simplerPlans` knows better than a generic shrinker.
 */
export function drawPlan(seed: number): Plan {
  const dice = createDice(seed);
  const [intervalMs, lifetimeMs] = drawPace(dice);
  const isKept = dice.chance(0.35);
  const storeKinds: readonly [StoreKind, ...StoreKind[]] = [
    'sync',
    'sync',
    'sync',
    'slow',
    'slow',
    'broken',
    'varied',
    'varied',
  ];
  const store = isKept ? dice.of(...storeKinds) : 'none';
  const plan: Plan = {
    ...quietPlan,
    strong: dice.chance(0.7),
    intervalMs,
    maxIntervalMs: Math.max(intervalMs, dice.of(5000, 5000, 1000)),
    // Where the interval is longer, this is left to the engine.
    maxBackoffMs: Math.min(10_000, Math.max(intervalMs, dice.of(10_000, 10_000, 2000))),
    requestTimeoutMs: dice.of(15_000, 15_000, 3000, 600),
    giveUpAfterMs: dice.chance(0.1) ? dice.integer(500, 20_000) : null,
    renewals: dice.chance(0.07) ? dice.integer(1, 2) : 0,
    store,
    credentials: isKept && dice.chance(0.6) ? dice.of(...storeKinds) : 'none',
    isIdentified: store === 'none' || store === 'broken' || dice.chance(0.5),
    hasServerURL: dice.chance(0.2),
    lifetimeMs,
    readOnce: dice.chance(0.3),
    tokenLagMs: dice.chance(0.1) ? 2500 : 0,
    isRateLimited: dice.chance(0.03),
    offsetMs: dice.chance(0.1) ? dice.of(-3_600_000, 3_600_000, 40_000, 315_360_000_000) : 0,
    random: dice.of(0, 0.5, 0.999),
    latencyMs: dice.of(0, 0, 30, 200),
    journeys: drawJourneys(dice),
    moves: drawMoves(dice, lifetimeMs),
    responses: seed % 64 === 0 ? 'web' : dice.of('light', 'light', 'light', 'light', 'text'),
    ...drawHarm(dice),
  };
  const isDouble = plan.credentials !== 'none' && dice.chance(0.5);
  return isDouble ? { ...plan, moves: [...plan.moves, ...drawSecondEngine(dice)] } : plan;
}

/** What goes wrong with the tokens, the counts, the network and the application as a whole. */
function drawHarm(
  dice: Dice,
): Pick<Plan, 'storeDelaysMs' | 'tokenFault' | 'tokenFaults' | 'counts' | 'ignoresAborts' | 'throwingPort'> {
  const isHanging = dice.chance(0.3);
  return {
    storeDelaysMs: Array.from({ length: dice.integer(1, 5) }, () =>
      isHanging ? dice.of(0, 5, 300, null) : dice.of(0, 1, 5, 40, 300, 900, 4000, 20_000),
    ),
    tokenFault: dice.chance(0.15) ? drawTokenFault(dice) : null,
    tokenFaults: dice.of(1, 1, 2, 3),
    counts: dice.chance(0.06) ? dice.of('rising' as const, 'crawling', 'standing', 'jumping') : 'true',
    ignoresAborts: dice.chance(0.15),
    throwingPort: dice.chance(0.05)
      ? { port: dice.of('random' as const, 'adjustDelayMs', 'inspect'), call: dice.integer(1, 6) }
      : null,
  };
}

/** Mostly few reads in a life, since each costs the same; now and then the many of real life. */
function drawPace(dice: Dice): [intervalMs: number, lifetimeMs: number] {
  const kind = dice.next();
  if (kind < 0.001) return [dice.of(1000, 5000), dice.of(900_000, 1_800_000)];
  if (kind < 0.02) return [dice.of(1000, 1000, 250), dice.of(15_000, 40_000, 65_000)];
  if (kind < 0.03) return [dice.of(15_000, 30_000, 60_000), dice.of(40_000, 70_000, 130_000)];
  if (kind < 0.15) return [1000, dice.of(4000, 6000, 6500, 9999)];
  return [dice.of(2000, 2000, 3000, 5000), dice.of(3000, 4000, 5999, 9000)];
}
