import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createLife } from '../../src/engine/life.ts';
import { createStoreAccess } from '../../src/engine/store-access.ts';
import type { KeyValueStore, PlexAuthError } from '../../src/index.ts';
import { createVirtualTime } from '../../src/testing/index.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { uncaughtIn } from '../fixture/uncaught-in.ts';

function createAccess() {
  const time = createVirtualTime();
  const life = createLife();
  const errors: PlexAuthError[] = [];
  const access = createStoreAccess({
    clock: time.clock,
    timeoutMs: 3000,
    life,
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
  if (when === 'before') life.end();
  const reading = access.read({ ...createRecordingStore(), getItem: () => new Promise(() => {}) }, 'key');
  if (when === 'during') life.end();
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
      if (when === 'before') life.end();
      const reading = access.read({ ...createRecordingStore(), getItem }, 'key');
      if (when === 'during') life.end();
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

describe('a write that is not answered', () => {
  /** A store whose first write is answered when `finish` is called. */
  function createHangingStore() {
    const store = createRecordingStore();
    let finish = () => {};
    let isFirst = true;
    const setItem = (key: string, value: string) => {
      if (!isFirst) return store.setItem(key, value);
      isFirst = false;
      return new Promise<void>((resolve) => {
        finish = () => resolve(store.setItem(key, value) as undefined);
      });
    };
    return { ...store, setItem, finish: () => finish() };
  }

  it('ends with an error after the time limit, and the next one follows', async () => {
    const { access, errors, time } = createAccess();
    const store = createHangingStore();
    const first = access.write(store, 'a', () => '1');
    const second = access.write(store, 'b', () => '2');
    await time.advance(2999);
    expect([errors, store.written]).toEqual([[], []]);
    await time.advance(1);
    expect(await first).toMatchObject({
      code: 'PLEX_STORE',
      message: 'The store failed to write a',
      retryable: true,
    });
    expect([await second, errors.length, store.written]).toEqual([undefined, 1, ['2']]);
    expect(time.timers).toBe(0);
  });

  it('holds up no other store', async () => {
    const { access, time } = createAccess();
    const other = createRecordingStore();
    void access.write(createHangingStore(), 'a', () => '1');
    void access.write(other, 'a', () => '2');
    await time.advance(0);
    expect(other.written).toEqual(['2']);
  });

  it.each(['a newer value', 'a removal'])('and that ends after all does not undo %s', async (what) => {
    const { access, time } = createAccess();
    const store = createHangingStore();
    void access.write(store, 'a', () => '1');
    void (what === 'a removal' ? access.remove(store, 'a') : access.write(store, 'a', () => '2'));
    await time.advance(3000);
    store.finish();
    await time.advance(0);
    expect(store.items.get('a')).toBe(what === 'a removal' ? undefined : '2');
  });

  it('and that ends after all stays, if it is the newest', async () => {
    const { access, time } = createAccess();
    const store = createHangingStore();
    void access.write(store, 'a', () => '1');
    void access.write(store, 'b', () => '2');
    await time.advance(3000);
    store.finish();
    await time.advance(0);
    expect([...store.items]).toEqual([
      ['b', '2'],
      ['a', '1'],
    ]);
    expect(store.written).toEqual(['2', '1']);
  });

  it('and that ends after all does not undo a newer value in a store that gives back parsed JSON', async () => {
    const { access, time } = createAccess();
    const store = createHangingStore();
    const parsing = { ...store, getItem: (key: string) => JSON.parse(store.items.get(key) ?? 'null') };
    void access.write(parsing, 'a', () => '{"token":"1"}');
    void access.write(parsing, 'a', () => '{"token":"2"}');
    await time.advance(3000);
    store.finish();
    await time.advance(0);
    expect(store.items.get('a')).toBe('{"token":"2"}');
  });

  it('and that ends after all leaves what another process has stored since', async () => {
    const { access, time } = createAccess();
    const items = createRecordingStore();
    let finish = () => {};
    const removeItem = async (key: string) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      items.removeItem(key);
      items.items.set(key, 'of another process');
    };
    const store = { ...items, removeItem };
    void access.remove(store, 'a');
    void access.write(store, 'a', () => '2');
    await time.advance(3000);
    finish();
    await time.advance(0);
    expect(items.items.get('a')).toBe('of another process');
  });

  it('is followed by the newest write once, and not for ever, where every access takes that long', async () => {
    const { access, time } = createAccess();
    const store = createRecordingStore();
    let accesses = 0;
    const slowly = async <T>(use: () => T): Promise<T> => {
      accesses += 1;
      await new Promise<void>((resolve) => time.clock.setTimeout(resolve, 4000));
      return use();
    };
    const slow = {
      getItem: (key: string) => slowly(() => store.getItem(key)),
      setItem: (key: string, value: string) => slowly(() => store.setItem(key, value)),
      removeItem: (key: string) => slowly(() => store.removeItem(key)),
    };
    void access.write(slow, 'a', () => '1');
    void access.write(slow, 'a', () => '2');
    await time.advance(300_000);
    expect(accesses).toBeLessThanOrEqual(6);
    expect(store.items.get('a')).toBe('2');
    expect(time.timers).toBe(0);
  });

  it('is waited for no longer than one time limit at the end, however many there are, after an abort too', async () => {
    const { access, life, time } = createAccess();
    const never = { ...createRecordingStore(), setItem: () => new Promise(() => {}) };
    for (const key of ['a', 'b', 'c']) void access.write(never, key, () => '1');
    life.end();
    let isFlushed = false;
    void access.flushed().then(() => {
      isFlushed = true;
    });
    await time.advance(2999);
    expect(isFlushed).toBe(false);
    await time.advance(1);
    expect(isFlushed).toBe(true);
    await time.advance(9000);
    expect(time.timers).toBe(0);
  });
});

it('removes only what is unwanted when the turn has come', async () => {
  const { access } = createAccess();
  const store = createRecordingStore();
  void access.write(store, 'a', () => 'new');
  await access.remove(store, 'a', (stored) => stored === 'old');
  expect(store.items.get('a')).toBe('new');
  await access.remove(store, 'a', (stored) => stored === 'new');
  expect(store.items.get('a')).toBe(undefined);
});

describe('a value that depends on what is stored', () => {
  it.each(['write', 'remove'] as const)(
    'is in a store that answers at once in one step (%s)',
    async (verb) => {
      const { access } = createAccess();
      const store = createRecordingStore();
      store.items.set('key', 'old');
      const getItem = (key: string) => {
        // What another program does as soon as this one lets it.
        queueMicrotask(() => store.items.set('key', 'newer'));
        return store.items.get(key);
      };
      const watched = { ...store, getItem };
      if (verb === 'write')
        await access.write(
          watched,
          'key',
          () => 'own',
          (stored) => stored === 'old',
        );
      else await access.remove(watched, 'key', (stored) => stored === 'old');
      expect(store.items.get('key')).toBe('newer');
    },
  );

  it.each(['write', 'remove'] as const)(
    'is left to a store that can change it in one step (%s)',
    async (verb) => {
      const { access } = createAccess();
      const store = createRecordingStore();
      const changed: unknown[] = [];
      const capable = {
        ...store,
        getItem: () => Promise.reject(new Error('not asked')),
        changeItem(_key: string, toNext: (stored: unknown) => unknown) {
          changed.push(toNext('newer'), toNext('old'));
        },
      };
      const error =
        verb === 'write'
          ? await access.write(
              capable,
              'key',
              () => 'own',
              (stored) => stored === 'old',
            )
          : await access.remove(capable, 'key', (stored) => stored === 'old');
      expect([error, changed]).toEqual([undefined, [undefined, verb === 'write' ? 'own' : null]]);
    },
  );

  it('is not removed where it cannot be read, which is an error', async () => {
    const { access, errors } = createAccess();
    const store = { ...createRecordingStore(), getItem: () => Promise.reject(new Error('locked')) };
    expect(await access.remove(store, 'key', () => true)).toBeInstanceOf(Error);
    expect(errors).toHaveLength(1);
  });
});
