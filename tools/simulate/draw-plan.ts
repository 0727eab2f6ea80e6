import {
  type Act,
  type Journey,
  type Moment,
  type Move,
  type Plan,
  type PlannedFault,
  quietPlan,
  type StoreKind,
} from './plan.ts';

/** Numbers from one seed (mulberry32), and the choices made with them. */
interface Dice {
  next(): number;
  chance(probability: number): boolean;
  integer(from: number, to: number): number;
  of<T>(...choices: readonly [T, ...T[]]): T;
}

function createDice(seed: number): Dice {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.floor(seed / 2 ** 32);
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    chance: (probability) => next() < probability,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    of: (...choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
}

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
  const storeKinds: readonly [StoreKind, ...StoreKind[]] = ['sync', 'sync', 'sync', 'slow', 'slow', 'broken'];
  const store = isKept ? dice.of(...storeKinds) : 'none';
  return {
    ...quietPlan,
    strong: dice.chance(0.7),
    intervalMs,
    maxIntervalMs: Math.max(intervalMs, dice.of(5000, 5000, 1000)),
    maxBackoffMs: Math.max(intervalMs, dice.of(10_000, 10_000, 2000)),
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
    responses: seed % 16 === 0 ? 'web' : 'light',
  };
}

/** Mostly few reads in a life, since each costs the same; now and then the many of real life. */
function drawPace(dice: Dice): [intervalMs: number, lifetimeMs: number] {
  const kind = dice.next();
  if (kind < 0.003) return [dice.of(1000, 5000), dice.of(900_000, 1_800_000)];
  if (kind < 0.03) return [dice.of(1000, 1000, 250), dice.of(15_000, 40_000, 65_000)];
  if (kind < 0.15) return [1000, dice.of(4000, 6000, 6500, 9999)];
  return [dice.of(2000, 2000, 3000, 5000), dice.of(3000, 4000, 5999, 9000)];
}

function drawJourneys(dice: Dice): Journey[] {
  if (dice.chance(0.45)) return [];
  const journeys: Journey[] = [];
  const isRepeated = dice.chance(0.3);
  const count = isRepeated ? dice.of(2, 3, 4, 6) : dice.of(1, 1, 1, 2, 2, 3);
  const fault = drawFault(dice);
  for (let index = 0, request = dice.integer(0, 2); index < count; index++, request += dice.of(1, 1, 1, 2)) {
    const ms = () => (dice.chance(0.5) ? 0 : dice.of(dice.integer(1, 400), dice.integer(400, 4000), 20_000));
    const [upMs, downMs] = [ms(), ms()];
    const isFaulty = dice.chance(isRepeated ? 0.95 : 0.75);
    const planned = isRepeated ? fault : drawFault(dice);
    journeys.push({ request, upMs, downMs, ...(isFaulty && { fault: planned }) });
  }
  return journeys;
}

const statuses = [400, 401, 403, 404, 408, 410, 422, 425, 498, 500, 502, 503, 504] as const;

function drawFault(dice: Dice): PlannedFault {
  const type = dice.of(
    ...([
      'reset',
      'reset',
      'hang',
      'truncated',
      'stalled',
      'html',
      'xml',
      'garbage',
      'drift',
      'lost',
    ] as const),
    ...(['status', 'status', 'status', 'rateLimited', 'rateLimited'] as const),
  );
  if (type === 'status') {
    const status = dice.of(...statuses, 500, 502, 503);
    const code = { 400: 1000, 401: 1001, 403: 1068, 404: 1020 }[status as 400];
    const isWorded = code !== undefined && dice.chance(0.8);
    return {
      type,
      status,
      ...(isWorded && { code }),
      ...(status >= 500 && dice.chance(0.3) && { retryAfterS: dice.of(1, 3, 8) }),
    };
  }
  if (type !== 'rateLimited') return { type };
  const seconds = dice.of(1, 2, 3, 5, 8, 30, 61, 100, 600);
  return { type, as: dice.of('seconds', 'date', 'nonsense', 'nothing'), seconds };
}

function drawMoves(dice: Dice, lifetimeMs: number): Move[] {
  const moves: Move[] = [...quietPlan.moves];
  const endgameMs = () => dice.of(dice.integer(0, 1000), dice.integer(0, 2500), 1, 999, 1000, 1001);
  const user = dice.next();
  const approve: Act = { do: 'approve' };
  const add = (moment: Moment, ...acts: Act[]) => moves.push({ moment, isFirst: dice.chance(0.5), acts });
  // Most users approve soon: short flows are what the time is spent on.
  if (user < 0.7) add({ at: 'code', ms: dice.of(0, dice.integer(1, 900), dice.integer(1, 1900)) }, approve);
  else if (user < 0.77) add({ at: 'end', ms: endgameMs() }, approve);
  else if (user < 0.87)
    add({ at: 'request', request: dice.integer(1, 3), ms: dice.integer(0, 250) }, approve);
  else if (user < 0.92) add({ at: 'code', ms: dice.integer(0, 3000) }, { do: 'deny' });
  else if (user < 0.95) add({ at: 'code', ms: dice.integer(0, lifetimeMs) }, { do: 'expire' });
  const count = dice.chance(0.4) ? 0 : dice.of(1, 1, 1, 2, 2, 3, 4);
  for (let index = 0; index < count; index++) add(drawMoment(dice, lifetimeMs), ...drawBurst(dice));
  return moves;
}

function drawMoment(dice: Dice, lifetimeMs: number): Moment {
  const request = dice.of(0, 1, 1, 2, 3);
  const kind = dice.next();
  if (kind < 0.2) return { at: 'time', ms: dice.of(0, dice.integer(0, 3000), dice.integer(0, 12_000)) };
  if (kind < 0.4) return { at: 'code', ms: dice.of(0, dice.integer(0, 1500), dice.integer(0, lifetimeMs)) };
  if (kind < 0.48) return { at: 'end', ms: dice.integer(-1500, 2500) };
  if (kind < 0.65) return { at: 'request', request, ms: dice.of(0, 0, dice.integer(0, 300)) };
  if (kind < 0.8) return { at: 'answer', request, ticks: dice.integer(0, 30) };
  return { at: 'token', ticks: dice.integer(0, 30) };
}

function drawBurst(dice: Dice): Act[] {
  const length = dice.of(1, 1, 1, 2, 3);
  return Array.from({ length }, () => drawAct(dice));
}

function drawAct(dice: Dice): Act {
  const act = dice.of(
    ...(['check', 'check', 'check', 'cancel', 'cancel', 'start', 'start', 'signOut', 'verify'] as const),
    ...([
      'reload',
      'reload',
      'reloadAtOnce',
      'dispose',
      'resubscribe',
      'approve',
      'jump',
      'jump',
      'sleep',
    ] as const),
  );
  if (act === 'jump') {
    const sign = dice.of(1, -1);
    return { do: act, ms: sign * dice.of(dice.integer(1, 3000), 5000, 31_000, 120_000, 3_600_000) };
  }
  if (act !== 'sleep') return { do: act };
  return { do: act, ms: dice.of(500, 4000, 30_000, 3_600_000), timers: dice.of('frozen', 'due') };
}
