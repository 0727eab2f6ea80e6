import { type Journey, type Move, type Plan, quietPlan } from './plan.ts';

/** The plans that are one step simpler, the boldest steps first. */
function* simplerPlans(plan: Plan): Generator<Plan> {
  for (const moves of simplerLists(plan.moves, simplerMoves)) yield { ...plan, moves };
  for (const journeys of simplerLists(plan.journeys, simplerJourneys)) yield { ...plan, journeys };
  for (const name of Object.keys(quietPlan) as (keyof Plan)[]) {
    if (name === 'moves' || name === 'journeys' || plan[name] === quietPlan[name]) continue;
    yield { ...plan, [name]: quietPlan[name] };
  }
}

/** Takes the first simpler plan that still fails, until none does. */
export async function shrink(plan: Plan, fails: (simpler: Plan) => Promise<boolean>): Promise<Plan> {
  for (const simpler of simplerPlans(plan)) if (await fails(simpler)) return shrink(simpler, fails);
  return plan;
}

function* simplerLists<T>(
  list: readonly T[],
  simplerItems: (item: T) => Iterable<T>,
): Generator<readonly T[]> {
  for (let size = list.length >> 1; size > 1; size >>= 1) {
    for (let from = 0; from < list.length; from += size) yield list.toSpliced(from, size);
  }
  for (const index of list.keys()) yield list.toSpliced(index, 1);
  for (const [index, item] of list.entries()) {
    for (const simpler of simplerItems(item)) yield list.with(index, simpler);
  }
}

function* simplerMoves(move: Move): Generator<Move> {
  if (move.acts.length > 1) for (const acts of simplerLists(move.acts, () => [])) yield { ...move, acts };
  const { moment } = move;
  for (const name of ['ms', 'ticks', 'request'] as const) {
    const value = (moment as unknown as Record<string, number | undefined>)[name];
    for (const simpler of simplerNumbers(value)) yield { ...move, moment: { ...moment, [name]: simpler } };
  }
  if (!move.isFirst) yield { ...move, isFirst: true };
}

function* simplerJourneys(journey: Journey): Generator<Journey> {
  const { fault, ...unharmed } = journey;
  if (fault) yield unharmed;
  for (const upMs of simplerNumbers(journey.upMs)) yield { ...journey, upMs };
  for (const downMs of simplerNumbers(journey.downMs)) yield { ...journey, downMs };
}

/** Nearer to 0, and rounder: each is strictly simpler, so that shrinking ends. */
function simplerNumbers(value: number | undefined): number[] {
  if (!value) return [];
  const round = (step: number) => Math.trunc(value / step) * step;
  return [...new Set([0, round(1000), round(100), round(10)])].filter((other) => other !== value);
}
