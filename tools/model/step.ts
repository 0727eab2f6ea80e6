import type { Move } from './move.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

/** One move, with the worlds around it. */
export interface Step {
  readonly before: World;
  readonly move: Move;
  readonly after: World;
  readonly scenario: Scenario;
}

/** How a rule was broken, in words; undefined if it holds. */
export type Finding = string | undefined;

/** Looks at one step. */
export type Rule = (step: Step) => Finding;
