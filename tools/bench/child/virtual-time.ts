/**
 * Waits in virtual time, and prints what it took: `node virtual-time.js <engines> <seconds>`, in a fresh process, so that
 * the first run is a cold one.
 */
import { createPlexAuth } from 'plex-auth-flow';
import { createPlexEmulator, createVirtualTime } from 'plex-auth-flow/testing';

const engines = Number(process.argv[2]);
const seconds = Number(process.argv[3]);

const { clock, advance } = createVirtualTime();
const emulator = createPlexEmulator({ clock });
const begunMs = performance.now();
const cpu = process.cpuUsage();
for (let n = 0; n < engines; n++) {
  createPlexAuth({ product: 'Bench', fetch: emulator.fetch, clock }).start();
}
await advance(seconds * 1000);
const tookMs = performance.now() - begunMs;
const { user, system } = process.cpuUsage(cpu);
const result = { tookMs, cpuMs: (user + system) / 1000, requests: emulator.requests.length };
console.log(JSON.stringify(result));
process.exit();
