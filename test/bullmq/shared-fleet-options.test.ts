/** What is wrong with the options is said at the call, before anything is asked of Redis. */
import { inspect } from 'node:util';
import { Cluster, Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { createSharedPlexFleet } from '../../src/bullmq/index.ts';
import { shardOf } from '../../src/bullmq/shard-of.ts';
import {
  readSharedFleetOptions,
  type SharedPlexFleetOptions,
} from '../../src/bullmq/shared-fleet-options.ts';

const right = { product: 'Test', connection: 'redis://127.0.0.1:1' };

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a bad option', () => {
  it.each<[string, object, RegExp]>([
    ['no options', undefined as never, /options must be an object/],
    ['no connection', { product: 'Test' }, /connection must be a redis:\/\/ address/],
    ['a page as connection', { ...right, connection: 'http://127.0.0.1' }, /connection must be a redis:\/\//],
    ['no product', { connection: right.connection }, /product must be given/],
    ['no shard', { ...right, shards: 0 }, /shards must be an integer from 1 to 1024/],
    ['half a shard', { ...right, shards: 1.5 }, /shards must be an integer from 1 to 1024/],
    ['a short lease', { ...right, leaseMs: 999 }, /leaseMs must be from 1000/],
    ['a long lease', { ...right, leaseMs: 300_001 }, /leaseMs must be from 1000 to 300000 ms/],
    ['an empty prefix', { ...right, prefix: '' }, /prefix must be a text without spaces and braces/],
    ['polls as a number', { ...right, polls: 1 }, /polls must be true or false/],
    ['a store', { ...right, store: new Map() }, /store must be left out: Redis keeps the flows/],
    ['a name', { ...right, name: 'bot' }, /name must be left out/],
    ['null as connections', { ...right, connections: null }, /connections must be an integer from 1/],
    [
      'a prefix of keys by ioredis',
      { ...right, connection: { keyPrefix: 'x:' } },
      /connection.keyPrefix must be left out: prefix begins the keys/,
    ],
    [
      'such a prefix in its address',
      { ...right, connection: 'redis://127.0.0.1:1?keyPrefix=x' },
      /connection.keyPrefix must be left out/,
    ],
    [
      'a client with such a prefix',
      { ...right, connection: new Redis({ lazyConnect: true, keyPrefix: 'x:' }) },
      /connection.keyPrefix must be left out/,
    ],
    [
      'a cluster',
      { ...right, connection: new Cluster([{ port: 1 }], { lazyConnect: true }) },
      /connection must be one Redis, not a Cluster/,
    ],
    [
      'a database by name',
      { ...right, connection: `${right.connection}/cinema` },
      /connection must be without/,
    ],
    [
      'a database by name, asked for',
      { ...right, connection: `${right.connection}?db=cinema` },
      /connection must be without a database, or with its number/,
    ],
    [
      'a database by name, as an option',
      { ...right, connection: { db: Number.NaN } },
      /connection.db must be without a database, or with its number/,
    ],
    [
      'a client of no database',
      { ...right, connection: new Redis({ lazyConnect: true, db: -1 }) },
      /connection.db must be without/,
    ],
    [
      'the options of BullMQ',
      { ...right, connection: { url: 'redis://:the-password@10.0.0.5:6380/3' } },
      /connection.url must be left out: an address is given as connection itself/,
    ],
    [
      'an address as host',
      { ...right, connection: { host: 'redis://:the-password@10.0.0.5' } },
      /connection.host must be a name, not an address/,
    ],
    ['a URL', { ...right, connection: new URL(right.connection) }, /connection must be a redis:\/\/ address/],
    ['addresses', { ...right, connection: [right.connection] }, /connection must be a redis:\/\/ address/],
    [
      'another client',
      { ...right, connection: { duplicate() {} } },
      /connection must be a client of ioredis/,
    ],
    [
      'a text as retryStrategy',
      { ...right, connection: { retryStrategy: 'none' } },
      /connection.retryStrategy must be a function/,
    ],
    [
      'an encoded prefix of keys',
      { ...right, connection: 'redis://127.0.0.1:1?key%50refix=x' },
      /connection.keyPrefix must be left out/,
    ],
    ['no connections', { ...right, connections: 0 }, /connections must be an integer from 1 to 1000/],
    [
      'a misspelt one',
      { ...right, shard: 3 },
      /shard must be left out: the known fields are connection, prefix, shards/,
    ],
  ])('is named: %s', (_name, options, message) => {
    expect(() => createSharedPlexFleet(options as never)).toThrow(TypeError);
    expect(() => createSharedPlexFleet(options as never)).toThrow(message);
  });
});

describe('a database by its number', () => {
  it.each<SharedPlexFleetOptions['connection']>([
    'redis://127.0.0.1/3',
    'redis://127.0.0.1/?db=3',
    { db: 3 },
    new Redis('redis://127.0.0.1/3', { lazyConnect: true }),
  ])('is taken: %#', (connection) => {
    expect(() => readSharedFleetOptions({ ...right, connection })).not.toThrow();
  });
});

describe('an address with a sign in its password that must be encoded', () => {
  it.each(['the#password', 'the/password', 'the%password', 'the?password'])(
    'is named, and not shown: %s',
    (password) => {
      const connection = `redis://:${password}@127.0.0.1:1`;
      const error = thrownBy(() => createSharedPlexFleet({ ...right, connection }));
      expect(error).toMatchObject({
        name: 'TypeError',
        message: expect.stringMatching(/connection must be a whole address/),
      });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password);
    },
  );
});

describe('an id', () => {
  it('is refused if it has half a character: Redis would store another one', async () => {
    const fleet = createSharedPlexFleet({ ...right, clientIdentifier: 'x', leaseMs: 1000 });
    for (const id of ['cut\ud83d', '\ude00cut'])
      await expect(fleet.start({ id })).rejects.toThrow(/id must be a text without half a surrogate pair/);
    const whole = fleet.start({ id: 'whole 😀' });
    await Promise.all([fleet.dispose(), expect(whole).rejects.toThrow(/disposed of/)]);
  });
});

describe('a client identifier', () => {
  it('is always in the same shard', () => {
    // Stored flows are found by it: another number here loses them.
    expect(['tv', 'my-bot-3f9c', '', 'x'.repeat(300)].map((one) => shardOf(one, 32))).toEqual([
      18, 27, 11, 18,
    ]);
  });

  it('is in any of them', () => {
    const counts = new Array(32).fill(0);
    for (let index = 0; index < 32_000; index++) counts[shardOf(`tv-${index}`, 32)]++;
    expect([Math.min(...counts) > 850, Math.max(...counts) < 1150]).toEqual([true, true]);
  });
});
