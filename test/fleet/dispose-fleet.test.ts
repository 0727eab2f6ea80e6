import { describe, expect, it } from 'vitest';
import { createPlexFleet, type PlexFleetOptions } from '../../src/fleet/index.ts';
import { createMemoryStore } from '../../src/testing/index.ts';
import { createVirtualFleet } from './virtual-fleet.ts';

const requestTimeoutMs = 1000;

async function createSurroundings(options: Partial<PlexFleetOptions> = {}) {
  const world = createVirtualFleet({ plex: { readOnce: true }, requestTimeoutMs, ...options });
  const { fleet, emulator, advance } = world;
  const statuses: string[] = [];
  const reading = (async () => {
    for await (const { view } of fleet.events) statuses.push(view.status);
    statuses.push('over');
  })();

  /** Lets the read with the token reach its time limit. The token comes `delayMs` after the read began. */
  async function approveLate(delayMs: number): Promise<void> {
    const starting = fleet.start({ id: 'ada' });
    await advance(100);
    const { code } = await starting;
    emulator.fault({ type: 'stale', delayMs }, { operation: 'getToken' });
    emulator.link(code);
    const before = emulator.requests.length;
    while (emulator.requests.length === before) await advance(100);
    await advance(requestTimeoutMs + 200);
  }

  /** Disposes of the fleet. @returns Whether that has ended yet. */
  function dispose(): { isOver: boolean } {
    const state = { isOver: false };
    void fleet.dispose().then(() => {
      state.isOver = true;
    });
    return state;
  }

  return { ...world, statuses, reading, approveLate, dispose };
}

describe('dispose', () => {
  it('waits for a token that comes after the time limit, and stores it', async () => {
    const memory = createMemoryStore();
    const written: string[] = [];
    const { advance, clock, approveLate, dispose } = await createSurroundings({
      store: {
        ...memory,
        async setItem(_key, value) {
          await new Promise<void>((resolve) => clock.setTimeout(resolve, 300));
          written.push(String(value));
        },
      },
    });
    await approveLate(2000);
    const disposal = dispose();
    await advance(500);
    expect(disposal.isOver).toBe(false);
    // The token comes, and its write begins.
    await advance(450);
    expect([disposal.isOver, written.some((text) => text.includes('"token"'))]).toEqual([false, false]);
    await advance(700);
    expect([disposal.isOver, written.some((text) => text.includes('"token"'))]).toEqual([true, true]);
  });

  it('gives such a token to whoever still reads, without a store too', async () => {
    const { fleet, advance, statuses, reading, approveLate } = await createSurroundings();
    await approveLate(2000);
    const disposing = fleet.dispose();
    await advance(1000);
    await disposing;
    await reading;
    expect(statuses.slice(-2)).toEqual(['authenticated', 'over']);
  });

  it('waits for an answer that never comes until the time limit has passed once more', async () => {
    const { advance, approveLate, dispose } = await createSurroundings();
    await approveLate(100_000);
    const disposal = dispose();
    await advance(requestTimeoutMs - 100);
    expect(disposal.isOver).toBe(false);
    await advance(200);
    expect(disposal.isOver).toBe(true);
  });

  it('sends nothing more, not even what only waits for a connection', async () => {
    const { fleet, emulator, advance } = await createSurroundings({ connections: 1 });
    const ids = ['ada', 'bob', 'cyd'];
    const starting = Promise.all(ids.map((id) => fleet.start({ id, clientIdentifier: id })));
    await advance(100);
    await starting;
    emulator.fault({ type: 'slow', delayMs: 900 }, { operation: 'getToken', times: 100 });
    while (fleet.load().due < 2) await advance(100);
    const before = emulator.requests.length;
    const disposing = fleet.dispose();
    await advance(5000);
    await disposing;
    expect(emulator.requests.length).toBe(before);
  });

  it('gives a code to the start whose request is on its way, if the next fleet continues with it', async () => {
    const store = createMemoryStore();
    const { fleet, emulator, advance, createFleet } = await createSurroundings({ store });
    emulator.fault({ type: 'slow', delayMs: 500 }, { operation: 'getPin' });
    const [sent, queued] = ['ada', 'bob'].map((id) => fleet.start({ id }));
    const refused = expect(queued).rejects.toMatchObject({ name: 'AbortError' });
    await advance(100);
    const disposing = fleet.dispose();
    await refused;
    await advance(1000);
    expect(await sent).toMatchObject({ id: 'ada', code: emulator.pins[0]?.code });
    await disposing;
    const next = createFleet();
    await advance(0);
    expect([next.getView('ada')?.status, next.load().flows]).toEqual(['awaitingLink', 1]);
  });

  it('refuses such a start where Plex fails, and where nothing is stored', async () => {
    const { fleet, emulator, advance } = await createSurroundings({ store: createMemoryStore() });
    emulator.fault({ type: 'reset' }, { operation: 'getPin', times: 9 });
    const failing = expect(fleet.start()).rejects.toMatchObject({ name: 'AbortError' });
    await advance(0);
    const disposing = fleet.dispose();
    await advance(3000);
    await Promise.all([failing, disposing]);
    const other = await createSurroundings();
    other.emulator.fault({ type: 'slow', delayMs: 500 }, { operation: 'getPin' });
    const starting = expect(other.fleet.start()).rejects.toMatchObject({ name: 'AbortError' });
    await other.advance(100);
    const ending = other.fleet.dispose();
    await starting;
    await other.advance(3000);
    await Promise.all([ending, other.reading]);
    expect([other.statuses, other.fleet.load().flows]).toEqual([['over'], 0]);
  });

  it('can be called twice, with a read in flight too, and after it has ended', async () => {
    const { fleet, emulator, advance } = await createSurroundings();
    const starting = fleet.start({ id: 'ada' });
    await advance(100);
    await starting;
    emulator.fault({ type: 'slow', delayMs: 800 }, { operation: 'getToken' });
    while (fleet.load().inFlight === 0) await advance(100);
    const both = Promise.all([fleet.dispose(), fleet.dispose()]);
    await advance(1000);
    await both;
    await fleet.dispose();
    const pooled = createPlexFleet({ product: 'Test' });
    await pooled.dispose();
    await pooled.dispose();
  });
});
