import { describe, expect, it } from 'vitest';
import { toAsyncIterable } from '../../src/adapters/index.ts';
import type { PlexAuthView } from '../../src/index.ts';
import { createFakeSource } from './fake-source.ts';

describe('toAsyncIterable', () => {
  it('keeps what comes while the consumer is busy, and gives it out after the end', async () => {
    const fake = createFakeSource({ status: 'idle' });
    const iterator = toAsyncIterable<PlexAuthView>(fake)[Symbol.asyncIterator]();
    fake.show({ status: 'requestingPin' });
    fake.show({ status: 'idle', reason: 'cancelled' });
    fake.end();
    const statuses: unknown[] = [];
    for (let result = await iterator.next(); !result.done; result = await iterator.next()) {
      statuses.push(result.value.status);
    }
    expect(statuses).toEqual(['idle', 'requestingPin', 'idle']);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('serves several takers in the order in which they asked', async () => {
    const fake = createFakeSource({ status: 'idle' });
    const iterator = toAsyncIterable<PlexAuthView>(fake)[Symbol.asyncIterator]();
    const results = Promise.all([iterator.next(), iterator.next(), iterator.next()]);
    fake.show({ status: 'requestingPin' });
    fake.end();
    expect((await results).map(({ value }) => value?.status)).toEqual(['idle', 'requestingPin', undefined]);
  });

  it('iterates again each time, each with its own queue', async () => {
    const fake = createFakeSource({ status: 'idle' });
    const iterable = toAsyncIterable<PlexAuthView>(fake);
    const early = iterable[Symbol.asyncIterator]();
    fake.show({ status: 'requestingPin' });
    const late = iterable[Symbol.asyncIterator]();
    expect((await early.next()).value?.status).toBe('idle');
    expect((await late.next()).value?.status).toBe('requestingPin');
    await early.return?.();
    expect(fake.listeners).toBe(1);
  });

  it('lets go of the engine when the loop is left by break or by a throw', async () => {
    const fake = createFakeSource({ status: 'idle' });
    for await (const _ of toAsyncIterable(fake)) break;
    expect(fake.listeners).toBe(0);
    const broken = new Error('body broke');
    await expect(async () => {
      for await (const _ of toAsyncIterable(fake)) throw broken;
    }).rejects.toBe(broken);
    expect(fake.listeners).toBe(0);
  });

  it('ends a next that waits when it is returned from', async () => {
    const fake = createFakeSource({ status: 'idle' });
    const iterator = toAsyncIterable(fake)[Symbol.asyncIterator]();
    await iterator.next();
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('gives out nothing once it has been returned from, whatever waits', async () => {
    const fake = createFakeSource({ status: 'idle' });
    const iterator = toAsyncIterable(fake)[Symbol.asyncIterator]();
    fake.show({ status: 'requestingPin' });
    await iterator.return?.();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});
