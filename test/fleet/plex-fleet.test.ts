import { describe, expect, it } from 'vitest';
import {
  createPlexFleet,
  type PlexFleet,
  type PlexFleetEvent,
  type PlexFleetOptions,
  type StartedFlow,
} from '../../src/fleet/index.ts';
import { createMemoryStore } from '../../src/testing/index.ts';
import { createVirtualFleet } from './virtual-fleet.ts';

function createSurroundings(options: Parameters<typeof createVirtualFleet>[0] = {}) {
  const world = createVirtualFleet(options);
  const { fleet, advance } = world;
  async function start(own: Parameters<PlexFleet['start']>[0] = {}, by = fleet): Promise<StartedFlow> {
    const starting = by.start(own);
    // Whoever awaits it below sees why it failed.
    starting.catch(() => {});
    await advance(100);
    return starting;
  }
  return { ...world, start };
}

/** Reads all events, and handles each at once. */
function readEvents(fleet: PlexFleet): PlexFleetEvent[] {
  const seen: PlexFleetEvent[] = [];
  void (async () => {
    for await (const event of fleet.events) seen.push(event);
  })();
  return seen;
}

/** Reads one event, and breaks off before it is handled. */
async function glanceAt(fleet: PlexFleet): Promise<PlexFleetEvent | undefined> {
  for await (const event of fleet.events) return event;
  return undefined;
}

describe('a flow of a fleet', () => {
  it('shows its code, and brings the token as one event', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    const seen = readEvents(fleet);
    const { id, code, authURL } = await start({ id: 'ada' });
    expect([id, authURL.includes(code)]).toEqual(['ada', true]);
    expect(fleet.getView('ada')).toMatchObject({ status: 'awaitingLink', code });
    await advance(60_000);
    expect(seen).toEqual([]);
    emulator.link(code);
    await advance(2000);
    expect(seen).toMatchObject([{ id: 'ada', view: { status: 'authenticated' }, changed: ['status'] }]);
    expect([fleet.load().flows, fleet.getView('ada')]).toEqual([0, undefined]);
  });

  it('asks at once after a check, before those that wait longer', async () => {
    const { fleet, emulator, advance } = createSurroundings();
    const seen = readEvents(fleet);
    const starting = Promise.all(Array.from({ length: 10 }, (_, index) => fleet.start({ id: `${index}` })));
    await advance(30_000);
    const flows = await starting;
    emulator.link(flows[7]?.code ?? '');
    expect(fleet.check('7')).toBe(true);
    await advance(1000);
    expect(seen).toMatchObject([{ id: '7', view: { status: 'authenticated' } }]);
    expect([fleet.check('7'), fleet.check('nobody')]).toEqual([false, false]);
  });

  it('that is cancelled says so, and still brings a token that was on its way', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    const seen = readEvents(fleet);
    const { code } = await start({ id: 'ada' });
    emulator.fault({ type: 'slow', delayMs: 3000 }, { operation: 'getToken' });
    emulator.link(code);
    await advance(1500);
    expect([fleet.cancel('ada'), fleet.cancel('ada')]).toEqual([true, false]);
    await advance(0);
    expect(seen).toMatchObject([{ view: { status: 'idle', reason: 'cancelled' } }]);
    await advance(5000);
    expect(seen.at(-1)).toMatchObject({ id: 'ada', view: { status: 'authenticated' } });
  });

  it('takes a token that comes after the time limit of its read', async () => {
    const { fleet, emulator, start, advance } = createSurroundings({ requestTimeoutMs: 1000 });
    const seen = readEvents(fleet);
    const { code } = await start({ id: 'ada' });
    emulator.fault({ type: 'stale', delayMs: 4000 }, { operation: 'getToken' });
    emulator.link(code);
    await advance(10_000);
    expect(seen.at(-1)).toMatchObject({ id: 'ada', view: { status: 'authenticated' } });
  });

  it('waits for a read that may hold the token, before it says that the code has ended', async () => {
    const { fleet, emulator, start, advance } = createSurroundings({
      requestTimeoutMs: 1000,
      plex: { readOnce: true },
    });
    const seen = readEvents(fleet);
    const { code } = await start({ id: 'ada' });
    emulator.fault({ type: 'stale', delayMs: 20_000 }, { operation: 'getToken' });
    emulator.link(code);
    await advance(40_000);
    const statuses = seen.filter(({ changed }) => changed.includes('status')).map(({ view }) => view.status);
    expect(statuses).toEqual(['authenticated']);
  });

  it('shows trouble and its end, each as one event', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    const seen = readEvents(fleet);
    await start({ id: 'ada' });
    emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 2 });
    await advance(20_000);
    expect(seen[0]).toMatchObject({ changed: ['lastError'], view: { lastError: { code: 'PLEX_NETWORK' } } });
    expect(seen.at(-1)).toMatchObject({ changed: ['lastError'], view: { status: 'awaitingLink' } });
    expect(seen.at(-1)?.view.lastError).toBeUndefined();
  });

  it('gets a new code where renewals are left, and then expires', async () => {
    const { fleet, start, advance } = createSurroundings({ renewals: 1 });
    const seen = readEvents(fleet);
    const { code } = await start({ id: 'ada' });
    await advance(31 * 60_000);
    expect(seen.map(({ view }) => view.status)).toEqual(['requestingPin', 'awaitingLink']);
    expect(seen[1]?.changed).toEqual(['status', 'code']);
    expect(seen[1]?.view.code).not.toBe(code);
    await advance(31 * 60_000);
    expect(seen.at(-1)).toMatchObject({ view: { status: 'expired', reason: 'pin' } });
    expect(fleet.load().flows).toBe(0);
  });

  it('ends at its limit', async () => {
    const { fleet, start, advance } = createSurroundings();
    const seen = readEvents(fleet);
    await start({ id: 'ada', giveUpAfterMs: 60_000 });
    await advance(62_000);
    expect(seen).toMatchObject([{ view: { status: 'expired', reason: 'limit' } }]);
  });

  it('does not start where Plex gives no PIN, and leaves nothing', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    emulator.fault({ type: 'status', status: 400 }, { operation: 'getPin' });
    await expect(start({ id: 'ada' })).rejects.toMatchObject({ code: 'PLEX_HTTP', status: 400 });
    emulator.fault({ type: 'reset' }, { operation: 'getPin', times: 100 });
    const starting = expect(start({ id: 'ada', giveUpAfterMs: 3000 })).rejects.toMatchObject({
      code: 'PLEX_EXPIRED',
    });
    await advance(10_000);
    await starting;
    expect(fleet.load().flows).toBe(0);
  });
});

describe('the budget of a client identifier', () => {
  it('is one request a second, in turns, and the lateness is reported', async () => {
    const { fleet, emulator, advance } = createSurroundings();
    const started = Promise.all(Array.from({ length: 20 }, (_, index) => fleet.start({ id: `${index}` })));
    // Each second turn is a read's.
    await advance(42_000);
    await started;
    const before = emulator.requests.length;
    await advance(60_000);
    const reads = emulator.requests.slice(before).map(({ path }) => path);
    expect(reads.length).toBeGreaterThan(58);
    expect(reads.length).toBeLessThan(63);
    expect(new Set(reads.slice(0, 20)).size).toBe(20);
    expect(reads.slice(20, 40)).toEqual(reads.slice(0, 20));
    expect(fleet.load().lateness.medianMs).toBeGreaterThan(10_000);
    expect(fleet.load().due).toBeGreaterThan(10);
  });

  it('holds nobody else up, and a 429 slows only who caused it', async () => {
    const { emulator, start, advance } = createSurroundings();
    await start({ clientIdentifier: 'one' });
    await start({ clientIdentifier: 'two' });
    emulator.fault({ type: 'rateLimited', retryAfter: 20 }, { operation: 'getToken' });
    const before = emulator.requests.length;
    await advance(15_000);
    const by = emulator.requests.slice(before).map(({ clientIdentifier }) => clientIdentifier);
    const counts = ['one', 'two']
      .map((name) => by.filter((other) => other === name).length)
      .sort((a, b) => a - b);
    expect(counts[0]).toBe(1);
    expect(counts[1]).toBeGreaterThan(12);
  });
});

describe('a fleet that is late', () => {
  it('reads each flow once more before its code ends', async () => {
    const { fleet, emulator, advance, clock } = createSurroundings();
    const seen = readEvents(fleet);
    const starting = Promise.all(Array.from({ length: 60 }, (_, index) => fleet.start({ id: `${index}` })));
    await advance(125_000);
    const flows = await starting;
    const approveAtMs = flows
      .map(({ expiresAtMs }) => expiresAtMs - 4000)
      .toSorted((one, other) => one - other);
    for (const atMs of approveAtMs) {
      await advance(Math.max(0, atMs - clock.now()));
      for (const { code, expiresAtMs } of flows) if (expiresAtMs - 4000 === atMs) emulator.link(code);
    }
    await advance(200_000);
    expect(seen.map(({ view }) => view.status)).toEqual(flows.map(() => 'authenticated'));
  });

  it('ends flows at their own limit, however long their requests wait', async () => {
    const { fleet, advance, clock } = createSurroundings();
    const ends: number[] = [];
    void (async () => {
      for await (const { view } of fleet.events) if (view.status === 'expired') ends.push(clock.now());
    })();
    for (let index = 0; index < 100; index++) void fleet.start({ giveUpAfterMs: 15 * 60_000 });
    const beganMs = clock.now();
    await advance(20 * 60_000);
    expect(ends).toHaveLength(100);
    expect(Math.max(...ends) - beganMs).toBeLessThan(17 * 60_000);
  });
});

describe('events', () => {
  it('come again where their handling broke off', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    const { code } = await start({ id: 'ada' });
    emulator.link(code);
    await advance(2000);
    expect(await glanceAt(fleet)).toMatchObject({ view: { status: 'authenticated' } });
    expect(fleet.load().flows).toBe(1);
    const seen = readEvents(fleet);
    await advance(0);
    expect(seen).toMatchObject([{ id: 'ada', view: { status: 'authenticated' }, changed: ['status'] }]);
    expect(fleet.load().flows).toBe(0);
  });

  it('keep a token that comes while an earlier event is handled, until its own event is handled', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    const { code } = await start({ id: 'ada' });
    const reader = fleet.events[Symbol.asyncIterator]();
    const trouble = reader.next();
    emulator.fault({ type: 'status', status: 503 }, { operation: 'getToken' });
    await advance(2000);
    expect(await trouble).toMatchObject({ value: { changed: ['lastError'] } });
    emulator.link(code);
    await advance(20_000);
    expect(await reader.next()).toMatchObject({ value: { view: { status: 'authenticated' } } });
    expect([fleet.load().flows, fleet.getView('ada')?.status]).toEqual([1, 'authenticated']);
    await reader.return?.();
    const seen = readEvents(fleet);
    await advance(0);
    expect(seen).toMatchObject([{ view: { status: 'authenticated' } }]);
    expect(fleet.load().flows).toBe(0);
  });

  it('keep a token that another reader takes, until he has handled it', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    const { code } = await start({ id: 'ada' });
    const first = fleet.events[Symbol.asyncIterator]();
    emulator.fault({ type: 'slow', delayMs: 3000 }, { operation: 'getToken' });
    emulator.link(code);
    await advance(1500);
    fleet.cancel('ada');
    expect(await first.next()).toMatchObject({ value: { view: { status: 'idle' } } });
    await advance(5000);
    expect(await glanceAt(fleet)).toMatchObject({ view: { status: 'authenticated' } });
    const second = fleet.events[Symbol.asyncIterator]();
    await second.next();
    void first.next();
    await advance(0);
    expect(fleet.getView('ada')).toMatchObject({ status: 'authenticated' });
    void second.next();
    await advance(0);
    expect(fleet.load().flows).toBe(0);
  });

  it('are one for each flow while nobody reads', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    const { code } = await start({ id: 'ada' });
    emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 5 });
    await advance(60_000);
    emulator.link(code);
    await advance(5000);
    const seen = readEvents(fleet);
    await advance(0);
    expect(seen).toMatchObject([{ view: { status: 'authenticated' }, changed: ['status'] }]);
  });

  it('end with the fleet, once all are read', async () => {
    const { fleet, emulator, start, advance } = createSurroundings();
    const { code } = await start({ id: 'ada' });
    emulator.link(code);
    await advance(2000);
    await fleet.dispose();
    const seen = [];
    for await (const event of fleet.events) seen.push(event);
    expect(seen).toMatchObject([{ view: { status: 'authenticated' } }]);
    await expect(fleet.start()).rejects.toThrow(/before dispose/);
  });
});

describe('a store', () => {
  it('lets the next fleet continue', async () => {
    const { fleet, emulator, start, advance, createFleet } = createSurroundings({
      store: createMemoryStore(),
    });
    const { code } = await start({ id: 'ada' });
    await fleet.dispose();
    const next = createFleet();
    const seen = readEvents(next);
    await advance(1000);
    expect(next.getView('ada')).toMatchObject({ status: 'awaitingLink', code });
    emulator.link(code);
    await advance(2000);
    expect(seen.at(-1)).toMatchObject({ id: 'ada', view: { status: 'authenticated' } });
    await next.dispose();
    const third = createFleet();
    await advance(0);
    expect(third.load().flows).toBe(0);
  });

  it('keeps a token until its event is handled', async () => {
    const store = createMemoryStore();
    const { fleet, emulator, start, advance, createFleet } = createSurroundings({ store });
    const { code } = await start({ id: 'ada' });
    emulator.link(code);
    await advance(2000);
    await glanceAt(fleet);
    await fleet.dispose();
    const next = createFleet();
    const seen = readEvents(next);
    await advance(0);
    expect(seen).toMatchObject([{ id: 'ada', view: { status: 'authenticated' } }]);
    await next.dispose();
    const values = await Promise.all(
      Array.from({ length: 64 }, (_, index) => store.getItem(`plex-auth-flow.fleet.${index}`)),
    );
    expect(JSON.stringify(values)).not.toContain('ada');
  });

  it('that cannot be read is said at once; nothing is lost', async () => {
    const store = { ...createMemoryStore(), getItem: () => Promise.reject(new Error('down')) };
    const { fleet, advance } = createSurroundings({ store });
    const starting = expect(fleet.start()).rejects.toMatchObject({ code: 'PLEX_STORE' });
    const reading = expect(glanceAt(fleet)).rejects.toMatchObject({ code: 'PLEX_STORE' });
    await advance(0);
    await Promise.all([starting, reading]);
  });

  it('that cannot be written shows as trouble; the sign-in continues', async () => {
    const store = { ...createMemoryStore(), setItem: () => Promise.reject(new Error('full')) };
    const { emulator, start, advance, fleet } = createSurroundings({ store });
    const seen = readEvents(fleet);
    const { code } = await start({ id: 'ada' });
    await advance(0);
    expect(seen[0]).toMatchObject({ view: { status: 'awaitingLink', lastError: { code: 'PLEX_STORE' } } });
    emulator.link(code);
    await advance(3000);
    expect(seen.some(({ view }) => view.status === 'authenticated')).toBe(true);
  });
});

describe('bad input', () => {
  it.each<[string, Partial<Record<keyof PlexFleetOptions, unknown>>, RegExp]>([
    ['product', { product: undefined }, /product must be given/],
    ['requestsPerSecond', { requestsPerSecond: 0 }, /requestsPerSecond must be a number above 0/],
    ['half a character in name', { name: 'cut\ud83d' }, /name must be a well-formed text that is not empty/],
    ['connections', { connections: 1.5 }, /connections must be an integer from 1 to 1000/],
    ['an unknown option', { pooling: 1 } as never, /pooling must be left out/],
  ])('%s is named when the fleet is made', (_name, options, message) => {
    expect(() => createPlexFleet({ product: 'Test', ...options } as PlexFleetOptions)).toThrow(message);
  });

  it('of start is named there', async () => {
    const { fleet, start } = createSurroundings({ clientIdentifier: undefined });
    await expect(fleet.start()).rejects.toThrow(/clientIdentifier must be given to the fleet or to start/);
    await expect(fleet.start({ clientIdentifier: 'x', id: '' })).rejects.toThrow(/id must be a text/);
    await expect(fleet.start({ giveUpAfterMs: -1, clientIdentifier: 'x' })).rejects.toThrow(/giveUpAfterMs/);
    await start({ id: 'ada', clientIdentifier: 'x' });
    await expect(fleet.start({ id: 'ada', clientIdentifier: 'x' })).rejects.toThrow(
      /id must be one that no flow has/,
    );
  });
});
