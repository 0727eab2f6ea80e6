/** The figures, over real sockets on loopback where time is the thing measured. Run with `npm run bench`. */
import { createPlexAuth, type PlexAuthOptions } from '../../src/index.ts';
import { createPlexEmulator, createVirtualTime, servePlexEmulator } from '../../src/testing/index.ts';

const flows = 200;
/** What a request takes on an ordinary line; loopback alone takes none. */
const roundTripMs = 30;

const delayed: typeof fetch = async (...request) => {
  await new Promise((resolve) => setTimeout(resolve, roundTripMs / 2));
  const response = await fetch(...request);
  await new Promise((resolve) => setTimeout(resolve, roundTripMs / 2));
  return response;
};

interface Flow {
  latencyMs: number;
  requests: number;
}

/** One user who approves `approveAfterMs` after the code came. */
async function signInOnce(
  options: Partial<PlexAuthOptions>,
  approve: (code: string) => void,
  approveAfterMs: number,
  isCheckPending: boolean,
): Promise<Flow> {
  let requests = 0;
  let approvedAtMs = Infinity;
  const auth = createPlexAuth({
    product: 'Bench',
    ...options,
    fetch: (...request) => {
      requests += 1;
      return delayed(...(request as Parameters<typeof fetch>));
    },
  });
  try {
    return await new Promise((resolve, reject) => {
      let isScheduled = false;
      auth.subscribe((view) => {
        if (view.status === 'failed') reject(view.error);
        if (view.status === 'authenticated')
          resolve({ latencyMs: performance.now() - approvedAtMs, requests });
        if (view.status !== 'awaitingLink' || isScheduled) return;
        isScheduled = true;
        setTimeout(() => {
          approve(view.code);
          approvedAtMs = performance.now();
          if (isCheckPending) auth.check();
        }, approveAfterMs);
      });
      auth.start();
    });
  } finally {
    auth.dispose();
  }
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) /
    2
  );
}

async function measureApprovals(isCheckPending: boolean): Promise<void> {
  const { url, emulator, close } = await servePlexEmulator();
  const results = await Promise.all(
    Array.from({ length: flows }, (_, index) =>
      signInOnce({ serverURL: url }, emulator.link, 500 + (5500 * index) / (flows - 1), isCheckPending),
    ),
  );
  await close();
  const latencyMs = median(results.map((result) => result.latencyMs));
  const requests = results.reduce((sum, result) => sum + result.requests, 0) / flows;
  const hint = isCheckPending ? 'a CHECK at the moment of approval' : 'polling at the default';
  console.log(
    `approval to token, ${flows} flows at once, ${roundTripMs} ms round trip, ${hint}: ` +
      `median ${latencyMs.toFixed(0)} ms, ${requests.toFixed(2)} requests a flow`,
  );
}

async function measureVirtualWait(): Promise<void> {
  for (const run of ['cold', 'warm', 'warm', 'warm']) {
    const { clock, advance } = createVirtualTime();
    const emulator = createPlexEmulator({ clock });
    const auth = createPlexAuth({ product: 'Bench', fetch: emulator.fetch, clock });
    auth.start();
    const begunAtMs = performance.now();
    await advance(30 * 60_000);
    const tookMs = performance.now() - begunAtMs;
    auth.dispose();
    console.log(
      `half an hour in virtual time, ${run}: ${tookMs.toFixed(0)} ms, ${emulator.requests.length} requests`,
    );
  }
}

/** Engines that wait, each with its user's code: what one costs in memory and in CPU time. */
async function measureManyFlows(): Promise<void> {
  const count = 2000;
  const { clock, advance } = createVirtualTime();
  const emulator = createPlexEmulator({ clock });
  const collect = globalThis.gc ?? (() => {});
  collect();
  const heap = process.memoryUsage().heapUsed;
  const cpu = process.cpuUsage();
  const engines = Array.from({ length: count }, () =>
    createPlexAuth({ product: 'Bench', fetch: emulator.fetch, clock }),
  );
  for (const auth of engines) auth.start();
  await advance(10_000);
  const { user, system } = process.cpuUsage(cpu);
  collect();
  const kB = (process.memoryUsage().heapUsed - heap) / count / 1000;
  for (const auth of engines) auth.dispose();
  console.log(
    `${count} flows that wait: ${kB.toFixed(1)} kB each, the emulator's share included; ` +
      `${((user + system) / 1000 / count).toFixed(2)} ms of CPU for the first 10 s of each`,
  );
}

await measureVirtualWait();
await measureManyFlows();
await measureApprovals(false);
await measureApprovals(true);
