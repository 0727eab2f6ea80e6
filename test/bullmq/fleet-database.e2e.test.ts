/** The scripts in a real Redis: what a fence refuses, and what nothing does. */
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFleetDatabase, type FleetDatabase } from '../../src/bullmq/fleet-database.ts';
import { readSharedFleetOptions } from '../../src/bullmq/shared-fleet-options.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

let server: RedisServer;
let database: FleetDatabase;

beforeAll(async () => {
  server = await startRedisServer();
});
afterAll(() => server.remove());
beforeEach(async () => {
  database = createFleetDatabase(readSharedFleetOptions({ product: 'Test', connection: server.url }));
  await database.redis.flushall();
});
afterEach(() => database.close(1000));

const tokenOf = (startID: string, text: string) => ({
  id: 'ada',
  startID,
  tokenText: 'the token',
  text,
  lateText: '0|late',
});
const textOf = async (id: string) => (await database.read(3, id))?.text;

describe('the owner of a shard', () => {
  it('writes, and is given what others ask for, until it has said that it did it', async () => {
    const { fence } = await database.acquire(3);
    await database.start(3, 'ada', '0|"call"', 'call');
    await database.command(3, 'cancel', 'ada');
    const answer = await database.write(3, fence, [], [{ id: 'ada', startID: 'call', text: '1|"call"' }]);
    expect(answer).toMatchObject({
      commands: [
        { type: 'start', id: 'ada' },
        { type: 'cancel', id: 'ada' },
      ],
    });
    if (answer.isRefused) throw new Error('Refused');
    const done = answer.commands.map(({ commandID }) => commandID);
    // The same write once more, as after a connection that broke.
    for (const _ of [1, 2])
      expect(await database.write(3, fence, done, [])).toEqual({
        isRefused: false,
        commands: [],
        superseded: [],
      });
    expect(await textOf('ada')).toBe('1|"call"');
  });

  it('is one: after another one took the shard, its writes change nothing', async () => {
    const before = await database.acquire(3);
    await database.write(3, before.fence, [], [{ id: 'ada', startID: 'call', text: '1|{}' }]);
    const after = await database.acquire(3);
    expect([after.flows.get('ada'), Number(after.fence) > Number(before.fence)]).toEqual(['1|{}', true]);
    const stale = [{ id: 'ada', startID: 'call', text: '2|{}', newsAfterMs: 0 }];
    expect(await database.write(3, before.fence, [], stale)).toEqual({ isRefused: true, isFenceKnown: true });
    expect([await textOf('ada'), await database.take(1000)]).toEqual(['1|{}', { waitMs: undefined }]);
    expect(database.refusedWrites).toBe(1);
  });

  it('learns that Redis has lost what it knew, and gives it back without replacing anything', async () => {
    const { fence } = await database.acquire(3);
    await database.redis.flushall();
    expect(await database.write(3, fence, [], [])).toEqual({ isRefused: true, isFenceKnown: false });
    const { fence: next } = await database.acquire(3);
    await database.write(3, next, [], [{ id: 'bea', startID: 'call', text: '5|{}' }]);
    await database.restore(3, [
      { id: 'ada', startID: 'call', text: '1|{}' },
      { id: 'bea', startID: 'call', text: '4|{}' },
    ]);
    expect([await textOf('ada'), await textOf('bea')]).toEqual(['1|{}', '5|{}']);
    expect(await database.write(3, next, [], [])).toMatchObject({ commands: [{ type: 'start', id: 'ada' }] });
  });
});

describe('an id that was started again after Redis lost it', () => {
  const before = { id: 'ada', startID: 'before', text: '7|"before"', newsAfterMs: 0 };

  it.each([
    ['in its shard', 3],
    ['in another shard', 2],
  ])(
    'is the later start’s: the owner of the earlier one writes nothing over it: %s',
    async (_where, shard) => {
      const { fence } = await database.acquire(3);
      await database.start(shard, 'ada', '0|"again"', 'again');
      expect(await database.write(3, fence, [], [before])).toMatchObject({
        isRefused: false,
        superseded: ['ada'],
      });
      await database.restore(3, [before]);
      expect(await database.read(shard, 'ada')).toMatchObject({ text: '0|"again"' });
      if (shard !== 3) expect(await database.read(3, 'ada')).toBeUndefined();
      expect(await database.take(1000)).toEqual({ waitMs: undefined });
    },
  );
});

describe('what is read', () => {
  it('is of one moment: a flow and its token change together', async () => {
    const other = new Redis(server.url);
    const keys = ['flows', 'told', 'tokens'].map((name) => `plex-auth-flow:shard:3:${name}`);
    // Too long for Redis to take in several commands at once.
    const id = 'ada'.repeat(10_000);
    let isOver = false;
    const changing = (async () => {
      for (let count = 0; !isOver; count++) {
        const change = other.multi();
        for (const key of keys) change.hset(key, id, `${count}|{}`);
        await change.exec();
      }
    })();
    await expect.poll(() => textOf(id)).toBeDefined();
    const seen: (string | null | undefined)[][] = [];
    for (let count = 0; count < 1000; count++) {
      const one = await database.read(3, id);
      const { flows, tokens } = await database.readAll(3);
      seen.push([one?.text, one?.told, one?.token], [flows.get(id), tokens.get(id)]);
    }
    isOver = true;
    await changing;
    other.disconnect();
    expect(seen.filter((values) => new Set(values).size > 1)).toEqual([]);
  });
});

describe('a token', () => {
  it('is written whoever owns the shard, and is an event at once', async () => {
    await database.acquire(3);
    await database.start(3, 'ada', '0|"call"', 'call');
    await database.putToken(3, tokenOf('call', '0|late'));
    expect(await database.read(3, 'ada')).toMatchObject({ text: '0|"call"', token: 'the token' });
    expect(await database.take(1000)).toEqual({ id: 'ada', shard: 3 });
  });

  it('brings back a flow whose end was handled', async () => {
    await database.putToken(3, tokenOf('call', '0|late'));
    expect(await database.read(3, 'ada')).toMatchObject({ text: '0|late', token: 'the token' });
    expect(await database.shardOfFlow('ada')).toBe(3);
  });
});

describe('a token whose id was started again', () => {
  it.each([
    ['in its shard', 3],
    ['in another shard', 2],
  ])('is kept as a flow of its own, and the other start does not get it: %s', async (_where, shard) => {
    await database.start(shard, 'ada', '0|"again"', 'again');
    // Twice, as after a connection that broke.
    for (const _ of [1, 2]) await database.putToken(3, tokenOf('before', '0|wrong'));
    expect(await database.read(shard, 'ada')).toMatchObject({ text: '0|"again"', token: null });
    expect(await database.read(3, 'before')).toMatchObject({ text: '0|late', token: 'the token' });
    expect(await database.take(1000)).toEqual({ id: 'before', shard: 3 });
    expect(await database.shardOfFlow('ada')).toBe(shard);
    await database.handled(3, 'before', { startID: 'late', seen: '0t', told: '{}', isRunning: false });
    expect([await database.read(3, 'before'), await database.countFlows()]).toEqual([undefined, 1]);
  });
});

describe('an event', () => {
  it('is one reader’s for a while, then anybody’s again', async () => {
    await database.putToken(3, tokenOf('call', '0|{}'));
    expect(await database.take(50)).toMatchObject({ id: 'ada' });
    expect(await database.take(50)).toMatchObject({ waitMs: expect.any(Number) });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await database.take(10_000)).toMatchObject({ id: 'ada' });
    await database.giveBack('ada');
    expect(await database.take(10_000)).toMatchObject({ id: 'ada' });
  });

  it('ends the flow once its end was handled', async () => {
    await database.putToken(3, tokenOf('call', '4|"call"'));
    await database.take(10_000);
    await database.handled(3, 'ada', { startID: 'call', seen: '4t', told: '{}', isRunning: false });
    expect([await database.read(3, 'ada'), await database.countFlows()]).toEqual([undefined, 0]);
    expect(await database.take(10_000)).toEqual({ waitMs: undefined });
  });

  it('follows at once if the flow changed while it was handled', async () => {
    const { fence } = await database.acquire(3);
    await database.write(3, fence, [], [{ id: 'ada', startID: 'call', text: '1|"call"', newsAfterMs: 0 }]);
    await database.take(10_000);
    await database.putToken(3, tokenOf('call', '0|late'));
    const event = { startID: 'call', seen: '1', told: '{"status":"awaitingLink"}', isRunning: false };
    await database.handled(3, 'ada', event);
    expect(await database.read(3, 'ada')).toMatchObject({ told: '{"status":"awaitingLink"}' });
    expect(await database.take(10_000)).toEqual({ id: 'ada', shard: 3 });
  });
});

describe('a start', () => {
  it('is done once: its id is taken, but for the same call sent again', async () => {
    expect(await database.start(3, 'ada', '0|{"startID":"a"}', '"a"')).toBe(true);
    expect(await database.start(3, 'ada', '0|{"startID":"a"}', '"a"')).toBe(true);
    expect(await database.start(3, 'ada', '0|{"startID":"b"}', '"b"')).toBe(false);
  });
});
