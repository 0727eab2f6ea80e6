/** The probe for runtimes with Node's files as well. */
import { fileChecks } from './file-checks.ts';
import { type ProbeWorld, runChecks } from './probe-check.ts';
import { probe as probeWeb } from './web-probe.ts';

export async function probe(world: ProbeWorld) {
  return [...(await probeWeb(world)), ...(await runChecks(fileChecks, world))];
}
