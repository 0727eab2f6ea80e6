import { describe, expect, it } from 'vitest';
import type { Fetch, PlexAuthOptions } from '../../src/index.ts';
import { codeIn, createFlow, createWorld, hourMs, tokenIn } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

async function pass(microtasks: number): Promise<void> {
  for (let left = microtasks; left > 0; left--) await Promise.resolve();
}

describe('a token whose answer is in', () => {
  /** A flow with an answer that is at the door: plex.tv has handed the token out and will not do so again. */
  async function createRace(options: Partial<PlexAuthOptions> = {}) {
    const world = createWorld({ readOnce: true });
    const doors: (() => void)[] = [];
    let isHolding = false;
    const fetch: Fetch = async (input, init) => {
      const response = await world.emulator.fetch(input, isHolding ? { ...init, signal: null } : init);
      if (isHolding) await new Promise<void>((resolve) => doors.push(resolve));
      return response;
    };
    const credentials = createRecordingStore();
    const flow = createFlow({ fetch, credentials, ...options }, world);
    flow.auth.start();
    await flow.time.advance(500);
    const token = flow.emulator.link(codeIn(flow.auth));
    isHolding = true;
    flow.auth.check();
    await flow.time.advance(100);
    expect(doors).toHaveLength(1);
    isHolding = false;
    return { ...flow, credentials, token, answer: () => doors[0]?.() };
  }
  type Race = Awaited<ReturnType<typeof createRace>>;

  const orders: [string, (race: Race, end: () => void) => void][] = [
    [
      'just before',
      ({ answer }, end) => {
        answer();
        end();
      },
    ],
    [
      'just after',
      ({ answer }, end) => {
        end();
        answer();
      },
    ],
  ];

  it.each(orders)('%s a cancel is not dropped', async (_name, run) => {
    const credentials = createRecordingStore();
    const race = await createRace({ credentials });
    run(race, () => race.auth.cancel());
    await race.time.advance(100);
    expect(tokenIn(race.auth)).toBe(race.token);
    expect([...credentials.items.values()].join()).toContain(race.token);
    expect(race.time.timers).toBe(0);
  });

  it.each(orders)('%s a cancel and a new start is not dropped', async (_name, run) => {
    const race = await createRace();
    run(race, () => {
      race.auth.cancel();
      race.auth.start();
    });
    await race.time.advance(100);
    expect(tokenIn(race.auth)).toBe(race.token);
  });

  it.each(orders)('%s a dispose is kept for the next life', async (_name, run) => {
    const [store, credentials] = [createRecordingStore(), createRecordingStore()];
    const race = await createRace({ store, credentials });
    run(race, () => race.auth.dispose());
    await race.time.advance(100);
    expect(store.items.size).toBe(0);
    const next = createFlow({ store, credentials }, race);
    await next.time.advance(100);
    expect(tokenIn(next.auth)).toBe(race.token);
  });

  /** How an application ends a flow, and where the token must be afterwards. */
  const ends: [name: string, end: (race: Race) => void, keptToken: (race: Race) => Promise<string>][] = [
    ['a cancel', ({ auth }) => auth.cancel(), async ({ auth }) => tokenIn(auth)],
    [
      'a cancel and a new start',
      ({ auth }) => {
        auth.cancel();
        auth.start();
      },
      async ({ auth }) => tokenIn(auth),
    ],
    [
      'a dispose',
      ({ auth }) => void auth.dispose(),
      async (race) => {
        const next = createFlow({ credentials: race.credentials }, race);
        await race.time.advance(100);
        return tokenIn(next.auth);
      },
    ],
  ];

  // The window in which only the abort listener keeps the token is two microtasks wide, and moves with the code between.
  describe.each(ends)('survives %s', (_name, end, keptToken) => {
    async function lossesIn(meet: (race: Race, microtasks: number) => Promise<void>): Promise<unknown[]> {
      const losses: unknown[] = [];
      for (let microtasks = 0; microtasks < 60; microtasks++) {
        const race = await createRace();
        await meet(race, microtasks);
        await race.time.advance(100);
        const kept = await keptToken(race).catch(String);
        const isStored = [...race.credentials.items.values()].join().includes(race.token);
        if (kept !== race.token || !isStored) losses.push({ microtasks, kept, isStored });
        await race.auth.dispose();
      }
      return losses;
    }

    it('that comes 0 to 59 microtasks after the answer', async () => {
      const losses = await lossesIn(async (race, microtasks) => {
        race.answer();
        await pass(microtasks);
        end(race);
      });
      expect(losses).toEqual([]);
    });

    it('that comes just before the answer, or 1 to 59 microtasks before it while no other PIN is there', async () => {
      const losses = await lossesIn(async (race, microtasks) => {
        end(race);
        for (let left = microtasks; left > 0 && race.emulator.pins.length === 1; left--)
          await Promise.resolve();
        race.answer();
      });
      expect(losses).toEqual([]);
    });
  });

  it('that is "not yet" brings nobody back after a cancel', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'stale', delayMs: 300 }, { operation: 'getToken' });
    flow.auth.start();
    await flow.time.advance(1100);
    flow.auth.cancel();
    await flow.time.advance(hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'cancelled' });
  });
});
