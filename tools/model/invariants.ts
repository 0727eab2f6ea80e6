/** What must hold at every move. The rules know what the chart promises, and nothing of how it computes. */
import { answerInvariants } from './answer-invariants.ts';
import { deadlineInvariants } from './deadline-invariants.ts';
import { holdingInvariants } from './holding-invariants.ts';
import { paceInvariants } from './pace-invariants.ts';
import type { Rule, Step } from './step.ts';

const rules: Readonly<Record<string, Rule>> = {
  ...holdingInvariants,
  ...paceInvariants,
  ...answerInvariants,
  ...deadlineInvariants,
};

const named = Object.entries(rules);

/** Gives the first rule that a step breaks, with its finding. */
export function checkStep(step: Step): string | undefined {
  for (const [name, rule] of named) {
    const finding = rule(step);
    if (finding !== undefined) return `${name}: ${finding}`;
  }
  return undefined;
}
