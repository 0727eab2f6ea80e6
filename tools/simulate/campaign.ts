import type { PlexAuth, PlexAuthOptions } from '../../src/index.ts';
import { drawPlan } from './draw-plan.ts';
import { drawTabsPlan } from './draw-tabs.ts';
import type { Plan } from './plan.ts';
import { shrink } from './shrink.ts';
import { runSignInPlan } from './sign-in-world.ts';
import { runTabsPlan } from './tabs-world.ts';
import { createTally, type Tally } from './tally.ts';
import { runPlan } from './world.ts';
import type { Violation } from './world-state.ts';

/** Which seeds to run, and on what. */
export interface CampaignOptions {
  from: number;
  seeds: number;
  tally: Tally;
  /** Default: the real engine. */
  createEngine?: (options: PlexAuthOptions) => PlexAuth;
  onFailure: (seed: number, violation: Violation) => void;
}

/** Runs seed after seed, each in a world of its own. */
export async function runSeeds({
  from,
  seeds,
  tally,
  createEngine,
  onFailure,
}: CampaignOptions): Promise<void> {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    for (let seed = from; seed < from + seeds; seed++) {
      unhandled.length = 0;
      tally.count('seeds');
      const violation = await runPlan(drawPlan(seed), { tally, createEngine, unhandled });
      if (violation) onFailure(seed, violation);
    }
  } finally {
    process.off('unhandledRejection', note);
  }
}

/** Runs `signIn` on each seed's plan. */
export async function runSignIns({ from, seeds, tally, onFailure }: CampaignOptions): Promise<void> {
  for (let seed = from; seed < from + seeds; seed++) {
    const violation = await runSignInPlan(drawPlan(seed), tally);
    if (violation) onFailure(seed, violation);
  }
}

/** Runs a browser with tabs in it on each seed. */
export async function runTabs({ from, seeds, tally, onFailure }: CampaignOptions): Promise<void> {
  for (let seed = from; seed < from + seeds; seed++) {
    tally.count('seeds');
    const violation = await runTabsPlan(drawTabsPlan(seed), tally);
    if (violation) onFailure(seed, violation);
  }
}

/** Finds the simplest plan that violates the same invariant. */
export function shrinkFailure(
  plan: Plan,
  { invariant }: Violation,
  createEngine?: (options: PlexAuthOptions) => PlexAuth,
): Promise<Plan> {
  return shrink(plan, async (simpler) => {
    const violation = await runPlan(simpler, { tally: createTally(), createEngine });
    return violation?.invariant === invariant;
  });
}

/** The line that replays a failing seed. @param flag Names the world of the seed, as the command takes it. */
export function replayLine(seed: number, { invariant, atMs, saw }: Violation, flag = ''): string {
  return `${invariant} at ${atMs} ms: ${saw} | npm run simulate -- --seed ${seed}${flag}`;
}
