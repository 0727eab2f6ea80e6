/** Issue 15: a drive has the timeline that it would have with parts that answer at once, or says why it has not. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createPlexAuth, type KeyValueStore } from '../../src/index.ts';
import { createPlexWire } from '../../src/plex/plex-wire.ts';
import {
  assertReaches,
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  drivePlexAuth,
} from '../../src/testing/index.ts';

const untilTask = () => new Promise<void>((resolve) => setImmediate(resolve));
const pauses = {
  'a timer': () => new Promise((resolve) => setTimeout(resolve, 5)),
  'a file': () => readFile('package.json'),
  'a digest': () => crypto.subtle.digest('SHA-256', new Uint8Array(10)),
  'three tasks': async () => {
    for (let task = 0; task < 3; task++) await untilTask();
  },
};
const never = () => new Promise(() => {});

function createStore(pause: () => Promise<unknown>): KeyValueStore {
  const { getItem, setItem, removeItem } = createMemoryStore();
  return {
    getItem: (key) => pause().then(() => getItem(key)),
    setItem: (key, value) => pause().then(() => setItem(key, value)),
    removeItem: (key) => pause().then(() => removeItem(key)),
  };
}

describe.each(Object.entries(pauses))('a store that waits for %s', (_name, pause) => {
  it.each(['store', 'credentials'] as const)('changes nothing as %s', async (option) => {
    const script = [
      { atMs: 1500, app: 'reload' },
      { atMs: 30_000, user: 'approve' },
    ] as const;
    const driveWith = (store: KeyValueStore) =>
      drivePlexAuth({ script, options: { store: createMemoryStore(), [option]: store } });
    const drive = await driveWith(createStore(pause));
    expect(drive.view.status).toBe('authenticated');
    expect(String(drive)).toBe(String(await driveWith(createMemoryStore())));
  });
});

describe('a store that never answers', () => {
  const blame = 'credentials.getItem of 0 ms took longer than a second of real time';

  it('is named where a move cannot be made', async () => {
    const script = [{ atMs: 5000, user: 'approve' } as const];
    const options = { credentials: createStore(never) };
    await expect(drivePlexAuth({ options, script })).rejects.toThrow(blame);
  });

  it('is named at the end of the timeline and in a matcher’s message, and waited for once', async () => {
    const sinceMs = performance.now();
    // A frozen one too.
    const options = { credentials: Object.freeze(createStore(never)) };
    const drive = await drivePlexAuth({ options, untilMs: 60_000 });
    expect(performance.now() - sinceMs).toBeLessThan(2500);
    expect(String(drive)).toContain(`${blame}: a drive goes on without it`);
    expect(() => assertReaches(drive, 'authenticated')).toThrow(blame);
  });
});

describe('a store that answers by the clock of the drive', () => {
  it('is not waited for, though it looks at something else first', async () => {
    const time = createVirtualTime();
    const { getItem, ...others } = createMemoryStore();
    const store: KeyValueStore = {
      ...others,
      async getItem(key) {
        const value = await getItem(key);
        await new Promise<void>((resolve) => time.clock.setTimeout(resolve, 200));
        return value;
      },
    };
    const sinceMs = performance.now();
    const script = [{ atMs: 5000, user: 'approve' } as const];
    const drive = await drivePlexAuth({ time, options: { store }, script });
    expect(performance.now() - sinceMs).toBeLessThan(900);
    expect([drive.reachedAtMs('awaitingLink'), drive.view.status, String(drive)]).toEqual([
      200,
      'authenticated',
      expect.not.stringContaining('getItem'),
    ]);
  });

  it('is named as long as it has not answered', async () => {
    const time = createVirtualTime();
    const late = () => new Promise((resolve) => time.clock.setTimeout(() => resolve(undefined), 9000));
    const options = { credentials: createStore(late) };
    const drive = await drivePlexAuth({ time, options, untilMs: 5000 });
    expect(String(drive)).toContain('credentials.getItem of 0 ms has no answer yet');
  });
});

it('a store whose answers run anew with each then is asked once', async () => {
  const asked: string[] = [];
  const query = (text: string) => ({
    // biome-ignore lint/suspicious/noThenProperty: the queries of several databases are such.
    then(take: (value: null) => void) {
      asked.push(text);
      take(null);
    },
  });
  const store = {
    getItem: (key: string) => query(`get ${key}`),
    setItem: (key: string) => query(`set ${key}`),
    removeItem: (key: string) => query(`remove ${key}`),
  } as unknown as KeyValueStore;
  await drivePlexAuth({ options: { store }, untilMs: 1500 });
  expect(asked.filter((text) => text.startsWith('set') && text.includes('pin'))).toHaveLength(1);
});

it('is refused as without a drive where it is no store', async () => {
  const options = { store: { getItem: () => null } as unknown as KeyValueStore };
  await expect(drivePlexAuth({ options })).rejects.toThrow(TypeError);
});

it('a wire in real time is no wire that does not answer', async () => {
  const time = createVirtualTime();
  const { clock } = time;
  const emulator = createPlexEmulator({ clock, random: () => 0 });
  const real = createPlexWire({ product: 'Test', fetch: emulator.fetch, clock });
  const wire = {
    ...real,
    getPin: async (...args: Parameters<typeof real.getPin>) => {
      await pauses['a timer']();
      return real.getPin(...args);
    },
  };
  const drive = await drivePlexAuth({ time, emulator, options: { wire } });
  expect([drive.reachedAtMs('awaitingLink'), drive.view.status]).toEqual([0, 'expired']);
});

it('a wire in real time may limit its requests by the clock of the drive', async () => {
  const playWith = async (pause: () => Promise<unknown>) => {
    const time = createVirtualTime();
    const { clock } = time;
    const emulator = createPlexEmulator({ clock, random: () => 0 });
    const fetch: typeof emulator.fetch = (...args) => pause().then(() => emulator.fetch(...args));
    const wire = createPlexWire({ product: 'Test', fetch, clock });
    const script = [{ atMs: 5000, user: 'approve' } as const];
    return String(await drivePlexAuth({ time, emulator, options: { wire }, script }));
  };
  expect(await playWith(pauses['a timer'])).toBe(await playWith(async () => {}));
});

it('a store is waited for in the time of a drive whose store never answered', async () => {
  const time = createVirtualTime();
  await drivePlexAuth({ time, options: { credentials: createStore(never) }, untilMs: 10 });
  const script = [{ atMs: 5000, user: 'approve' } as const];
  const drive = await drivePlexAuth({ time, options: { store: createStore(pauses['a timer']) }, script });
  expect([drive.view.status, String(drive)]).toEqual([
    'authenticated',
    expect.not.stringContaining('second'),
  ]);
});

it('a test that starts the app in real time gets the whole timeline', async () => {
  const drive = await drivePlexAuth({
    start: false,
    script: [
      {
        atMs: 1000,
        async test({ auth }) {
          await pauses['a timer']();
          auth.start();
        },
      },
    ],
  });
  expect(drive.view.status).toBe('expired');
});

it('an app that is disposed of waits for nothing', async () => {
  const drive = await drivePlexAuth({ script: [{ atMs: 3000, app: 'dispose' }] });
  expect(String(drive)).not.toContain('real time');
});

describe('a drive that ends early says so', () => {
  it('where nothing started a sign-in', async () => {
    const drive = await drivePlexAuth({ start: false, mount: () => {} });
    expect(String(drive)).toContain(
      'nothing started a sign-in: neither start: true, nor the script, nor the screen',
    );
  });

  it('where its emulator has another clock', async () => {
    const drive = await drivePlexAuth({ time: createVirtualTime(), emulator: createPlexEmulator() });
    expect(String(drive)).toContain('the emulator has another clock than the drive: give it that of time');
  });

  it('where its sign-in goes on after the hour in which it is watched', async () => {
    const drive = await drivePlexAuth({ options: { renewals: 5, polling: { intervalMs: 600_000 } } });
    expect(String(drive)).toContain(
      'an hour after the last move the sign-in is still awaitingLink: untilMs says how long to go on',
    );
  });

  it('where its engine waits for something that it does not know', async () => {
    const time = createVirtualTime();
    const { clock } = time;
    const emulator = createPlexEmulator({ clock, random: () => 0 });
    // It has no timer for anything, so that nothing ends what never ends.
    const still = { ...clock, setTimeout: () => 0 };
    const auth = createPlexAuth({ product: 'Test', clock: still, fetch: never as typeof fetch });
    const drive = await drivePlexAuth({ auth, time, emulator, start: true });
    await auth.dispose();
    expect(String(drive)).toContain(
      'nothing is left to happen, but the sign-in waits for something in real time',
    );
  });
});
