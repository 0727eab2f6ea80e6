import { describe, expect, it } from 'vitest';
import {
  createPlexFleet,
  type PlexFleet,
  type PlexFleetEvent,
  type PlexFleetOptions,
} from '../../src/fleet/index.ts';
import {
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  type PlexEmulatorOptions,
} from '../../src/testing/index.ts';

interface Surroundings extends Partial<PlexFleetOptions> {
  plex?: PlexEmulatorOptions;
}

function createSurroundings({ plex, ...options }: Surroundings = {}) {
  const time = createVirtualTime();
  const emulator = createPlexEmulator({ clock: time.clock, ...plex });
  const createFleet = (more: Partial<PlexFleetOptions> = {}) =>
    createPlexFleet({
      product: 'Test',
      clientIdentifier: 'fleet',
      fetch: emulator.fetch,
      clock: time.clock,
      random: () => 0,
      ...options,
      ...more,
    });
  const fleet = createFleet();
  const seen: PlexFleetEvent[] = [];
  void collect(fleet, seen);
  return { ...time, emulator, fleet, seen, createFleet };
}

async function collect(fleet: PlexFleet, seen: PlexFleetEvent[]): Promise<void> {
  for await (const event of fleet.events) seen.push(event);
}

describe('a fleet', () => {
  it('starts a flow, shows its code, and brings the token', async () => {
    const { fleet, emulator, seen, advance } = createSurroundings();
    const starting = fleet.start({ id: 'ada' });
    await advance(0);
    const { id, code, authURL } = await starting;
    expect([id, authURL.includes(code)]).toEqual(['ada', true]);
    expect(fleet.getView('ada')).toMatchObject({ status: 'awaitingLink', code });
    await advance(5000);
    expect(seen).toEqual([]);
    emulator.link(code);
    await advance(2000);
    expect(seen).toMatchObject([{ id: 'ada', view: { status: 'authenticated' }, changed: ['status'] }]);
    expect(fleet.load().flows).toBe(0);
    await fleet.dispose();
  });
  it('keeps to one request a second for one client identifier, in turns', async () => {
    const { fleet, emulator, advance } = createSurroundings();
    const started = Promise.all(Array.from({ length: 20 }, (_, index) => fleet.start({ id: `${index}` })));
    await advance(30_000);
    await started;
    const before = emulator.requests.length;
    await advance(60_000);
    expect(emulator.requests.length - before).toBeGreaterThan(58);
    expect(emulator.requests.length - before).toBeLessThan(63);
    const reads = emulator.requests.slice(before, before + 40).map(({ path }) => path);
    expect(new Set(reads.slice(0, 20)).size).toBe(20);
    expect(reads.slice(20)).toEqual(reads.slice(0, 20));
    expect(fleet.load().lateness.medianMs).toBeGreaterThan(10_000);
    await fleet.dispose();
  });
  it('continues after a restart', async () => {
    const store = createMemoryStore();
    const { fleet, emulator, advance, createFleet } = createSurroundings({ store });
    const starting = fleet.start({ id: 'ada' });
    await advance(100);
    const { code } = await starting;
    await fleet.dispose();
    const next = createFleet();
    const seen: PlexFleetEvent[] = [];
    void collect(next, seen);
    await advance(1000);
    emulator.link(code);
    await advance(2000);
    expect(seen.at(-1)).toMatchObject({ id: 'ada', view: { status: 'authenticated' } });
    await next.dispose();
  });
});
