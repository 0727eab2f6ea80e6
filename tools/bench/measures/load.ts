import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { type SubjectProcess, startSubjectProcess } from '../child/subject-process.ts';
import type { SubjectFiles } from '../prepare.ts';
import type { LoadRun } from '../results.ts';
import type { LoadRequest, LoadStats } from '../servers/load-messages.ts';
import { round } from '../spread.ts';
import type { ListedSubject } from '../subject-list.ts';

export interface LoadPlan {
  flows: number;
  intervalMs: number;
  windowMs: number;
}

export interface LoadServer {
  readonly origin: string;
  ask: (request: LoadRequest) => Promise<LoadStats>;
  close: () => void;
}

/** Starts the server of the load in a process of its own, so that its work is nobody's. */
export async function startLoadServer(file: string): Promise<LoadServer> {
  const server = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [port] = (await once(server, 'message')) as [number];
  return {
    origin: `http://127.0.0.1:${port}`,
    async ask(request) {
      const answered = once(server, 'message');
      server.send(request);
      const [stats] = (await answered) as [LoadStats];
      return stats;
    },
    close: () => void server.kill(),
  };
}

/** These start first, so that what is made once is not counted as theirs. */
const warmUpFlows = 20;
/** How many sign-ins begin in a second. */
const startsPerSecond = 2000;
const longestStartMs = 20_000;

/** Lets many users wait at once, and measures a process that asks for all of them. */
export async function measureLoad(
  files: SubjectFiles,
  server: LoadServer,
  listed: ListedSubject,
  plan: LoadPlan,
): Promise<LoadRun> {
  const intervalMs = listed.fixedIntervalMs ?? plan.intervalMs;
  await server.ask({ type: 'reset', intervalMs });
  const subject = await startSubjectProcess({ ...files(listed.name), origin: server.origin, intervalMs });
  let errors = 0;
  subject.listen(({ type }) => {
    if (type === 'error') errors += 1;
  });
  try {
    const heapBytes = await startFlows(subject, server, plan.flows, intervalMs);
    subject.send({ type: 'measure', windowMs: plan.windowMs });
    await subject.next('windowBegun');
    await server.ask({ type: 'begin' });
    const { cpuMs, loopDelayMs } = await subject.next('windowEnded');
    const { polls, durationMs, lateMs } = await server.ask({ type: 'read' });
    const due = (plan.flows * durationMs) / intervalMs;
    return {
      cpuSecondsPer1000: round(cpuMs / polls),
      doneShare: round(Math.min(1, polls / due)),
      lateMs: round(lateMs.p99),
      loopDelayMs: round(loopDelayMs),
      heapBytes: round(heapBytes),
      lostFlows: errors,
    };
  } finally {
    await subject.close();
  }
}

/** @returns How much of the heap each flow takes. */
async function startFlows(
  subject: SubjectProcess,
  server: LoadServer,
  flows: number,
  intervalMs: number,
): Promise<number> {
  const clientIdentifiers = Array.from({ length: flows }, (_, n) => `bench-${n}`);
  const warmUp = clientIdentifiers.splice(0, warmUpFlows);
  subject.send({ type: 'start', clientIdentifiers: warmUp, overMs: 200 });
  await wait(intervalMs * 1.5);
  const before = await readHeap(subject);
  // Whole intervals, so that no moment of an interval has more flows than another.
  const startMs = Math.ceil((flows * 1000) / startsPerSecond / intervalMs) * intervalMs;
  subject.send({ type: 'start', clientIdentifiers, overMs: startMs });
  const endMs = performance.now() + longestStartMs;
  while ((await server.ask({ type: 'read' })).pins < flows && performance.now() < endMs) await wait(200);
  await wait(2 * intervalMs);
  return ((await readHeap(subject)) - before) / clientIdentifiers.length;
}

async function readHeap(subject: SubjectProcess): Promise<number> {
  subject.send({ type: 'readHeap' });
  return (await subject.next('heap')).bytes;
}
