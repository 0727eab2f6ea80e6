/**
 * Three processes that ask, killed, paused and cut off. Over all flows: no token is lost, no flow is stuck, none is asked
 * for twice at once but for what was in flight when its shard moved, and none is asked for after its end was handled.
 */
import { afterEach, describe, expect, it } from 'vitest';
import type { StartedFlow } from '../../src/fleet/index.ts';
import { startCutProxy } from './cut-proxy.ts';
import { startRedisServer } from './redis-server.ts';
import {
  connections,
  leaseMs,
  startThreeMachines,
  type ThreeMachines,
  type ThreeMachinesOptions,
} from './three-machines.ts';

let running: ThreeMachines | undefined;

afterEach(async () => {
  await running?.end();
  running = undefined;
});

async function surround(options: ThreeMachinesOptions = {}): Promise<ThreeMachines> {
  running = await startThreeMachines(options);
  await running.balanced(3);
  return running;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const idsOf = (flows: readonly StartedFlow[]) => flows.map(({ id }) => id).sort();

/**
 * Approves all flows, and holds what happened to what must.
 *
 * @param mostTwice How many flows may have been asked for twice at once: as many as can be in flight when their shards move.
 */
async function expectAllSignedIn(
  { plex, events, pinsOf, fleet }: ThreeMachines,
  flows: readonly StartedFlow[],
  { mostTwice = connections, approved = [] as readonly StartedFlow[] } = {},
): Promise<void> {
  await plex.link(flows.filter((flow) => !approved.includes(flow)).map(({ code }) => code));
  await expect.poll(() => [...events.tokens.keys()].sort(), { timeout: 20_000 }).toEqual(idsOf(flows));
  await expect.poll(async () => (await fleet.load()).flows).toBe(0);
  await pause(1000);
  const pins = await pinsOf(flows);
  expect(pins.filter(({ mostAtOnce = 0 }) => mostAtOnce > 1).length).toBeLessThanOrEqual(mostTwice);
  expect(Math.max(...pins.map(({ mostAtOnce = 0 }) => mostAtOnce))).toBeLessThanOrEqual(2);
  for (const { id, code } of flows) {
    const pin = pins.find((one) => one.code === code);
    const end = events.all.find((event) => event.id === id && event.view.status === 'authenticated');
    // One read may be on its way.
    expect((pin?.lastPollAtMs ?? 0) - (end?.atMs ?? 0), `${id}: read after its end`).toBeLessThan(700);
  }
}

describe('three machines', () => {
  it('share the flows, each its shards', async () => {
    // A busy machine that tests on it may be slow: nobody shall lose a shard for that.
    const all = await surround({ fleet: { leaseMs: 6000 } });
    const flows = await all.startFlows(60);
    await pause(600);
    await expectAllSignedIn(all, flows, { mostTwice: 0 });
    const pins = await all.pinsOf(flows);
    expect(new Set(pins.flatMap(({ machines = [] }) => machines)).size).toBe(3);
    expect(pins.every(({ machines = [] }) => machines.length === 1)).toBe(true);
  });

  it('take over from one that was killed', async () => {
    const all = await surround();
    const flows = await all.startFlows(60);
    await pause(500);
    all.machines[2]?.signal('SIGKILL');
    await all.balanced(2);
    await expectAllSignedIn(all, flows);
  });

  it('take over from one that was paused, which writes nothing stale once it goes on', async () => {
    const all = await surround();
    const flows = await all.startFlows(60);
    await pause(500);
    all.machines[2]?.signal('SIGSTOP');
    await all.balanced(2);
    all.machines[2]?.signal('SIGCONT');
    await all.balanced(3);
    await expectAllSignedIn(all, flows);
  });

  it.each(['with its file', 'without its file'] as const)(
    'go on after Redis was restarted %s, for longer than the lease',
    async (how) => {
      const all = await surround();
      const flows = await all.startFlows(60);
      const early = flows.slice(0, 10);
      await pause(500);
      await all.redis.stop(how);
      // What is read meanwhile is kept in memory until Redis is back.
      await all.plex.link(early.map(({ code }) => code));
      await pause(1.5 * leaseMs);
      await all.redis.start();
      await all.balanced(3);
      await expectAllSignedIn(all, flows, { approved: early });
    },
  );

  it.each(['silently', 'with a reset'] as const)(
    'take over from one whose network to Redis was cut %s, and take it back',
    async (how) => {
      const redis = await startRedisServer();
      const proxy = await startCutProxy(redis.port);
      const all = await surround({ redis, urls: [redis.url, redis.url, proxy.url] });
      const flows = await all.startFlows(60);
      proxy.cut(how);
      await all.balanced(2);
      proxy.mend();
      await all.balanced(3);
      await expectAllSignedIn(all, flows);
      proxy.close();
    },
  );

  it('end each flow in time, although their clocks are a minute apart', async () => {
    const all = await surround({
      clockOffsets: [60_000, 0, -60_000],
      plex: { lifetimeMs: { strong: 10_000 } },
    });
    const startedAtMs = Date.now();
    const flows = await all.startFlows(60);
    const [some, rest] = [flows.slice(0, 20), flows.slice(20)];
    expect(
      Math.max(...flows.map(({ expiresAtMs }) => Math.abs(expiresAtMs - startedAtMs - 10_000))),
    ).toBeLessThan(30_000);
    all.machines[0]?.signal('SIGKILL');
    await pause(2 * leaseMs);
    await all.plex.link(some.map(({ code }) => code));
    await expect.poll(() => all.events.ends.size).toBe(60);
    expect(idsOf(some).map((id) => all.events.ends.get(id))).toEqual(some.map(() => 'authenticated'));
    expect(idsOf(rest).map((id) => all.events.ends.get(id))).toEqual(rest.map(() => 'expired'));
    const ends = all.events.all
      .filter(({ view }) => view.status === 'expired')
      .map(({ atMs }) => atMs - startedAtMs);
    expect([Math.min(...ends) > 8000, Math.max(...ends) < 15_000]).toEqual([true, true]);
  });

  it('lose no token that is read once, whose answer is on its way while the shard moves', async () => {
    const redis = await startRedisServer();
    const proxies = await Promise.all([1, 2, 3].map(() => startCutProxy(redis.port)));
    const all = await surround({ redis, urls: proxies.map(({ url }) => url), plex: { readOnce: true } });
    const [flow] = await all.startFlows(1);
    if (!flow) throw new Error('No flow');
    await all.plex.slowToken(flow.code, 3 * leaseMs);
    const reading = all.plex.tokenRead();
    await all.plex.link([flow.code]);
    const reader = await reading;
    const cutOff = proxies[all.machines.findIndex(({ name }) => name === reader)];
    cutOff?.cut('with a reset');
    // The new owner asks too, and Plex does not know the PIN any more.
    await expect.poll(async () => (await all.pinsOf([flow]))[0]?.machines?.length).toBe(2);
    await expect.poll(() => all.events.ends.get(flow.id)).toBe('expired');
    await pause(2 * leaseMs);
    expect(all.events.tokens.size).toBe(0);
    cutOff?.mend();
    await expect.poll(() => [...all.events.tokens.keys()]).toEqual([flow.id]);
    for (const proxy of proxies) proxy.close();
  });
});
