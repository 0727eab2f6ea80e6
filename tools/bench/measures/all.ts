/** Runs each measure over all subjects, interleaved. */
import type { LoadPlans, LoadSize } from '../plan.ts';
import type { SubjectFiles } from '../prepare.ts';
import type { FaultName, FaultResult, LoadRun, SignInResult } from '../results.ts';
import { subjects } from '../subject-list.ts';
import { measureFault } from './faults.ts';
import { type LoadServer, measureLoad, startLoadServer } from './load.ts';
import { measureSignIns, type SignInPlan } from './sign-ins.ts';

/** All subjects at once: they only wait, and what disturbs one disturbs all. */
export async function measureAllSignIns(
  files: SubjectFiles,
  plan: Omit<SignInPlan, 'withCheck'>,
  withCheck: boolean,
): Promise<Record<string, SignInResult>> {
  const measured = subjects.filter(({ canCheck }) => canCheck || !withCheck);
  const results = measured.map(async (subject) => {
    return [subject.name, await measureSignIns(files, subject, { ...plan, withCheck })] as const;
  });
  return Object.fromEntries(await Promise.all(results));
}

/** So many processes at once leave each enough of the machine. */
const processesAtOnce = 16;

export async function measureAllFaults(
  files: SubjectFiles,
  names: readonly FaultName[],
): Promise<Record<string, Record<FaultName, FaultResult>>> {
  const results: Record<string, Record<string, FaultResult>> = {};
  // The longest first.
  const pairs = [...names].reverse().flatMap((fault) => subjects.map((subject) => ({ fault, subject })));
  const takeTurns = async () => {
    for (let pair = pairs.shift(); pair; pair = pairs.shift()) {
      const { fault, subject } = pair;
      const result = await measureFault(files, subject, fault);
      results[subject.name] = { ...results[subject.name], [fault]: result };
    }
  };
  await Promise.all(Array.from({ length: processesAtOnce }, takeTurns));
  return results;
}

export async function measureAllLoads(
  files: SubjectFiles,
  serverFile: string,
  plans: LoadPlans,
): Promise<Record<string, Record<string, LoadRun[]>>> {
  const server = await startLoadServer(serverFile);
  try {
    const results: Record<string, Record<string, LoadRun[]>> = {};
    for (const plan of plans.sizes) results[plan.flows] = await measureLoadOf(plan, files, server, plans);
    return results;
  } finally {
    server.close();
  }
}

async function measureLoadOf(
  { flows, subjects: measured, windowMs }: LoadSize,
  files: SubjectFiles,
  server: LoadServer,
  { rounds, intervalMs }: LoadPlans,
): Promise<Record<string, LoadRun[]>> {
  const runs = new Map<string, LoadRun[]>();
  for (let round = 0; round < rounds; round++) {
    for (const subject of round % 2 === 0 ? measured : [...measured].reverse()) {
      const run = await measureLoad(files, server, subject, { flows, intervalMs, windowMs });
      runs.set(subject.name, [...(runs.get(subject.name) ?? []), run]);
      console.log(`${flows} flows, round ${round + 1}, ${subject.name}: ${JSON.stringify(run)}`);
    }
  }
  return Object.fromEntries(runs);
}
