import { arch, cpus, loadavg, platform, totalmem } from 'node:os';
import { measureAllFaults, measureAllLoads, measureAllSignIns } from './measures/all.ts';
import { measureAllBytes } from './measures/bytes.ts';
import { measureImports } from './measures/imports.ts';
import { measureVirtualTime } from './measures/virtual-time.ts';
import type { BenchmarkPlan, LoadPlans, LoadSize } from './plan.ts';
import { builtFile, filesOf, peersFolder, readVersions } from './prepare.ts';
import type { BenchmarkResults } from './results.ts';
import { subjects } from './subject-list.ts';

/** Each measures a part of the results. */
const measures = {
  bytes: async () => ({ bytes: await measureAllBytes() }),
  imports: async ({ importRounds }) => ({ imports: measureImports(peersFolder, subjects, importRounds) }),
  'virtual-time': async ({ virtualTime }) => ({
    virtualTime: virtualTime.map((plan) => measureVirtualTime(builtFile('child/virtual-time.ts'), plan)),
  }),
  'sign-ins': async ({ signIns }) => ({
    signIns: await measureAllSignIns(filesOf, signIns, false),
    checkedSignIns: await measureAllSignIns(filesOf, signIns, true),
  }),
  faults: async ({ faults }) => ({ faults: await measureAllFaults(filesOf, faults) }),
  load: ({ load }) => measureLoads(load, load.sizes.slice(0, 1)),
  'load-of-many': ({ load }) => measureLoads(load, load.sizes.slice(1)),
} satisfies Record<string, (plan: BenchmarkPlan) => Promise<Partial<BenchmarkResults>>>;

async function measureLoads(plans: LoadPlans, sizes: readonly LoadSize[]) {
  return { load: await measureAllLoads(filesOf, builtFile('servers/load-server.ts'), { ...plans, sizes }) };
}

export type MeasuredPart = keyof typeof measures;

export const measuredParts = Object.keys(measures) as MeasuredPart[];

/** @returns What was found, with where and when. */
export async function measurePart(
  plan: BenchmarkPlan,
  part: MeasuredPart,
): Promise<Partial<BenchmarkResults>> {
  const description = describeRun(plan);
  const results = await measures[part](plan);
  console.log(`${(performance.now() / 1000).toFixed(0)} s: measured ${part}`);
  return { ...description, ...results };
}

function describeRun({ importRounds, signIns, load }: BenchmarkPlan) {
  const { flows, approveAfterMs, roundTripMs } = signIns;
  const { rounds, intervalMs } = load;
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memoryGB: Math.round(totalmem() / 1e9),
      system: `${platform()} ${arch()}`,
      node: process.version,
      loadAverage: Number((loadavg()[0] ?? 0).toFixed(1)),
    },
    versions: readVersions(),
    plan: {
      importRounds,
      signIns: { flows, fromMs: approveAfterMs.from, toMs: approveAfterMs.to, roundTripMs },
      load: { rounds, intervalMs },
    },
  };
}
