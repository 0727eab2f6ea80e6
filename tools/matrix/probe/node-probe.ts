/** The probe for runtimes with all that Node has. */

import { probe as probeFiles } from './files-probe.ts';
import { nodeChecks } from './node-checks.ts';
import { type ProbeWorld, runChecks } from './probe-check.ts';

export async function probe(world: ProbeWorld) {
  return [...(await probeFiles(world)), ...(await runChecks(nodeChecks, world))];
}
