/** `dispose` ends, whatever Redis does. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PlexEmulator } from '../../src/testing/index.ts';
import { startCutProxy } from './cut-proxy.ts';
import { type OneProcess, startOneProcess } from './one-fleet.ts';
import type { RedisServer } from './redis-server.ts';

let own: OneProcess;
let redis: RedisServer;
let emulator: PlexEmulator;
const leaseMs = 1000;

beforeEach(async () => {
  own = await startOneProcess();
  ({ redis, emulator } = own);
});
afterEach(() => own.end());

const createFleet: OneProcess['createFleet'] = (options) => own.createFleet({ leaseMs, ...options });

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function elapsedMs(work: Promise<unknown>): Promise<number> {
  const startedAtMs = Date.now();
  await work;
  return Date.now() - startedAtMs;
}

describe('dispose', () => {
  it.each([true, false])('ends although there never was a Redis; polls: %s', async (polls) => {
    const fleet = createFleet({ connection: 'redis://127.0.0.1:1', polls });
    const reading = fleet.events[Symbol.asyncIterator]().next();
    const ready = fleet.ready();
    ready.catch(() => {});
    const first = fleet.dispose();
    expect(fleet.dispose()).toBe(first);
    expect(await elapsedMs(first)).toBeLessThan(3 * leaseMs);
    await expect(ready).rejects.toThrow(/disposed of/);
    expect(await reading).toEqual({ done: true, value: undefined });
  });

  it('ends although Redis was killed', async () => {
    const fleet = createFleet();
    await fleet.start();
    await redis.stop('without its file');
    expect(await elapsedMs(fleet.dispose())).toBeLessThan(6 * leaseMs);
  });

  it('ends although the network to Redis is cut silently', async () => {
    const proxy = await startCutProxy(redis.port);
    const fleet = createFleet({ connection: proxy.url });
    await fleet.start();
    proxy.cut('silently');
    expect(await elapsedMs(fleet.dispose())).toBeLessThan(8 * leaseMs);
    proxy.close();
  });

  it('waits for a token that Redis has not got yet', async () => {
    const fleet = createFleet();
    const { id, code } = await fleet.start();
    await redis.stop('with its file');
    emulator.link(code);
    await pause(600);
    const disposing = fleet.dispose();
    await pause(3 * leaseMs);
    await redis.start();
    await disposing;
    const other = createFleet({ polls: false });
    expect(await other.getView(id)).toMatchObject({ status: 'authenticated' });
    await other.dispose();
  });

  it('does not wait for ever for a token that Redis does not get', async () => {
    const fleet = createFleet();
    const { code } = await fleet.start();
    await redis.stop('without its file');
    emulator.link(code);
    await pause(600);
    const ms = await elapsedMs(fleet.dispose());
    expect([ms > 6 * leaseMs, ms < 15 * leaseMs]).toEqual([true, true]);
  });
});
