/** One machine of a fleet, in a process of its own. Its clock can be wrong by some time. */
import { createSharedPlexFleet } from '../../dist/bullmq.js';

const { clockOffsetMs = 0, ...options } = JSON.parse(process.argv[2]);
const clock = {
  now: () => Date.now() + clockOffsetMs,
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (timer) => clearTimeout(timer),
};
const fleet = createSharedPlexFleet({ ...options, clock });

process.on('message', async ({ call, type, id }) => {
  const answer = await {
    load: () => fleet.load(),
    usage: () => ({ ...process.cpuUsage(), ...process.memoryUsage() }),
    check: () => fleet.check(id),
    dispose: () => fleet.dispose(),
  }[type]();
  process.send({ type: 'answer', call, answer: answer ?? null });
});
await fleet.ready();
process.send({ type: 'ready' });
