import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { createStoreAccess } from '../../src/engine/store-access.ts';
import type { KeyValueStore, PlexAuthError } from '../../src/index.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

function createAccess() {
  const time = createVirtualTime();
  const life = new AbortController();
  const errors: PlexAuthError[] = [];
  const access = createStoreAccess({
    clock: time.clock,
    timeoutMs: 3000,
    signal: life.signal,
    onError: (error) => errors.push(error),
  });
  return { access, errors, life, time };
}

it.each<[string, KeyValueStore['getItem']]>([
  ['was answered', () => 'found'],
  ['failed', () => Promise.reject(new Error('locked'))],
  ['was not answered in time', () => new Promise(() => {})],
])('leaves neither a timer nor a listener behind a read that %s', async (_name, getItem) => {
  const { access, life, time } = createAccess();
  const listeners = () => getEventListeners(life.signal, 'abort').length;
  const reading = access.read({ ...createRecordingStore(), getItem }, 'key').catch(() => {});
  expect([time.timers, listeners()]).toEqual([1, 1]);
  await time.advance(3000);
  await reading;
  expect([time.timers, listeners()]).toEqual([0, 0]);
});

it.each(['before', 'during'])('waits for no store where the engine has ended %s the read', async (when) => {
  const { access, life, time } = createAccess();
  if (when === 'before') life.abort();
  const reading = access.read({ ...createRecordingStore(), getItem: () => new Promise(() => {}) }, 'key');
  if (when === 'during') life.abort();
  await expect(reading).rejects.toHaveProperty('code', 'PLEX_STORE');
  expect([time.timers, getEventListeners(life.signal, 'abort').length]).toEqual([0, 0]);
});

it.each(['before', 'during'])(
  'leaves no rejection unhandled where a store throws at once and the engine ends %s the read',
  async (when) => {
    const { access, life } = createAccess();
    const getItem = () => {
      throw new Error('locked');
    };
    const uncaught = await uncaughtIn(async () => {
      if (when === 'before') life.abort();
      const reading = access.read({ ...createRecordingStore(), getItem }, 'key');
      if (when === 'during') life.abort();
      await expect(reading).rejects.toHaveProperty('message', 'The store failed to read key');
    });
    expect(uncaught).toEqual([]);
  },
);

it('writes on after a write that failed, and reports only that one', async () => {
  const { access, errors } = createAccess();
  const store = createRecordingStore();
  const broken: KeyValueStore = { ...store, setItem: () => Promise.reject(new Error('disk full')) };
  const failing = access.write(broken, 'first', () => 'lost');
  const writing = access.write(store, 'second', () => 'stored');
  expect(await failing).toMatchObject({ code: 'PLEX_STORE', message: 'The store failed to write first' });
  expect(await writing).toBe(undefined);
  expect(store.written).toEqual(['stored']);
  expect(errors).toHaveLength(1);
});
