/** The limit of a flow counts the time in which its requests wait for their turn. */
import { describe, expect, it } from 'vitest';
import type { PlexFleetOptions } from '../../src/fleet/index.ts';
import { createVirtualFleet } from './virtual-fleet.ts';

function createSurroundings({
  lifetimeMs = 1_800_000,
  ...options
}: Partial<PlexFleetOptions> & { lifetimeMs?: number } = {}) {
  const world = createVirtualFleet({ plex: { lifetimeMs: { strong: lifetimeMs } }, ...options });
  const { fleet, clock } = world;
  const ends = new Map<string, { reason: string | undefined; atMs: number }>();
  void (async () => {
    for await (const { id, view } of fleet.events)
      if (view.status === 'expired') ends.set(id, { reason: view.reason, atMs: clock.now() });
  })();
  return { ...world, ends };
}

/** Makes Plex ask this client identifier to wait, so that whatever is due stays in the queue. */
async function throttle(
  { emulator, fleet, advance }: ReturnType<typeof createSurroundings>,
  seconds: number,
) {
  const starting = fleet.start({ id: 'first' });
  await advance(100);
  await starting;
  emulator.fault({ type: 'rateLimited', retryAfter: seconds }, { operation: 'getToken' });
  await advance(3000);
}

describe('the limit of a flow', () => {
  it('ends a start while it waits for its turn: nothing is sent', async () => {
    const world = createSurroundings();
    const { fleet, emulator, advance, clock } = world;
    await throttle(world, 100);
    const before = emulator.requests.length;
    const beganMs = clock.now();
    let endedAtMs = 0;
    const starting = fleet.start({ id: 'ada', giveUpAfterMs: 20_000 });
    const refused = expect(
      starting.finally(() => {
        endedAtMs = clock.now();
      }),
    ).rejects.toMatchObject({ code: 'PLEX_EXPIRED', message: 'The limit ran out before Plex gave a PIN' });
    await advance(19_900);
    expect(fleet.getView('ada')?.status).toBe('requestingPin');
    await advance(10_000);
    await refused;
    expect(endedAtMs - beganMs).toBeLessThan(20_100);
    expect([emulator.requests.length - before, fleet.getView('ada'), fleet.load().due]).toEqual([
      0,
      undefined,
      0,
    ]);
  });

  it('is what is left of it once the PIN is there, however long the start waited', async () => {
    const world = createSurroundings();
    const { fleet, advance, clock, ends } = world;
    await throttle(world, 100);
    const beganMs = clock.now();
    const starting = fleet.start({ id: 'ada', giveUpAfterMs: 110_000 });
    await advance(105_000);
    expect(await starting).toMatchObject({ id: 'ada' });
    await advance(15_000);
    expect(ends.get('ada')).toMatchObject({ reason: 'limit' });
    expect((ends.get('ada')?.atMs ?? 0) - beganMs).toBeLessThan(114_000);
  });

  it('counts the time in the queue before a read that fails', async () => {
    const { fleet, emulator, advance, clock, ends } = createSurroundings({ requestsPerSecond: 0.01 });
    const beganMs = clock.now();
    const starting = fleet.start({ id: 'ada', giveUpAfterMs: 250_000 });
    await advance(100);
    await starting;
    // Two reads, on both of Plex's hosts.
    emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 4 });
    await advance(450_000);
    expect((ends.get('ada')?.atMs ?? Infinity) - beganMs).toBeLessThan(310_000);
  });

  it('ends a renewal that waits for its turn', async () => {
    const { fleet, advance, clock, ends } = createSurroundings({
      renewals: 1,
      requestsPerSecond: 0.1,
      lifetimeMs: 120_000,
    });
    const beganMs = clock.now();
    const starting = fleet.start({ id: 'ada', giveUpAfterMs: 170_000 });
    await advance(30_000);
    await starting;
    for (const id of ['bob', 'cyd', 'dan', 'eve']) void fleet.start({ id });
    await advance(200_000);
    expect(ends.get('ada')).toMatchObject({ reason: 'limit' });
    expect((ends.get('ada')?.atMs ?? 0) - beganMs).toBeLessThan(170_100);
  });
});
