import { createLife, disposeOf, updateHeldTokens } from './create-life.ts';
import { finalInvariants, stepInvariants } from './invariants.ts';
import { useLightPlatform } from './light-platform.ts';
import { scheduleMoves, triggerMoves } from './moves.ts';
import type { Plan } from './plan.ts';
import { endTask, settle, startMs } from './simulated-time.ts';
import { storedInvariants } from './store-invariants.ts';
import {
  clientIdentifier,
  createWorldState,
  type Violation,
  type World,
  type WorldOptions,
} from './world-state.ts';

/** No plan takes more steps: what does is a busy loop. */
const mostSteps = 20_000;

/** Runs one plan to its end, or to the first violation. */
export async function runPlan(plan: Plan, options: WorldOptions): Promise<Violation | undefined> {
  const leaveLightPlatform = plan.responses === 'web' ? undefined : useLightPlatform();
  try {
    return await runWorld(createWorldState(plan, options));
  } finally {
    leaveLightPlatform?.();
  }
}

async function runWorld(world: World): Promise<Violation | undefined> {
  const { plan } = world;
  world.trigger = (trigger) => triggerMoves(world, trigger);
  if (!plan.isIdentified) world.store.items.set('plex-auth-flow.client-identifier', clientIdentifier);
  createLife(world);
  scheduleMoves(world);
  await live(world);
  tallyEnd(world);
  await leave(world);
  return world.violation;
}

/** Runs everything that is due, and checks the invariants after each step. */
async function live(world: World): Promise<void> {
  let steps = 0;
  do {
    await settle(world.plan);
    look(world);
    if (++steps > mostSteps) reportBusyLoop(world, 'no end');
  } while (!world.violation && world.time.step());
  for (const life of world.lives) world.check(finalInvariants, life);
  world.check(storedInvariants);
}

/** Disposes of what is left, and checks that nothing stays behind. */
async function leave(world: World): Promise<void> {
  for (const life of world.lives) if (!life.isDisposed) void disposeOf(world, life);
  let steps = 0;
  do {
    await settle(world.plan);
    if (++steps > mostSteps) reportBusyLoop(world, 'no rest after dispose');
  } while (steps <= mostSteps && world.time.step());
  await endTask();
  look(world);
}

function reportBusyLoop(world: World, what: string): void {
  world.check({ everyFlowEnds: () => `${what} after ${mostSteps} steps` });
}

function look(world: World): void {
  if (world.violation) return;
  updateHeldTokens(world);
  for (const life of world.lives) world.check(stepInvariants, life);
}

function tallyEnd({ tally, tokens, nowMs }: World): void {
  for (const { isHeld, givenUpBy, lostBy } of tokens)
    tally.count(`token ${isHeld ? 'kept' : `given up: ${givenUpBy ?? lostBy}`}`);
  tally.count('virtual seconds', Math.round((nowMs - startMs) / 1000));
}
