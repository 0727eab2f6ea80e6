import { backendMutants } from './backend-mutants.ts';
import { chartMutants } from './chart-mutants.ts';
import { clientMutants } from './client-mutants.ts';
import { engineMutants } from './engine-mutants.ts';
import { fleetMutants } from './fleet-mutants.ts';
import type { Mutant } from './mutant.ts';
import { pageMutants } from './page-mutants.ts';
import { storeMutants } from './store-mutants.ts';

/** The flaws that other clients have, or that a hasty change to this one would bring. */
export const mutants: readonly Mutant[] = [
  ...chartMutants,
  ...engineMutants,
  ...clientMutants,
  ...pageMutants,
  ...backendMutants,
  ...storeMutants,
  ...fleetMutants,
];
