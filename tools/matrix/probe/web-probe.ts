/** The probe for runtimes that have nothing but Web standards. */
import { driveChecks } from './drives.ts';
import { mishapChecks } from './mishap-checks.ts';
import { type ProbeCheck, type ProbeWorld, runChecks } from './probe-check.ts';
import { serverChecks } from './server-checks.ts';
import { socketChecks } from './socket-checks.ts';

const checks: readonly ProbeCheck[] = [...serverChecks, ...socketChecks, ...mishapChecks, ...driveChecks];

export const probe = (world: ProbeWorld) => runChecks(checks, world);
