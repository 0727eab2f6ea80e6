import { describe, expect, it } from 'vitest';
import type { PlexEmulatorOptions } from '../../src/testing/index.ts';
import { createFlow, createWorld, hourMs, lastErrorIn, startFlow } from '../fixture/create-flow.ts';

/** A plex.tv whose PINs live ten seconds. */
const tenSeconds: PlexEmulatorOptions = { lifetimeMs: { strong: 10_000, short: 10_000 } };

describe('Retry-After', () => {
  it('is kept, even against a check', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 30 }, { operation: 'getToken' });
    await flow.time.advance(5000);
    for (let count = 0; count < 100; count++) flow.auth.check();
    await flow.time.advance(25_999);
    expect(flow.sent()).toEqual([1000]);
    expect(lastErrorIn(flow.auth)).toMatchObject({ code: 'PLEX_RATE_LIMITED', retryAfterMs: 30_000 });
    await flow.time.advance(1);
    expect(flow.sent()).toEqual([1000, 31_000]);
    expect(lastErrorIn(flow.auth)).toBeUndefined();
  });

  it('is kept before the PIN, even against a check', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 60 }, { operation: 'getPin' });
    flow.auth.start();
    await flow.time.advance(100);
    flow.auth.check();
    await flow.time.advance(100_000);
    expect(flow.sent('getPin')).toEqual([0, 60_000]);
  });

  it('is kept past the deadline by up to a minute', async () => {
    const flow = startFlow({}, createWorld(tenSeconds));
    await flow.time.advance(8500);
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 61 }, { operation: 'getToken' });
    await flow.time.advance(hourMs);
    expect(flow.sent().slice(-2)).toEqual([9000, 70_000]);
    expect(flow.auth.getSnapshot()).toMatchObject({ status: 'expired', reason: 'pin' });
  });

  it('that goes further fails the flow at once', async () => {
    const flow = startFlow({}, createWorld(tenSeconds));
    await flow.time.advance(8500);
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 62 }, { operation: 'getToken' });
    await flow.time.advance(500);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_RATE_LIMITED', retryAfterMs: 62_000 },
    });
    expect(flow.time.timers).toBe(0);
  });

  it('of more than a minute before there is a PIN fails the flow at once', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 61 }, { operation: 'getPin' });
    flow.auth.start();
    await flow.time.advance(0);
    expect(flow.auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_RATE_LIMITED' } });
  });

  it('beyond the limit of the caller fails the flow at once', async () => {
    const flow = startFlow({ giveUpAfterMs: 10_000 });
    flow.emulator.fault({ type: 'rateLimited', retryAfter: 10 }, { operation: 'getToken' });
    await flow.time.advance(1000);
    expect(flow.auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_RATE_LIMITED' } });
  });

  it('that is missing, nothing or nonsense means 5 seconds', async () => {
    for (const retryAfter of [undefined, 0, 'soon', '-1']) {
      const flow = startFlow();
      const fault = { type: 'rateLimited', ...(retryAfter !== undefined && { retryAfter }) } as const;
      flow.emulator.fault(fault, { operation: 'getToken' });
      await flow.time.advance(3000);
      flow.auth.check();
      await flow.time.advance(3500);
      expect(flow.sent()).toEqual([1000, 6000]);
    }
  });

  it('is kept by a plex.tv that really counts', async () => {
    const flow = startFlow({}, createWorld({ rateLimit: { requests: 5, perMs: 60_000 } }));
    await flow.time.advance(130_000);
    expect(flow.sent().slice(0, 6)).toEqual([1000, 2000, 3000, 4000, 5000, 60_000]);
    const refused = flow.emulator.requests.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(2);
  });
});
