import type { SignInPlan } from './measures/sign-ins.ts';
import type { VirtualTimePlan } from './measures/virtual-time.ts';
import { type FaultName, faultNames } from './results.ts';
import { floorName, type ListedSubject, subjects } from './subject-list.ts';

/** How much is measured. */
export interface BenchmarkPlan {
  importRounds: number;
  virtualTime: readonly VirtualTimePlan[];
  signIns: Omit<SignInPlan, 'withCheck'>;
  faults: readonly FaultName[];
  load: LoadPlans;
}

export interface LoadPlans {
  sizes: readonly LoadSize[];
  /** Each round runs all subjects once, one after the other. */
  rounds: number;
  intervalMs: number;
}

export interface LoadSize {
  flows: number;
  subjects: readonly ListedSubject[];
  windowMs: number;
}

/** With 10,000 flows only what somebody would do it with: the others cost what the fetch loop costs. */
const forMany = subjects.filter(({ speaks, fixedIntervalMs }) => speaks === 'Plex' && !fixedIntervalMs);

/** All of it; the load is measured in so many rounds. */
export function planOf(rounds: number): BenchmarkPlan {
  return {
    importRounds: 15,
    virtualTime: [
      { engines: 1, seconds: 1800, runs: 9 },
      { engines: 10_000, seconds: 5, runs: 1 },
    ],
    signIns: {
      flows: 24,
      approveAfterMs: { from: 57_000, to: 63_000 },
      intervalMs: 1000,
      roundTripMs: 30,
    },
    faults: faultNames,
    load: {
      sizes: [
        { flows: 1000, subjects, windowMs: 8000 },
        { flows: 10_000, subjects: forMany, windowMs: 10_000 },
      ],
      rounds,
      intervalMs: 2000,
    },
  };
}

/** Enough to see that everything still works. */
export const quickPlan: BenchmarkPlan = {
  importRounds: 1,
  virtualTime: [{ engines: 1, seconds: 1800, runs: 1 }],
  signIns: { flows: 2, approveAfterMs: { from: 2000, to: 4000 }, intervalMs: 1000, roundTripMs: 30 },
  faults: ['status 500'],
  load: {
    sizes: [
      {
        flows: 50,
        subjects: subjects.filter(({ name, isOurs }) => isOurs || name === floorName),
        windowMs: 1500,
      },
    ],
    rounds: 1,
    intervalMs: 1000,
  },
};
