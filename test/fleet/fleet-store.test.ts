/** What a fleet's store does badly, and what outlives the process. */
import { describe, expect, it } from 'vitest';
import type { PlexFleet, PlexFleetOptions } from '../../src/fleet/index.ts';
import type { KeyValueStore } from '../../src/ports.ts';
import { createMemoryStore } from '../../src/testing/index.ts';
import { createVirtualFleet } from './virtual-fleet.ts';

/** A store that fails to write, or to read, while it is said to. */
function createFailingStore(): KeyValueStore & { fails: { reads: boolean; writes: boolean } } {
  const memory = createMemoryStore();
  const fails = { reads: false, writes: false };
  return {
    ...memory,
    fails,
    getItem: async (key) => (fails.reads ? Promise.reject(new Error('down')) : memory.getItem(key)),
    setItem: async (key, value) =>
      fails.writes ? Promise.reject(new Error('full')) : memory.setItem(key, value),
  };
}

function createSurroundings(options: Partial<PlexFleetOptions> = {}) {
  const store = createFailingStore();
  const world = createVirtualFleet({ plex: { readOnce: true }, store, ...options });

  /** Waits, and says what became of something by then. */
  async function outcomeAfter<Value>(ms: number, call: Promise<Value>): Promise<Value | string> {
    let outcome: Value | string = 'nothing';
    call.then(
      (value) => {
        outcome = value;
      },
      (error: Error) => {
        outcome = `${error.name}: ${error.message}`;
      },
    );
    await world.advance(ms);
    return outcome;
  }

  async function start(own: Parameters<PlexFleet['start']>[0]): Promise<string> {
    const started = await outcomeAfter(100, world.fleet.start(own));
    return typeof started === 'string' ? started : started.code;
  }

  return { ...world, store, start, outcomeAfter };
}

describe('a store that fails to write for a while', () => {
  it('has a token afterwards, also if it is back only when the fleet is disposed of', async () => {
    const { fleet, emulator, store, start, advance, createFleet } = createSurroundings();
    const code = await start({ id: 'ada' });
    store.fails.writes = true;
    emulator.link(code);
    await advance(90_000);
    store.fails.writes = false;
    await fleet.dispose();
    const next = createFleet();
    await advance(0);
    expect(next.getView('ada')).toMatchObject({ status: 'authenticated' });
  });

  it('has each flow afterwards, within a minute, although nothing else changes', async () => {
    const { store, start, advance, createFleet } = createSurroundings();
    store.fails.writes = true;
    const code = await start({ id: 'ada' });
    await advance(90_000);
    store.fails.writes = false;
    await advance(60_000);
    // The process was killed.
    const next = createFleet();
    await advance(0);
    expect(next.getView('ada')).toMatchObject({ status: 'awaitingLink', code });
  });

  it('is not asked any more once the fleet is disposed of', async () => {
    const { fleet, store, start, advance } = createSurroundings();
    store.fails.writes = true;
    await start({ id: 'ada' });
    await fleet.dispose();
    store.fails.writes = false;
    await advance(300_000);
    expect(JSON.stringify(await readAll(store))).not.toContain('ada');
  });
});

describe('a store that never answers a write', () => {
  it('shows no trouble of a flow whose end was handled: its id may belong to another start by then', async () => {
    const never = new Promise<void>(() => {});
    const memory = createMemoryStore();
    let isStuck = false;
    const { fleet, emulator, start, advance } = createSurroundings({
      requestTimeoutMs: 1000,
      store: { ...memory, setItem: (key, value) => (isStuck ? never : memory.setItem(key, value)) },
    });
    const shown: (string | undefined)[][] = [];
    void (async () => {
      for await (const { view } of fleet.events) shown.push([view.status, view.lastError?.code]);
    })();
    const code = await start({ id: 'ada' });
    isStuck = true;
    emulator.link(code);
    await advance(1500);
    await start({ id: 'ada' });
    isStuck = false;
    await advance(10_000);
    expect(shown.filter(([status]) => status === 'authenticated')).toEqual([['authenticated', undefined]]);
  });

  it('holds dispose up for twice the time limit, however much is to be written', async () => {
    const requestTimeoutMs = 1000;
    const never = new Promise<void>(() => {});
    const { fleet, advance, outcomeAfter } = createSurroundings({
      requestTimeoutMs,
      requestsPerSecond: 1000,
      store: { ...createMemoryStore(), setItem: () => never },
    });
    for (let index = 0; index < 50; index++) fleet.start({ id: `${index}` }).catch(() => {});
    await advance(1000);
    const disposal = fleet.dispose().then(() => 'over');
    expect(await outcomeAfter(4 * requestTimeoutMs, disposal)).toBe('over');
  });
});

describe('a store that could not be read at first', () => {
  it('is read again by the next start, which finds what is there', async () => {
    const { store, start, advance, createFleet, outcomeAfter } = createSurroundings();
    const code = await start({ id: 'ada' });
    store.fails.reads = true;
    const next = createFleet();
    expect(await outcomeAfter(0, next.start({ id: 'bob' }))).toMatch(
      /PlexAuthError: The store failed to read/,
    );
    store.fails.reads = false;
    expect(await outcomeAfter(2000, next.start({ id: 'bob' }))).toMatchObject({ id: 'bob' });
    await advance(0);
    expect(next.getView('ada')).toMatchObject({ status: 'awaitingLink', code });
  });

  it('is read again by the next reader of events', async () => {
    const { fleet, emulator, store, start, advance, createFleet, outcomeAfter } = createSurroundings();
    emulator.link(await start({ id: 'ada' }));
    await advance(2000);
    await fleet.dispose();
    store.fails.reads = true;
    const next = createFleet();
    const readOne = () => next.events[Symbol.asyncIterator]().next();
    expect(await outcomeAfter(0, readOne())).toMatch(/PlexAuthError: The store failed to read/);
    store.fails.reads = false;
    expect(await outcomeAfter(0, readOne())).toMatchObject({ value: { id: 'ada' } });
  });
});

describe('a start that waits for the flows of an earlier fleet', () => {
  function createSlowFleet() {
    const memory = createMemoryStore();
    const world = createSurroundings({
      store: {
        ...memory,
        async getItem(key) {
          await new Promise<void>((resolve) => world.clock.setTimeout(resolve, 1000));
          return memory.getItem(key);
        },
      },
    });
    return world;
  }

  it('can be cancelled', async () => {
    const { fleet, emulator, outcomeAfter } = createSlowFleet();
    const starting = fleet.start({ id: 'ada' });
    expect([fleet.cancel('bob'), fleet.cancel('ada'), fleet.cancel('ada')]).toEqual([false, true, false]);
    expect(await outcomeAfter(5000, starting)).toBe('AbortError: The flow was cancelled');
    expect([fleet.load().flows, emulator.requests.length]).toEqual([0, 0]);
  });

  it('rejects if the fleet is disposed of', async () => {
    const { fleet, emulator, outcomeAfter } = createSlowFleet();
    const starting = fleet.start({ id: 'ada' });
    void fleet.dispose();
    expect(await outcomeAfter(5000, starting)).toBe('AbortError: The fleet was disposed of');
    expect(emulator.requests.length).toBe(0);
  });
});

describe('the pause that Plex asked for', () => {
  it('is kept over a restart, for each client identifier that has one, also where its flow has no code yet', async () => {
    const { fleet, emulator, start, advance, clock, createFleet } = createSurroundings();
    await start({ id: 'ada', clientIdentifier: 'paused' });
    await start({ id: 'eve', clientIdentifier: 'free' });
    emulator.fault({ type: 'rateLimited', retryAfter: 60 }, { operation: 'getToken' });
    fleet.check('ada');
    emulator.fault({ type: 'rateLimited', retryAfter: 90 }, { operation: 'getPin' });
    fleet.start({ id: 'bob', clientIdentifier: 'starting' }).catch(() => {});
    await advance(1500);
    const pausedAtMs = clock.now();
    await fleet.dispose();

    const next = createFleet();
    const before = emulator.requests.length;
    next.start({ id: 'bob', clientIdentifier: 'starting' }).catch(() => {});
    await advance(100_000);
    const firstAfterMs = new Map<string, number>();
    for (const { clientIdentifier, atMs } of emulator.requests.slice(before))
      if (!firstAfterMs.has(`${clientIdentifier}`))
        firstAfterMs.set(`${clientIdentifier}`, atMs - pausedAtMs);
    expect(firstAfterMs.get('free')).toBeLessThan(2000);
    expect(firstAfterMs.get('paused')).toBeGreaterThan(55_000);
    expect(firstAfterMs.get('starting')).toBeGreaterThan(85_000);
  });
});

function readAll(store: KeyValueStore): Promise<unknown[]> {
  const keys = Array.from({ length: 64 }, (_, index) => `plex-auth-flow.fleet.${index}`);
  return Promise.all(keys.map((key) => store.getItem(key)));
}
