/** One process and a Redis of its own: what the public functions do. */
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SharedPlexFleet } from '../../src/bullmq/index.ts';
import type { StartedFlow } from '../../src/fleet/index.ts';
import { createPlexEmulator, type PlexEmulator, type PlexEmulatorOptions } from '../../src/testing/index.ts';
import { type OneProcess, readEvents, startOneProcess } from './one-fleet.ts';
import type { RedisServer } from './redis-server.ts';

let own: OneProcess;
let redis: RedisServer;
let emulator: PlexEmulator;

beforeEach(async () => {
  own = await startOneProcess();
  ({ redis, emulator } = own);
});
afterEach(() => own.end());

function createFleet(options: Parameters<OneProcess['createFleet']>[0] = {}): SharedPlexFleet {
  return own.createFleet({ fetch: emulator.fetch, shards: 4, polling: { intervalMs: 250 }, ...options });
}

function emulate(options: PlexEmulatorOptions): void {
  emulator = createPlexEmulator(options);
}

describe('a fleet on Redis', () => {
  it('shows a code, and brings the token as one event', async () => {
    const fleet = createFleet();
    const seen = readEvents(fleet);
    const { id, code, authURL } = await fleet.start({ id: 'ada' });
    expect([id, authURL.includes(code)]).toEqual(['ada', true]);
    expect(await fleet.getView('ada')).toMatchObject({ status: 'awaitingLink', code });
    emulator.link(code);
    await expect
      .poll(() => seen)
      .toMatchObject([{ id: 'ada', view: { status: 'authenticated' }, changed: ['status'] }]);
    await expect.poll(async () => (await fleet.load()).flows).toBe(0);
    expect(await fleet.getView('ada')).toBeUndefined();
  });

  it('is started, hinted, watched and cancelled from a process that does not ask', async () => {
    const [polling, watching] = [
      createFleet({ polling: { intervalMs: 60_000, maxIntervalMs: 60_000 } }),
      createFleet({ polls: false }),
    ];
    const seen = readEvents(watching);
    const [ada, bea] = await Promise.all([watching.start({ id: 'ada' }), watching.start({ id: 'bea' })]);
    emulator.link(ada.code);
    expect(await watching.check('ada')).toBe(true);
    await expect.poll(() => seen).toMatchObject([{ id: 'ada', view: { status: 'authenticated' } }]);
    expect(await polling.getView('bea')).toMatchObject({ code: bea.code });
    expect(await watching.cancel('bea')).toBe(true);
    await expect
      .poll(() => seen[1])
      .toMatchObject({ id: 'bea', view: { status: 'idle', reason: 'cancelled' } });
    await expect.poll(() => watching.check('bea')).toBe(false);
    expect(await watching.cancel('nobody')).toBe(false);
    expect(await watching.load()).toMatchObject({ flows: 0, machines: 1, shards: [] });
  });

  it('carries out later what is asked while nobody polls', async () => {
    const watching = createFleet({ polls: false });
    const seen = readEvents(watching);
    const starting = [watching.start({ id: 'ada' }), watching.start({ id: 'bea' })];
    for (const start of starting) start.catch(() => {});
    await expect.poll(async () => (await watching.load()).flows).toBe(2);
    expect(await watching.cancel('bea')).toBe(true);
    expect(await watching.getView('ada')).toEqual({ status: 'requestingPin' });
    createFleet();
    await expect(starting[1]).rejects.toMatchObject({ name: 'AbortError' });
    const { code } = (await starting[0]) as StartedFlow;
    emulator.link(code);
    await expect.poll(() => seen.map(({ id }) => id)).toEqual(['ada']);
  });

  it('knows no flow by what is no text', async () => {
    const fleet = createFleet();
    await fleet.start({ id: 'ada' });
    for (const id of [['ada'], ['ada', 'bea'], undefined, () => {}] as unknown as string[])
      expect([await fleet.check(id), await fleet.cancel(id), await fleet.getView(id)]).toEqual([
        false,
        false,
        undefined,
      ]);
  });

  it('refuses a name that is in use, and another number of shards', async () => {
    const fleet = createFleet();
    await fleet.start({ id: 'ada' });
    await expect(fleet.start({ id: 'ada' })).rejects.toThrow(/id must be one that no flow has/);
    const other = createFleet({ shards: 5 });
    for (const call of [other.ready(), other.start(), other.getView('ada')])
      await expect(call).rejects.toThrow(/shards must be 4, with which this prefix was made/);
    await createFleet({ shards: 5, prefix: 'another' }).ready();
  });

  it('stops where Redis has another number of shards later, and says so', async () => {
    const fleet = createFleet();
    await fleet.start({ id: 'ada' });
    const reading = fleet.events[Symbol.asyncIterator]().next();
    const stopped = expect(reading).rejects.toThrow(/shards must be 5, with which this prefix was made/);
    const admin = new Redis(redis.url);
    // Redis lost its data, and a process with another number was there first.
    await admin.multi().flushall().hset('plex-auth-flow:fleet', 'shards', 5).exec();
    admin.disconnect();
    await stopped;
    for (const call of [fleet.ready(), fleet.start(), fleet.getView('ada'), fleet.load()])
      await expect(call).rejects.toThrow(/shards must be 5/);
    await expect
      .poll(async () => {
        const before = emulator.requests.length;
        await new Promise((resolve) => setTimeout(resolve, 700));
        return emulator.requests.length - before;
      })
      .toBe(0);
  });

  it('gives an event again, to any process, until its handling has ended', async () => {
    const fleet = createFleet();
    const { code } = await fleet.start({ id: 'ada' });
    emulator.link(code);
    for await (const { view } of fleet.events) {
      expect(view.status).toBe('authenticated');
      break;
    }
    const seen = readEvents(createFleet({ polls: false }));
    await expect.poll(() => seen).toMatchObject([{ id: 'ada', view: { status: 'authenticated' } }]);
  });

  it('brings a token that is there sooner than the code was handled', async () => {
    emulate({ approveAfterMs: 0 });
    const fleet = createFleet();
    const seen = readEvents(fleet);
    const { code } = await fleet.start({ id: 'ada' });
    expect(code).toMatch(/^.{25}$/);
    await expect.poll(() => seen.at(-1)).toMatchObject({ view: { status: 'authenticated' } });
  });

  it.each([
    ['in the same shard', 'one'],
    ['in another shard', 'two'],
  ])('gives no start the token of an earlier one with its id, and loses none: %s', async (_where, other) => {
    let letThrough = () => {};
    let isHeld = false;
    const fleet = createFleet({
      polling: { intervalMs: 250, maxIntervalMs: 250 },
      async fetch(...request) {
        const answer = await emulator.fetch(...request);
        if (isHeld && (await answer.clone().text()).includes(token))
          await new Promise<void>((resolve) => {
            letThrough = resolve;
          });
        return answer;
      },
    });
    const seen = readEvents(fleet);
    const { code } = await fleet.start({ id: 'ada', clientIdentifier: 'one' });
    isHeld = true;
    const token = emulator.link(code);
    const nothing = letThrough;
    await expect.poll(() => letThrough === nothing).toBe(false);
    await fleet.cancel('ada');
    await expect.poll(() => fleet.getView('ada')).toBeUndefined();
    const again = await fleet.start({ id: 'ada', clientIdentifier: other });
    letThrough();
    const tokens = () =>
      seen.flatMap(({ id, view }) => ('token' in view ? [[id, view.token?.reveal()]] : []));
    await expect.poll(tokens).toEqual([['ada', token]]);
    expect(await fleet.getView('ada')).toMatchObject({ status: 'awaitingLink', code: again.code });
    isHeld = false;
    const own = emulator.link(again.code);
    await expect.poll(tokens).toEqual([
      ['ada', token],
      ['ada', own],
    ]);
    await expect.poll(async () => (await fleet.load()).flows).toBe(0);
  });

  it.each([
    ['in the same shard', 'one'],
    ['in another shard', 'two'],
  ])('whose Redis came back without a flow leaves its id to the next start: %s', async (_where, other) => {
    const fleet = createFleet({ polling: { intervalMs: 250, maxIntervalMs: 250 } });
    const seen = readEvents(fleet);
    const first = await fleet.start({ id: 'ada', clientIdentifier: 'one' });
    const admin = new Redis(redis.url);
    // As from a file that is older than the flow: who owns which shard is known, and the flow is not.
    for (const key of await admin.keys('plex-auth-flow:*'))
      if (/:(ids|flows)$/.test(key)) await admin.del(key);
    const again = await fleet.start({ id: 'ada', clientIdentifier: other });
    expect(again.code).not.toBe(first.code);
    // Its connection breaks, and it compares what it has with what is there.
    await admin.client('KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    emulator.fault({ type: 'status', status: 503 }, { operation: 'getToken', times: 4 });
    await expect.poll(() => seen.some(({ changed }) => changed.includes('lastError'))).toBe(true);
    expect(await fleet.getView('ada')).toMatchObject({ code: again.code });
    const token = emulator.link(again.code);
    await expect
      .poll(() => seen.flatMap(({ view }) => ('token' in view ? [view.token?.reveal()] : [])))
      .toEqual([token]);
    await expect.poll(async () => (await fleet.load()).flows).toBe(0);
    admin.disconnect();
  });

  it('renews a PIN, and ends at its limit', async () => {
    emulate({ lifetimeMs: { strong: 1500 } });
    const fleet = createFleet({ renewals: 1 });
    const seen = readEvents(fleet);
    const { code } = await fleet.start({ id: 'ada' });
    await expect.poll(() => seen.at(-1)?.view.status).toBe('expired');
    const renewed = seen.find(({ changed }) => changed.includes('code'));
    expect(renewed?.view.code).not.toBe(code);
    expect(seen.at(-1)?.view).toMatchObject({ status: 'expired', reason: 'pin' });
  });

  it('says why there is no code', async () => {
    emulator.fault({ type: 'status', status: 400 });
    await expect(createFleet().start({ id: 'ada' })).rejects.toMatchObject({
      code: 'PLEX_HTTP',
      status: 400,
    });
  });

  it('shows neither a token nor a code in the jobs, and keeps both in Redis', async () => {
    const fleet = createFleet();
    const { code } = await fleet.start({ id: 'ada' });
    const token = emulator.link(code);
    await expect.poll(async () => (await fleet.getView('ada'))?.status).toBe('authenticated');
    const client = new Redis(redis.url);
    const all = new Map<string, string>();
    for (const key of await client.keys('*')) {
      const type = await client.type(key);
      const value =
        type === 'hash'
          ? await client.hgetall(key)
          : type === 'stream'
            ? await client.xrange(key, '-', '+')
            : type;
      all.set(key, JSON.stringify(value));
    }
    client.disconnect();
    const isBullMQs = (key: string) => key.startsWith('plex-auth-flow:shards:');
    const found = [...all].filter(([, value]) => value.includes(token)).map(([key]) => key);
    expect(found).toEqual([expect.stringMatching(/^plex-auth-flow:shard:\d:tokens$/)]);
    const jobs = [...all].filter(([key]) => isBullMQs(key)).map(([, value]) => value);
    expect(jobs.length).toBeGreaterThan(4);
    expect(jobs.filter((job) => job.includes(code) || job.includes('ada'))).toEqual([]);
  });

  it('hands its flows over when it is disposed of', async () => {
    const [first, watching] = [createFleet(), createFleet({ polls: false })];
    const seen = readEvents(watching);
    const { code } = await watching.start({ id: 'ada' });
    await first.dispose();
    await expect(first.start()).rejects.toThrow(/before dispose/);
    createFleet();
    emulator.link(code);
    await expect.poll(() => seen).toMatchObject([{ id: 'ada', view: { status: 'authenticated' } }]);
  });
});
