/** The line of those who wait for a code: before the reads of their client identifier, and at its even pace. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPlexFleet, type PlexFleetOptions, type StartedFlow } from '../../src/fleet/index.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';
import { runsOf } from '../whole/properties/seed.ts';

interface SentRequest {
  readonly type: 'start' | 'read';
  readonly atMs: number;
  /** When its answer asked to wait, and for how long. */
  readonly answeredAtMs?: number;
  readonly pauseMs?: number;
}

/** A timer may fire a little early. */
const toleranceMs = 10;

function createSurroundings(options: Partial<PlexFleetOptions> = {}) {
  const time = createVirtualTime();
  const { clock } = time;
  const emulator = createPlexEmulator({ clock });
  const requests: SentRequest[] = [];
  const fleet = createPlexFleet({
    product: 'Test',
    clientIdentifier: 'bot',
    clock,
    random: () => 0,
    async fetch(input, init) {
      const index = requests.length;
      const request = { type: init?.method === 'POST' ? 'start' : 'read', atMs: clock.now() } as const;
      requests.push(request);
      const answer = await emulator.fetch(input, init);
      const pauseMs = Number(answer.headers.get('Retry-After')) * 1000;
      if (pauseMs > 0) requests[index] = { ...request, answeredAtMs: clock.now(), pauseMs };
      return answer;
    },
    ...options,
  });

  /** Starts so many flows. @returns When each has its code, in milliseconds after this call. */
  function start(count: number): number[] {
    const beganMs = clock.now();
    const took: number[] = [];
    for (let index = 0; index < count; index++)
      void fleet.start().then(
        (_: StartedFlow) => took.push(clock.now() - beganMs),
        () => {},
      );
    return took;
  }

  /** A fleet in which this many flows wait for their turn. */
  async function fill(count: number): Promise<void> {
    start(count);
    await time.advance(2.2 * count * 1000);
    while (fleet.load().due < count / 2) await time.advance(1000);
  }

  return { ...time, emulator, fleet, requests, start, fill };
}

function gapsOf(requests: readonly SentRequest[]): number[] {
  return requests.slice(1).map(({ atMs }, index) => atMs - (requests[index] as SentRequest).atMs);
}

describe('a start', () => {
  it('goes before all reads that are due', async () => {
    const { start, fill, advance } = createSurroundings();
    await fill(60);
    const took = start(1);
    await advance(10_000);
    expect(took).toEqual([expect.any(Number)]);
    expect(took[0]).toBeLessThanOrEqual(1100);
  });

  it('takes every second turn at the most, so that reads go on while starts keep coming', async () => {
    const { start, fill, advance, requests } = createSurroundings();
    await fill(30);
    const before = requests.length;
    start(20);
    await advance(30_000);
    const types = requests.slice(before).map(({ type }) => type);
    const turns = ['start', 'read', 'start', 'read', 'start', 'read', 'start', 'read'];
    expect([types.slice(0, 8), types.slice(20, 28)]).toEqual([turns, turns]);
  });

  it('is sent at the even pace also where hinted reads ran ahead of it', async () => {
    const { fleet, start, advance, fill, requests } = createSurroundings();
    await fill(10);
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const hinted = ids.map((id) => fleet.start({ id }));
    await advance(30_000);
    await Promise.all(hinted);
    const before = requests.length;
    for (const id of ids) fleet.check(id);
    await advance(200);
    expect(requests.length - before).toBeGreaterThan(2);
    const took = start(3);
    for (const id of ids) fleet.check(id);
    await advance(20_000);
    expect(took[0]).toBeLessThanOrEqual(1100);
    const after = requests.slice(before);
    const aroundStarts = after.flatMap(({ type, atMs }, index) => {
      const [earlier, later] = [after[index - 1], after[index + 1]];
      return type === 'start' && earlier && later ? [atMs - earlier.atMs, later.atMs - atMs] : [];
    });
    expect(aroundStarts).toHaveLength(6);
    expect(Math.min(...aroundStarts)).toBeGreaterThanOrEqual(1000 - toleranceMs);
  });

  it('lets every flow be read once more before its code ends, although starts keep coming', async () => {
    const { fleet, emulator, start, advance, clock } = createSurroundings();
    const ends: string[] = [];
    void (async () => {
      for await (const { view } of fleet.events) ends.push(view.status);
    })();
    const starting = Promise.all(Array.from({ length: 30 }, () => fleet.start()));
    await advance(100_000);
    const flows = await starting;
    const lastMs = Math.max(...flows.map(({ expiresAtMs }) => expiresAtMs));
    const approvedAtMs = Math.min(...flows.map(({ expiresAtMs }) => expiresAtMs)) - 70_000;
    while (clock.now() < lastMs + 10_000) {
      await advance(1000);
      if (clock.now() > approvedAtMs) start(1);
      for (const { code, expiresAtMs } of flows)
        if (
          clock.now() > expiresAtMs - 4000 &&
          emulator.pins.some((pin) => pin.code === code && pin.state === 'waiting')
        )
          emulator.link(code);
    }
    expect(ends.filter((end) => end === 'authenticated')).toHaveLength(30);
  });
});

type Happening =
  | { readonly type: 'start'; readonly count: number }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'throttle'; readonly operation: 'getPin' | 'getToken'; readonly retryAfter: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant('start' as const), count: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ type: fc.constant('pass' as const), ms: fc.nat({ max: 20_000 }) }),
  fc.record({
    type: fc.constant('throttle' as const),
    operation: fc.constantFrom('getPin' as const, 'getToken' as const),
    retryAfter: fc.integer({ min: 1, max: 20 }),
  }),
);

describe('the pace of a client identifier', () => {
  it('is even, however starts and reads mix, and a pause holds for both', { timeout: 60_000 }, async () => {
    let starts = 0;
    const property = fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 25 }),
      fc.constantFrom(1, 2, 5),
      async (happenings, requestsPerSecond) => {
        const { fleet, emulator, requests, start, advance } = createSurroundings({ requestsPerSecond });
        for (const next of happenings) {
          if (next.type === 'start') start(next.count);
          if (next.type === 'pass') await advance(next.ms);
          if (next.type === 'throttle')
            emulator.fault(
              { type: 'rateLimited', retryAfter: next.retryAfter },
              { operation: next.operation },
            );
          await advance(0);
        }
        await advance(60_000);
        await fleet.dispose();
        const leastMs = 1000 / requestsPerSecond - toleranceMs;
        expect(gapsOf(requests).filter((gapMs) => gapMs < leastMs)).toEqual([]);
        for (const { answeredAtMs = 0, pauseMs = 0 } of requests.filter((one) => one.pauseMs)) {
          const tooSoon = requests.filter(({ atMs }) => atMs > answeredAtMs && atMs < answeredAtMs + pauseMs);
          expect(tooSoon).toEqual([]);
        }
        starts += requests.filter(({ type }) => type === 'start').length;
      },
    );
    await fc.assert(property, runsOf(30));
    expect(starts).toBeGreaterThan(30);
  });
});
