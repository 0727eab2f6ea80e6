/** A Redis that is not there yet, or that a user of it may not use: whoever waits is told why. */
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type OneProcess, readEvents, startOneProcess } from './one-fleet.ts';

let own: OneProcess;

beforeEach(async () => {
  own = await startOneProcess();
});

afterEach(() => own.end());

/** Ends with the error of what must fail. */
function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('It did not fail'),
    (error: unknown) => error,
  );
}

describe('a Redis that cannot be reached', () => {
  it('is an error of ready and of start that says why, and no longer once it is there', async () => {
    const { redis, createFleet } = own;
    await redis.stop('without its file');
    const connection = `redis://:the-password@127.0.0.1:${redis.port}`;
    const fleet = createFleet({ connection });
    const seen = readEvents(fleet);
    for (const call of [() => fleet.ready(), () => fleet.start({ id: 'ada' })]) {
      const error = await errorOf(call());
      expect(error).toMatchObject({
        code: 'PLEX_STORE',
        message: 'Redis cannot be reached',
        retryable: true,
        cause: { code: 'ECONNREFUSED', message: expect.stringContaining(`127.0.0.1:${redis.port}`) },
      });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('the-password');
    }
    await redis.start();
    await expect.poll(() => fleet.ready().then(() => 'ready')).toBe('ready');
    const { id, code } = await fleet.start({ id: 'ada' });
    own.emulator.link(code);
    await expect.poll(() => seen).toMatchObject([{ id, view: { status: 'authenticated' } }]);
  });

  it('does not hold dispose up: there is nothing to hand over', async () => {
    const fleet = own.createFleet({ connection: 'redis://127.0.0.1:1', leaseMs: 60_000 });
    await fleet.dispose();
  });
});

describe('a user of Redis', () => {
  async function createUser(...rights: string[]): Promise<string> {
    const admin = new Redis(own.redis.url);
    await admin.acl('SETUSER', 'bot', 'on', '>its-password', ...rights);
    admin.disconnect();
    return `redis://bot:its-password@127.0.0.1:${own.redis.port}`;
  }

  it('who may not publish is refused before anything is stored', async () => {
    const connection = await createUser('+@all', '~plex-auth-flow:*');
    const error = await errorOf(own.createFleet({ connection }).ready());
    expect(error).toMatchObject({
      code: 'PLEX_STORE',
      retryable: false,
      cause: { message: expect.stringMatching(/can't publish/) },
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('its-password');
    const admin = new Redis(own.redis.url);
    const keys = await admin.keys('*');
    admin.disconnect();
    // What BullMQ says of itself.
    expect(keys.filter((key) => key !== 'plex-auth-flow:shards:meta')).toEqual([]);
  });

  it('needs the rights that the documentation names', async () => {
    const connection = await createUser(
      ...['~plex-auth-flow:*', '&plex-auth-flow:*', '+@all', '-@admin', '-@dangerous', '+info'],
    );
    const fleet = own.createFleet({ connection });
    const seen = readEvents(fleet);
    const { id, code } = await fleet.start({ id: 'ada' });
    own.emulator.link(code);
    await expect.poll(() => seen).toMatchObject([{ id, view: { status: 'authenticated' } }]);
    await expect.poll(async () => (await fleet.load()).shards).toHaveLength(2);
  });
});
