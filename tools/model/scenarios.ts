import { createScenario, type Scenario } from './scenario.ts';

/** Short enough that a sign-in without a PIN, or without a store, is searched quickly. */
const briefPin = { pinLifeMs: 5000 };
const limit = { giveUpAfterMs: 20_000 };
/** Only the caller ends it. */
const longPin = { pinLifeMs: 1_000_000, ...limit };
/** Long enough for a second PIN, too short for a third. */
const renewals = { renewals: 2, giveUpAfterMs: 90_000 };

const wrongPlexes = (['counts up', 'never counts', 'crawls', 'unreachable'] as const).map((plex) =>
  createScenario(`a Plex that ${plex === 'unreachable' ? 'is unreachable' : plex}`, {}, { plex }),
);

/** Searched by `npm test`: each kind of trouble, once or twice. */
export const smallScenarios: readonly Scenario[] = [
  ...wrongPlexes,
  createScenario('errors', { faults: 2 }),
  createScenario('checks', { checks: 4 }, { pinLifeMs: 22_000 }),
  createScenario('odd counts', { oddCounts: 2 }),
  createScenario('cancels, restarts and other tabs', { cancels: 1, starts: 1, restores: 1, endings: 1 }),
  createScenario('late answers', { faults: 1, cancels: 1, starts: 1 }, briefPin),
  createScenario('a token that can be read twice', { cancels: 1, faults: 1 }, { isReadOnce: false }),
  createScenario('clocks and sleep', { clockChanges: 1 }),
  createScenario('a stored PIN', { faults: 1, starts: 1 }, { isResumed: true, pinLifeMs: 32_000 }),
  createScenario('a renewal', { faults: 1 }, { renewals: 1 }),
  createScenario('a limit', { faults: 1, checks: 1 }, limit),
  createScenario('a limit and clocks', { clockChanges: 1 }, longPin),
  createScenario('no PIN', { faults: 6 }, briefPin),
  createScenario('a store that fails', { storeErrors: 1, faults: 1 }, briefPin),
];

/** Searched by `npm run model -- --large`: the same kinds, more often and together. */
export const largeScenarios: readonly Scenario[] = [
  ...wrongPlexes.map((scenario) => ({ ...scenario, budget: { ...scenario.budget, checks: 2, faults: 1 } })),
  createScenario('errors', { faults: 4 }),
  createScenario('errors and checks', { faults: 2, checks: 3 }),
  createScenario('checks', { checks: 8 }),
  createScenario('odd counts and checks', { oddCounts: 3, checks: 1 }),
  createScenario('odd counts and clocks', { oddCounts: 2, clockChanges: 1 }),
  createScenario('clocks and sleep', { clockChanges: 2, checks: 1 }),
  createScenario('clocks, errors and checks', { clockChanges: 1, faults: 1, checks: 1 }),
  createScenario('cancels, restarts and other tabs', {
    ...{ faults: 2, cancels: 2, starts: 2, restores: 1, endings: 1 },
  }),
  createScenario(
    'a token that can be read twice',
    { faults: 2, cancels: 1, starts: 1 },
    { isReadOnce: false },
  ),
  createScenario('a stored PIN', { faults: 2, checks: 1, starts: 1, restores: 1 }, { isResumed: true }),
  createScenario('renewals', { faults: 2, checks: 1 }, renewals),
  createScenario('a limit', { faults: 3, checks: 1, oddCounts: 1 }, limit),
  createScenario('a limit and clocks', { faults: 1, checks: 1, clockChanges: 2 }, longPin),
  createScenario('no PIN', { faults: 7, checks: 2, cancels: 1, starts: 1 }, briefPin),
  createScenario('a store that fails', { storeErrors: 2, faults: 2, checks: 1 }),
  createScenario('finer steps', { faults: 2, checks: 1 }, { tickMs: 1000 }),
];
