import { createDice, type Dice } from './dice.ts';
import { drawPlan } from './draw-plan.ts';
import type { Plan } from './plan.ts';

/** What one tab has of its browser. */
export interface TabPlan {
  readonly locks: 'shared' | 'silent' | 'throwing' | 'missing';
  readonly channel: 'shared' | 'throwing' | 'missing';
  readonly popup: 'opens' | 'refused' | 'throws';
}

/** What happens in a tab, or to the PIN that the user was shown last. */
export interface TabMove {
  readonly tab: number;
  readonly ms: number;
  readonly act:
    | 'start'
    | 'startInPopup'
    | 'cancel'
    | 'check'
    | 'signOut'
    | 'close'
    | 'hide'
    | 'focus'
    | 'closePopup'
    | 'approve'
    | 'deny';
}

/** A user's browser for one seed. */
export interface TabsPlan {
  /** The network, the pace and plex.tv. */
  readonly base: Plan;
  readonly sharesToken: boolean;
  readonly tabs: readonly TabPlan[];
  readonly moves: readonly TabMove[];
}

/** Draws two or three tabs of one application, most of them in a browser that has all it takes. */
export function drawTabsPlan(seed: number): TabsPlan {
  const dice = createDice(seed + 0x7ab5);
  const isWhole = dice.chance(0.6);
  const count = dice.of(2, 2, 3);
  return {
    base: {
      ...drawPlan(seed),
      responses: 'light',
      counts: 'true',
      isRateLimited: false,
      throwingPort: null,
      ...(dice.chance(0.5) && { journeys: [], tokenFault: null }),
    },
    sharesToken: dice.chance(0.6),
    tabs: Array.from({ length: count }, () => drawTab(dice, isWhole)),
    moves: drawTabMoves(dice, count),
  };
}

function drawTab(dice: Dice, isWhole: boolean): TabPlan {
  return {
    locks: isWhole ? 'shared' : dice.of('shared', 'silent', 'throwing', 'missing'),
    channel: isWhole ? 'shared' : dice.of('shared', 'shared', 'throwing', 'missing'),
    popup: dice.of('opens', 'opens', 'refused', 'throws'),
  };
}

function drawTabMoves(dice: Dice, count: number): TabMove[] {
  const tab = () => dice.integer(0, count - 1);
  const soonMs = () => dice.of(0, 0, 1, dice.integer(0, 600), dice.integer(0, 4000));
  const moves: TabMove[] = Array.from({ length: dice.integer(1, count + 1) }, () => ({
    tab: tab(),
    ms: soonMs(),
    act: dice.of('start' as const, 'startInPopup'),
  }));
  for (let left = dice.integer(1, 2); left > 0; left--)
    moves.push({ tab: 0, ms: dice.integer(0, 6000), act: dice.chance(0.85) ? 'approve' : 'deny' });
  for (let left = dice.integer(0, 4); left > 0; left--) {
    const act = dice.of(
      ...(['start', 'startInPopup', 'cancel', 'check', 'signOut'] as const),
      ...(['close', 'hide', 'focus', 'focus', 'closePopup'] as const),
    );
    moves.push({ tab: tab(), ms: dice.integer(0, 12_000), act });
  }
  return moves;
}
