import type { PlexAuthError } from '../../src/errors.ts';
import type { ChartEvent, World } from './world.ts';

/** One thing that can happen in a world. */
export interface Move {
  /** What happens, for a trace. */
  readonly name: string;
  /** What brings it about. All but the user's moves happen by themselves, sooner or later, unless they cost budget. */
  readonly by: 'time' | 'plex' | 'user';
  /** What it sends to the chart, if anything. */
  readonly event?: ChartEvent;
  /** What it changes besides the chart, before the chart gets the event. */
  readonly change?: Partial<World>;
  /** What the chart's request brought. */
  readonly answer?: Answer;
}

export type Answer = 'pin' | 'token' | 'pending' | 'gone' | 'signedOut' | PlexAuthError;

/** Spends one of a budget. */
export function spend({ budget }: World, name: keyof World['budget']): Pick<World, 'budget'> {
  return { budget: { ...budget, [name]: budget[name] - 1 } };
}
