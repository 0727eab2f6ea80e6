import { describe, expect, it } from 'vitest';
import { type Clock, createPlexAuth, type PlexAuthOptions } from '../../src/index.ts';
import { createPlexEmulator, createVirtualTime } from '../../src/testing/index.ts';
import {
  createShortLivedWorld,
  expectToken,
  hourMs,
  lastErrorIn,
  link,
  startFlow,
} from '../fixture/create-flow.ts';

describe('a clock that is set', () => {
  it.each([hourMs, -hourMs, 24 * hourMs, 31_000, -31_000])(
    'by %i ms between two reads neither ends the flow early nor late',
    async (jumpMs) => {
      const flow = startFlow({}, createShortLivedWorld(120_000));
      await flow.time.advance(1500);
      flow.clock.shiftMs = jumpMs;
      await flow.time.advance(120_000 - 10_000);
      expect(flow.status()).toMatch(/awaitingLink|fetchingToken/);
      expect(lastErrorIn(flow.auth)).toBeUndefined();
      await flow.time.advance(20_000);
      expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
      expect(flow.sent().length).toBeLessThan(2000);
    },
  );

  it.each([hourMs, -hourMs])('by %i ms shows the deadline by the new time', async (jumpMs) => {
    const flow = startFlow({}, createShortLivedWorld(120_000));
    await flow.time.advance(1500);
    flow.clock.shiftMs = jumpMs;
    await flow.time.advance(5000);
    const view = flow.auth.getSnapshot();
    const leftMs = 'expiresAtMs' in view ? view.expiresAtMs - flow.clock.now() : 0;
    expect(Math.abs(leftMs - (120_000 - 6500))).toBeLessThanOrEqual(2000);
  });

  it.each([hourMs, -hourMs])('by %i ms between two reads still brings the token', async (jumpMs) => {
    const flow = startFlow({}, createShortLivedWorld(120_000));
    await flow.time.advance(1500);
    flow.clock.shiftMs = jumpMs;
    const token = link(flow);
    await flow.time.advance(500);
    expectToken(flow, token);
  });

  it.each([hourMs, -hourMs])('by %i ms between each two reads never ends the flow early', async (jumpMs) => {
    const flow = startFlow({}, createShortLivedWorld(120_000));
    for (let seconds = 1; seconds < 60; seconds++) {
      await flow.time.advance(1000);
      flow.clock.shiftMs += jumpMs;
    }
    await flow.time.advance(10_000);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(0);
    expectToken(flow, token);
  });

  it.each([hourMs, -hourMs])(
    'by %i ms before the last read does not blame the client identifier',
    async (jumpMs) => {
      const flow = startFlow({}, createShortLivedWorld(120_000));
      await flow.time.advance(120_000 - 500);
      flow.clock.shiftMs = jumpMs;
      await flow.time.advance(hourMs);
      expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    },
  );

  it('never fools the limit of the caller into a flow without end', async () => {
    const flow = startFlow({ giveUpAfterMs: 60_000 });
    await flow.time.advance(1500);
    flow.clock.shiftMs = -hourMs;
    await flow.time.advance(2 * hourMs);
    expect(flow.status()).toBe('expired');
    expect(flow.time.timers).toBe(0);
  });
});

describe('a sleep', () => {
  /** The machine sleeps: its timers stand still while its clock, and the world, go on. */
  function createSleeper(options: Partial<PlexAuthOptions> = {}) {
    const world = createVirtualTime();
    const startMs = world.clock.now();
    const emulator = createPlexEmulator({ clock: world.clock });
    const machine = createVirtualTime();
    const clock: Clock = { ...machine.clock, now: () => world.clock.now() };
    const auth = createPlexAuth({
      product: 'Living Room',
      clientIdentifier: 'tv',
      clock,
      fetch: emulator.fetch,
      random: () => 0,
      ...options,
    });
    return {
      auth,
      emulator,
      timers: () => machine.timers,
      sent: () =>
        emulator.requests
          .filter(({ operation }) => operation === 'getToken')
          .map(({ atMs }) => Math.round(atMs - startMs)),
      sleep: (ms: number) => world.advance(ms),
      async wake(ms: number) {
        for (let pastMs = 0; pastMs < ms; pastMs += 100) {
          await world.advance(100);
          await machine.advance(100);
        }
      },
    };
  }

  it('through part of the wait goes on where it was', async () => {
    const { auth, emulator, sleep, wake } = createSleeper();
    auth.start();
    await wake(1500);
    await sleep(1_000_000);
    await wake(1000);
    const view = auth.getSnapshot();
    expect(view.status).toMatch(/awaitingLink|fetchingToken/);
    const token = emulator.link('code' in view ? view.code : '');
    await wake(6000);
    expect(auth.getSnapshot()).toHaveProperty('token');
    expect(token).toBeTypeOf('string');
  });

  it('through the deadline ends with one read, and without blame', async () => {
    const { auth, sleep, wake, sent, timers } = createSleeper();
    auth.start();
    await wake(1500);
    await sleep(hourMs);
    await wake(3000);
    expect(auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(sent()).toEqual([1000, hourMs + 2000]);
    expect(timers()).toBe(0);
  });

  it('through the deadline while the user approves still brings the token that Plex has', async () => {
    const { auth, emulator, sleep, wake } = createSleeper({ giveUpAfterMs: 60_000 });
    auth.start();
    await wake(1500);
    const view = auth.getSnapshot();
    await sleep(30_000);
    const token = emulator.link('code' in view ? view.code : '');
    await sleep(600_000);
    await wake(1000);
    const after = auth.getSnapshot();
    expect(after.status === 'authenticated' && after.token.reveal()).toBe(token);
  });

  it('through the deadline as the clock here has it still brings the token that Plex has', async () => {
    const flow = startFlow();
    await flow.time.advance(1500);
    const token = link(flow);
    flow.clock.shiftMs = hourMs;
    await flow.time.advance(500);
    expectToken(flow, token);
  });
});
