import { betterAuthThreatMutants } from './better-auth-threat-mutants.ts';
import { diskThreatMutants } from './disk-threat-mutants.ts';
import type { ThreatMutant } from './mutant.ts';
import { pageThreatMutants } from './page-threat-mutants.ts';
import { serverThreatMutants } from './server-threat-mutants.ts';
import { wireThreatMutants } from './wire-threat-mutants.ts';

/** The threat model of SECURITY.md, executable: each mutant removes a defence, and a test that its row names must notice. */
export const threatMutants: readonly ThreatMutant[] = [
  ...wireThreatMutants,
  ...pageThreatMutants,
  ...serverThreatMutants,
  ...betterAuthThreatMutants,
  ...diskThreatMutants,
];
