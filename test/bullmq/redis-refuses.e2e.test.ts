/** A Redis that is there, but refuses: what the user is told, and how it goes on afterwards. */
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shardOf } from '../../src/bullmq/shard-of.ts';
import type { PlexEmulator } from '../../src/testing/index.ts';
import { type OneProcess, startOneProcess } from './one-fleet.ts';
import type { RedisServer } from './redis-server.ts';

let own: OneProcess;
let redis: RedisServer;
let admin: Redis;
let emulator: PlexEmulator;

beforeEach(async () => {
  own = await startOneProcess();
  ({ redis, emulator } = own);
  admin = new Redis(redis.url);
});

afterEach(async () => {
  admin.disconnect();
  await own.end();
});

const createFleet: OneProcess['createFleet'] = (options) =>
  own.createFleet({ clientIdentifier: 'the-identifier', ...options });

/** Everything that anybody can see of an error. */
async function errorOf(call: Promise<unknown>): Promise<{ error: unknown; shown: string }> {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { error, shown: inspect(error, { depth: 9, showHidden: true }) };
}

describe('an error of Redis', () => {
  it('does not show the password', async () => {
    await admin.config('SET', 'requirepass', 'right');
    const connection = `redis://:the-password@127.0.0.1:${redis.port}`;
    const { error, shown } = await errorOf(createFleet({ connection }).ready());
    expect(error).toMatchObject({
      name: 'PlexAuthError',
      code: 'PLEX_STORE',
      retryable: false,
      cause: { code: 'WRONGPASS', message: expect.stringMatching(/^WRONGPASS invalid/) },
    });
    expect(shown).not.toMatch(/the-password|args:/);
  });

  it('says that a database is not there, and uses no other', async () => {
    const { error } = await errorOf(createFleet({ connection: `${redis.url}/99` }).ready());
    expect(error).toMatchObject({
      code: 'PLEX_STORE',
      retryable: false,
      cause: { code: 'ERR', message: expect.stringMatching(/DB index/) },
    });
    // BullMQ has noted its version in number 0, by connections of its own.
    expect((await admin.keys('*')).filter((key) => !key.endsWith(':meta'))).toEqual([]);
  });

  it('does not show what was to be stored', async () => {
    const fleet = createFleet();
    await fleet.ready();
    await admin.config('SET', 'maxmemory', '1');
    const { error, shown } = await errorOf(fleet.start({ id: 'the-id' }));
    await admin.config('SET', 'maxmemory', '0');
    expect(error).toMatchObject({ code: 'PLEX_STORE', retryable: true, cause: { code: 'OOM' } });
    expect(shown).not.toMatch(/the-id|args:/);
  });
});

describe('a Redis that refuses for a while', () => {
  it('says so to whoever reads, too, and that it may pass', async () => {
    const fleet = createFleet();
    await fleet.start({ id: 'ada' });
    await admin.config('SET', 'maxmemory', '1');
    const { error } = await errorOf(fleet.getView('ada'));
    await admin.config('SET', 'maxmemory', '0');
    expect(error).toMatchObject({ code: 'PLEX_STORE', retryable: true, cause: { code: 'OOM' } });
  });

  it('does not end a start that it has stored', async () => {
    let letThrough: (() => void) | undefined;
    const fleet = createFleet({
      async fetch(...request) {
        const answer = await emulator.fetch(...request);
        if (!letThrough)
          await new Promise<void>((resolve) => {
            letThrough = resolve;
          });
        return answer;
      },
    });
    const starting = fleet.start({ id: 'ada' });
    await expect.poll(() => letThrough).toBeDefined();
    await admin.config('SET', 'maxmemory', '1');
    letThrough?.();
    await expect(
      Promise.race([starting, new Promise((resolve) => setTimeout(resolve, 2500, 'waits'))]),
    ).resolves.toBe('waits');
    await admin.config('SET', 'maxmemory', '0');
    expect(await starting).toMatchObject({ id: 'ada', code: emulator.pins.at(-1)?.code });
  });

  it('does not end the events', async () => {
    const fleet = createFleet();
    const [one, two] = [await fleet.start({ id: 'one' }), await fleet.start({ id: 'two' })];
    for (const { id, code } of [one, two]) {
      emulator.link(code);
      await expect.poll(async () => (await fleet.getView(id))?.status).toBe('authenticated');
    }
    const seen: string[] = [];
    let end = 'none';
    void (async () => {
      for await (const { id, view } of fleet.events) {
        seen.push(`${id} ${view.status}`);
        // It cannot say that this event was handled, nor take the next one.
        if (seen.length === 1) await admin.config('SET', 'maxmemory', '1');
      }
    })().then(
      () => {
        end = 'ended';
      },
      () => {
        end = 'threw';
      },
    );
    await expect.poll(() => seen.length).toBe(1);
    const before = await countCommands();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    // It waits between its tries.
    expect((await countCommands()) - before).toBeLessThan(150);
    await admin.config('SET', 'maxmemory', '0');
    await expect.poll(() => [...seen].sort()).toEqual(['one authenticated', 'two authenticated']);
    expect(end).toBe('none');
    await expect.poll(async () => (await fleet.load()).flows).toBe(0);
    await fleet.dispose();
    await expect.poll(() => end).toBe('ended');
  });

  it('is waited for before the fleet is ready', async () => {
    // A replica of nobody.
    await admin.replicaof('127.0.0.1', 1);
    const fleet = createFleet();
    const ready = fleet.ready();
    await expect(
      Promise.race([ready, new Promise((resolve) => setTimeout(resolve, 700, 'waits'))]),
    ).resolves.toBe('waits');
    await admin.replicaof('NO', 'ONE');
    await ready;
    expect(await fleet.start({ id: 'ada' })).toMatchObject({ id: 'ada' });
  });

  it('is not waited for once the fleet is disposed of', async () => {
    await admin.replicaof('127.0.0.1', 1);
    const fleet = createFleet();
    const starting = fleet.start({ id: 'ada' });
    starting.catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    const reading = fleet.events[Symbol.asyncIterator]().next();
    await fleet.dispose();
    expect(await reading).toEqual({ done: true, value: undefined });
    await expect(starting).rejects.toThrow(/disposed of/);
  });
});

describe('something in Redis that nobody can read', () => {
  it('is not asked for again and again: a flow that is none', async () => {
    const fleet = createFleet({ polls: false });
    const seen: unknown[] = [];
    void (async () => {
      for await (const { id } of fleet.events) seen.push(id);
    })();
    await fleet.ready();
    const texts = ['1|{"id":"broken"}', `01|${JSON.stringify(idleFlow('odd'))}`, 'no flow'];
    for (const [index, text] of texts.entries()) {
      await admin.hset('plex-auth-flow:shard:0:flows', `${index}`, text);
      await admin.hset('plex-auth-flow:ids', `${index}`, '0');
      await admin.zadd('plex-auth-flow:news', 1, `${index}`);
    }
    const before = await countCommands();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect((await countCommands()) - before).toBeLessThan(150);
    // It holds up nobody else, and stays for a version that can read it.
    await admin.hset('plex-auth-flow:shard:0:flows', 'ada', `1|${JSON.stringify(idleFlow('ada'))}`);
    await admin.hset('plex-auth-flow:ids', 'ada', '0');
    await admin.zadd('plex-auth-flow:news', 1, 'ada');
    await expect.poll(() => seen).toEqual(['ada']);
    expect(await admin.hlen('plex-auth-flow:ids')).toBe(3);
  });

  it('is not asked for again and again: a shard of another type', async () => {
    await admin.set('plex-auth-flow:shard:0:flows', 'no hash');
    const fleet = createFleet();
    const [broken, whole] = [0, 1].map((shard) =>
      ['a', 'b', 'c', 'd', 'e'].find((one) => shardOf(one, 2) === shard),
    );
    // The other shard does not wait for it.
    expect(await fleet.start({ id: 'ada', clientIdentifier: whole })).toMatchObject({ id: 'ada' });
    const before = await countCommands();
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect((await countCommands()) - before).toBeLessThan(500);
    await admin.del('plex-auth-flow:shard:0:flows');
    expect(await fleet.start({ id: 'bea', clientIdentifier: broken })).toMatchObject({ id: 'bea' });
  });
});

/** What Redis has of a flow that was cancelled. */
function idleFlow(id: string): object {
  const rest = { clientIdentifier: 'x', startID: 'x', isShown: true, renewalsLeft: 0, reason: 'cancelled' };
  return { id, status: 'idle', ...rest };
}

async function countCommands(): Promise<number> {
  return Number(/total_commands_processed:(\d+)/.exec(await admin.info('stats'))?.[1]);
}
