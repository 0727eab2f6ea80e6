import type { Move } from './move.ts';
import { pastAfterMove } from './past.ts';
import { type StepChart, sendToChart } from './run-chart.ts';
import type { Scenario } from './scenario.ts';
import { isRunning, type World } from './world.ts';

/** Gives the world after a move. */
export function takeMove(stepChart: StepChart, world: World, move: Move, scenario: Scenario): World {
  const changed = { ...world, ...move.change };
  if (!move.event) return changed;
  const after = sendToChart(stepChart, changed, move.event, move.name);
  const past = pastAfterMove(world, move, after, scenario);
  return isRunning(after) ? { ...after, past } : withoutPlexPin({ ...after, past });
}

/** Nothing reads the PIN of a sign-in that is over, but a late read whose answer is on its way. */
function withoutPlexPin(world: World): World {
  const { lateRead } = world;
  return { ...world, plexPin: undefined, lateRead: lateRead?.hasToken ? lateRead : undefined };
}
