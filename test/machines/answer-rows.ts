import { expect } from 'vitest';
import type { PinAuthContext, PinAuthEvent } from '../../machines/pin-auth.ts';
import { done, fault, move, type StateName, standingIn, thrown } from './synthetic.ts';

/** What the chart makes of each answer: one row for each case, with time as data. Times are ms; the PIN came at 0. */
export interface Row {
  it: string;
  given?: Partial<PinAuthContext>;
  on: PinAuthEvent;
  to: StateName;
  leaves?: Partial<PinAuthContext>;
  storeActions?: string[];
}

export function check(from: StateName, context: PinAuthContext) {
  return ({ given, on, to, leaves = {}, storeActions }: Row) => {
    const moved = move(standingIn(from, { ...context, ...given }), on);
    expect(moved.name).toBe(to);
    expect(moved.context).toMatchObject(leaves);
    if (storeActions) expect(moved.storeActions).toEqual(storeActions);
    // At most one timer, and it runs as long as the context says.
    expect(moved.run.filter((type) => type === 'raise')).toHaveLength(
      to === 'awaitingLink' || to === 'requestingPin.backingOff' ? 1 : 0,
    );
  };
}

export const HOUR_MS = 3_600_000;

export const LONGEST_MS = 2 ** 31 - 1;

export const read = (output: unknown) => done('getToken', output);

export const fails = (error: unknown) => thrown('getToken', error);

export const throttled = (atMs: number, retryAfterMs?: number) =>
  fault(atMs, { code: 'PLEX_RATE_LIMITED', retryAfterMs });
