/** The process of one subject: `node main.js <subject's file> <origin> <interval in ms>`, led by messages. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { CreateSubject, SubjectSurroundings } from '../subject.ts';
import { type Answer, epochMs, type Request } from './messages.ts';

const [, , file = '', origin = '', interval = ''] = process.argv;

function answer(message: Answer): void {
  process.send?.(message);
}

const surroundings: SubjectSurroundings = {
  origin,
  intervalMs: Number(interval),
  onToken: (clientIdentifier, token) => answer({ type: 'token', clientIdentifier, token, atMs: epochMs() }),
  onError: (clientIdentifier, error) => answer({ type: 'error', clientIdentifier, message: String(error) }),
  follow: (clientIdentifier, token) =>
    void token.then(
      (text) => surroundings.onToken(clientIdentifier, text),
      (error) => surroundings.onError(clientIdentifier, error),
    ),
};

/** Spreads the beginnings evenly, so that the polls are spread too. */
async function startAll(clientIdentifiers: readonly string[], overMs: number): Promise<void> {
  const begunMs = performance.now();
  for (const [index, clientIdentifier] of clientIdentifiers.entries()) {
    const aheadMs = begunMs + (overMs * index) / clientIdentifiers.length - performance.now();
    if (aheadMs > 1) await wait(aheadMs);
    subject.start(clientIdentifier);
  }
}

/** The least of a few moments: what a flow takes while it waits, without the requests that happen to be in flight. */
async function readHeap(): Promise<number> {
  let leastBytes = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < 8; turn++) {
    globalThis.gc?.();
    leastBytes = Math.min(leastBytes, process.memoryUsage().heapUsed);
    await wait(150);
  }
  return leastBytes;
}

const tickMs = 5;

async function measure(windowMs: number): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: tickMs });
  delay.enable();
  const begunMs = performance.now();
  const cpu = process.cpuUsage();
  answer({ type: 'windowBegun' });
  await wait(windowMs);
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  // It measures from one tick to the next, so the tick itself is in it. No tick at all: one delay as long as the window.
  const measuredMs = delay.count > 0 ? delay.percentile(99) / 1e6 - tickMs : performance.now() - begunMs;
  const loopDelayMs = Math.max(0, measuredMs);
  answer({ type: 'windowEnded', cpuMs: (user + system) / 1000, loopDelayMs });
}

const { createSubject } = (await import(file)) as { createSubject: CreateSubject };
const subject = createSubject(surroundings);

process.on('message', async (request: Request) => {
  if (request.type === 'start') await startAll(request.clientIdentifiers, request.overMs);
  if (request.type === 'check') subject.check?.(request.clientIdentifier);
  if (request.type === 'readHeap') answer({ type: 'heap', bytes: await readHeap() });
  if (request.type === 'measure') await measure(request.windowMs);
});
process.on('disconnect', () => process.exit());
answer({ type: 'ready' });
