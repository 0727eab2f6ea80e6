import { describe, expect, it } from 'vitest';
import type { FaultScope, PlexEmulatorOptions } from '../../src/testing/index.ts';
import {
  createFlow,
  createWorld,
  expectToken,
  type Flow,
  halfAnHourMs,
  hourMs,
  link,
  startFlow,
} from '../fixture/create-flow.ts';

/** A plex.tv whose PINs live ten seconds. */
const tenSeconds: PlexEmulatorOptions = { lifetimeMs: { strong: 10_000, short: 10_000 } };

const always: FaultScope = { operation: 'getToken', times: Number.POSITIVE_INFINITY };

/** Runs something at a moment from now, before what else falls due then. */
function at({ time }: Flow, ms: number, run: () => void): void {
  time.clock.setTimeout(run, ms);
}

describe('the deadline', () => {
  it('is reached with a read at that very moment', async () => {
    const flow = startFlow({}, createWorld({ lifetimeMs: { strong: 7600 } }));
    await flow.time.advance(hourMs);
    // Plex counts in whole seconds: it said 7.
    expect(flow.sent()).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('cuts the wait before it short', async () => {
    const flow = startFlow({ polling: { intervalMs: 4000 } }, createWorld(tenSeconds));
    await flow.time.advance(hourMs);
    expect(flow.sent()).toEqual([4000, 8000, 9000, 10_000]);
  });

  it.each([999, 500, 1])('lets the last read decide: approved %i ms before it', async (beforeMs) => {
    const flow = startFlow(
      { polling: { intervalMs: 4000 } },
      createWorld({ lifetimeMs: { strong: 10_500 } }),
    );
    await flow.time.advance(10_000 - beforeMs);
    const token = link(flow);
    await flow.time.advance(beforeMs);
    expect(flow.sent()).toEqual([4000, 8000, 9000, 10_000]);
    expectToken(flow, token);
  });

  it('lets the last read decide: approved in that very moment', async () => {
    const flow = createFlow({}, createWorld({ lifetimeMs: { strong: 10_500 } }));
    let token = '';
    at(flow, 10_000, () => {
      token = link(flow);
    });
    flow.auth.start();
    await flow.time.advance(11_000);
    expectToken(flow, token);
  });

  it.each([4900, 3000, 2001])(
    'brings what is approved %i ms before the end of half an hour, by itself',
    async (beforeMs) => {
      const flow = startFlow();
      await flow.time.advance(halfAnHourMs - beforeMs);
      const token = link(flow);
      await flow.time.advance(beforeMs);
      expectToken(flow, token);
    },
  );

  it('in the last second of half an hour, a check brings what a poll would miss', async () => {
    const flow = startFlow();
    await flow.time.advance(halfAnHourMs - 1);
    const token = link(flow);
    flow.auth.check();
    await flow.time.advance(0);
    expectToken(flow, token);
  });

  it('never aborts a read: one that is out across it brings the token', async () => {
    const flow = startFlow({}, createWorld(tenSeconds));
    await flow.time.advance(8500);
    const token = link(flow);
    flow.emulator.fault({ type: 'stale', delayMs: 12_000 }, { operation: 'getToken' });
    await flow.time.advance(12_000);
    expect([flow.status(), flow.emulator.pending]).toEqual(['fetchingToken', 1]);
    await flow.time.advance(1000);
    expectToken(flow, token);
    expect(flow.sent().at(-1)).toBe(9000);
  });

  it('never aborts a read: one that is out across it and says "not yet" ends the flow', async () => {
    const flow = startFlow({}, createWorld(tenSeconds));
    await flow.time.advance(8500);
    flow.emulator.fault({ type: 'stale', delayMs: 12_000 }, { operation: 'getToken' });
    await flow.time.advance(12_000);
    expect(flow.status()).toBe('fetchingToken');
    await flow.time.advance(1000);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('is not reached by failing reads alone: the third past it ends the flow', async () => {
    const flow = startFlow({}, createWorld(tenSeconds));
    await flow.time.advance(9500);
    flow.emulator.fault({ type: 'status', status: 500 }, always);
    await flow.time.advance(hourMs);
    expect(flow.sent().slice(-4)).toEqual([9000, 10_000, 11_000, 13_000]);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'expired',
      reason: 'pin',
      lastError: { code: 'PLEX_HTTP', status: 500 },
    });
    expect(flow.time.timers).toBe(0);
  });

  it('passes while reads fail, and the first that succeeds still brings the token', async () => {
    const flow = startFlow({}, createWorld({ lifetimeMs: { strong: 10_999 } }));
    await flow.time.advance(9500);
    const token = link(flow);
    flow.emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 2 });
    await flow.time.advance(500);
    flow.auth.check();
    await flow.time.advance(0);
    expectToken(flow, token);
  });

  it('is counted by Plex, not by the time of day that Plex tells', async () => {
    for (const offsetMs of [-hourMs, hourMs]) {
      const flow = createFlow();
      flow.emulator.fault({ type: 'clockOffset', offsetMs });
      flow.auth.start();
      await flow.time.advance(hourMs);
      expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
      expect(flow.sent().at(-1)).toBe(halfAnHourMs);
    }
  });
});
