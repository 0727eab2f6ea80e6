import type { Dice } from './dice.ts';
import { type Act, type Moment, type Move, quietPlan } from './plan.ts';

/** Draws what the user, the application and the machine do. */
export function drawMoves(dice: Dice, lifetimeMs: number): Move[] {
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

/** Draws a second engine on the same stores, with a sign-in of its own, while the first may still run. */
export function drawSecondEngine(dice: Dice): Move[] {
  // Mostly before the first engine has a token, which the second would take.
  const ms = dice.of(0, dice.integer(0, 900), dice.integer(0, 900), dice.integer(0, 9000));
  const open: Move = {
    moment: { at: 'time', ms },
    isFirst: dice.chance(0.5),
    acts: [{ do: 'open' }, { do: 'start' }],
  };
  const later = (most: number): Moment => ({ at: 'time', ms: ms + dice.integer(0, most) });
  const approve: Move = { moment: later(4000), isFirst: dice.chance(0.5), acts: [{ do: 'approve' }] };
  if (dice.chance(0.3)) return [open, approve];
  const act = dice.of(
    'start' as const,
    'signOut',
    'signOut',
    'verify',
    'verify',
    'cancel',
    'dispose',
    'reload',
    'check',
  );
  return [open, approve, { moment: later(9000), isFirst: true, acts: [{ do: 'switch' }, { do: act }] }];
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
      'checks',
      'open',
      'switch',
      'switch',
      'sleep',
    ] as const),
  );
  if (act === 'jump') {
    const sign = dice.of(1, -1);
    return { do: act, ms: sign * dice.of(dice.integer(1, 3000), 5000, 31_000, 120_000, 3_600_000) };
  }
  if (act === 'checks') return { do: act, count: dice.of(5, 20, 100, 300) };
  if (act !== 'sleep') return { do: act };
  return { do: act, ms: dice.of(500, 4000, 30_000, 3_600_000), timers: dice.of('frozen', 'due') };
}
