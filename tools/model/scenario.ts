import { createWaitPolicy, type Wait } from '../../src/polling.ts';

/** How often things happen that nothing forces. Each use costs one, so that the world is finite. */
export interface Budget {
  /** Requests that end in an error, or in an answer that Plex does not document. */
  readonly faults: number;
  /** Answers whose count of what is left is wrong: it stands still, rises, crawls or jumps to its end. */
  readonly oddCounts: number;
  /** `CHECK` events. */
  readonly checks: number;
  readonly cancels: number;
  /** `START` events after the first event. */
  readonly starts: number;
  /** `RESTORE` events with another tab's token. */
  readonly restores: number;
  /** `SIGN_OUT` and `REJECTED` events. */
  readonly endings: number;
  /** Times that the clock is set, or the machine sleeps. */
  readonly clockChanges: number;
  readonly storeErrors: number;
}

/**
 * How Plex behaves from the first PIN on, at no cost. `right` is as documented. The others never end a PIN: they count what
 * is left `upwards`, `never`, or down by a `crawl` of a millisecond each time; or no read reaches Plex (`unreachable`).
 */
export type PlexBehaviour = 'right' | 'counts up' | 'never counts' | 'crawls' | 'unreachable';

/** One finite world, to be searched as a whole. Times are in milliseconds. */
export interface Scenario {
  readonly name: string;
  readonly budget: Budget;
  /** How far the time moves at once; less if something is due before. */
  readonly tickMs: number;
  readonly intervalMs: number;
  readonly maxBackoffMs: number;
  /** When a request has ended, whatever Plex does. */
  readonly requestTimeoutMs: number;
  /** How long a PIN lives at Plex. */
  readonly pinLifeMs: number;
  /** The caller's limit. */
  readonly giveUpAfterMs: number | undefined;
  readonly renewals: number;
  readonly plex: PlexBehaviour;
  /** Whether Plex hands a token out only once. Nobody knows. */
  readonly isReadOnce: boolean;
  /** Whether the sign-in begins with a stored PIN. */
  readonly isResumed: boolean;
}

const noBudget: Budget = {
  faults: 0,
  oddCounts: 0,
  checks: 0,
  cancels: 0,
  starts: 0,
  restores: 0,
  endings: 0,
  clockChanges: 0,
  storeErrors: 0,
};

/** What a scenario is unless it says otherwise: short lives and long steps, which still reach every limit of the chart. */
const plainScenario: Omit<Scenario, 'name' | 'budget'> = {
  tickMs: 5000,
  intervalMs: 5000,
  maxBackoffMs: 10_000,
  requestTimeoutMs: 5000,
  // More than the 30 s before a deadline at which an unknown PIN means another client's.
  pinLifeMs: 37_000,
  giveUpAfterMs: undefined,
  renewals: 0,
  plex: 'right',
  isReadOnce: true,
  isResumed: false,
};

export function createScenario(
  name: string,
  budget: Partial<Budget>,
  differences: Partial<Omit<Scenario, 'name' | 'budget'>> = {},
): Scenario {
  return { ...plainScenario, ...differences, name, budget: { ...noBudget, ...budget } };
}

/** The engine's own policy, without its random part. */
export function policyOf({ intervalMs, maxBackoffMs }: Scenario): (wait: Wait) => number {
  const polling = { intervalMs, maxIntervalMs: intervalMs, maxBackoffMs };
  return createWaitPolicy(polling, () => 0, ignoreError);
}

function ignoreError(): void {}
