/** Who reads events, and stops reading at a bad moment. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SharedPlexFleet } from '../../src/bullmq/index.ts';
import { type OneProcess, startOneProcess } from './one-fleet.ts';

let own: OneProcess;
let admin: Redis;

beforeEach(async () => {
  own = await startOneProcess();
  admin = new Redis(own.redis.url);
});
afterEach(async () => {
  admin.disconnect();
  await own.end();
});

const iteratorOf = (fleet: SharedPlexFleet) => fleet.events[Symbol.asyncIterator]();

/** Starts a flow and approves it. Resolves once its token is in Redis. */
async function signIn(fleet: SharedPlexFleet, options: { id: string; clientIdentifier?: string }) {
  const { code } = await fleet.start(options);
  const token = own.emulator.link(code);
  await expect.poll(async () => (await fleet.getView(options.id))?.status).toBe('authenticated');
  return token;
}

describe('a reader that was paused for longer than an event is his', () => {
  it.each([
    ['in the same shard', 'fleet'],
    ['in another shard', 'two'],
  ])('does not end a later start of that id: %s', async (_where, clientIdentifier) => {
    const fleet = own.createFleet();
    await signIn(fleet, { id: 'ada' });
    const paused = iteratorOf(fleet);
    await paused.next();
    // By now another one may have it.
    await admin.zadd('plex-auth-flow:news', 1, 'ada');
    const other = iteratorOf(own.createFleet({ polls: false }));
    expect(await other.next()).toMatchObject({ value: { id: 'ada' } });
    const next = other.next();
    await expect.poll(() => fleet.getView('ada')).toBeUndefined();
    const token = await signIn(fleet, { id: 'ada', clientIdentifier });
    const pausedNext = paused.next();
    const { value } = await Promise.race([next, pausedNext]);
    expect(value.view.token.reveal()).toBe(token);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await fleet.getView('ada')).toMatchObject({ status: 'authenticated' });
    expect(await admin.zscore('plex-auth-flow:news', 'ada')).not.toBeNull();
  });
});

describe('a reader that fails at an event', () => {
  it('holds the others up no longer: it comes again after them', async () => {
    const fleet = own.createFleet();
    for (const id of ['ada', 'bea', 'eve']) await signIn(fleet, { id });
    const seen: string[] = [];
    while (seen.length < 6)
      for await (const { id } of fleet.events) {
        seen.push(id);
        if (id === 'ada') break;
      }
    expect(new Set(seen)).toEqual(new Set(['ada', 'bea', 'eve']));
  });
});

describe('a reader that never asks for the next event', () => {
  it('keeps no process alive after dispose', async () => {
    const options = { product: 'Test', clientIdentifier: 'fleet', connection: own.redis.url, leaseMs: 1000 };
    const script = ['test/bullmq/reader-process.mjs', JSON.stringify(options)];
    await promisify(execFile)(process.execPath, script, { timeout: 15_000 });
  });
});

describe('many tokens that wait for Redis', () => {
  it('are no leak: nothing is printed', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const fleet = own.createFleet();
    const flows = await Promise.all(Array.from({ length: 12 }, () => fleet.start()));
    await admin.config('SET', 'maxmemory', '1');
    for (const { code } of flows) own.emulator.link(code);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await admin.config('SET', 'maxmemory', '0');
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('a clock of Redis that was set back by an hour', () => {
  it('holds no event up', async () => {
    const fleet = own.createFleet();
    await signIn(fleet, { id: 'ada' });
    await admin.zincrby('plex-auth-flow:news', 3_600_000, 'ada');
    const next = iteratorOf(fleet).next();
    await expect(
      Promise.race([next, new Promise((resolve) => setTimeout(resolve, 5000))]),
    ).resolves.toMatchObject({
      value: { id: 'ada' },
    });
  });

  it('leaves no machine that has died since in the count', async () => {
    const fleet = own.createFleet();
    await fleet.ready();
    await admin.zadd('plex-auth-flow:machines', Date.now() + 3_600_000, 'a dead one');
    await expect.poll(async () => (await fleet.load()).machines).toBe(1);
  });
});
