import type { Dice } from './dice.ts';
import type { BodyFault, Journey, PlannedFault } from './plan.ts';

/** Draws how the requests travel, and what goes wrong with them. */
export function drawJourneys(dice: Dice): Journey[] {
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
    ...(['lostEnd', 'stalledEnd', 'lateEnd', 'lateHalf'] as const),
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
  if (type === 'lostEnd' || type === 'stalledEnd' || type === 'lateEnd' || type === 'lateHalf')
    return { type, ms: drawBodyMs(dice) };
  if (type !== 'rateLimited') return { type };
  const seconds = dice.of(1, 2, 3, 5, 8, 30, 61, 100, 600);
  return { type, as: dice.of('seconds', 'date', 'nonsense', 'nothing'), seconds };
}

/** Draws what goes wrong with the end of an answer that carries a token. */
export function drawTokenFault(dice: Dice): BodyFault {
  const type = dice.of('lostEnd' as const, 'stalledEnd', 'lateEnd', 'lateHalf', 'lateHalf');
  return { type, ms: drawBodyMs(dice) };
}

function drawBodyMs(dice: Dice): number {
  return dice.of(0, dice.integer(1, 400), dice.integer(400, 5000), 20_000, 200_000);
}
