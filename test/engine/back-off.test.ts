import { describe, expect, it } from 'vitest';
import type { Fault, FaultScope } from '../../src/testing/index.ts';
import { createFlow, hourMs, lastErrorIn, startFlow } from '../fixture/create-flow.ts';

const always: FaultScope = { operation: 'getToken', times: Number.POSITIVE_INFINITY };

describe('a back-off', () => {
  it('waits 1, 2, 4, 8 and then 10 seconds', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'status', status: 500 }, always);
    await flow.time.advance(40_000);
    expect(flow.sent()).toEqual([1000, 2000, 4000, 8000, 16_000, 26_000, 36_000]);
  });

  it('begins anew after an answer', async () => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'reset' }, { operation: 'getToken', times: 3 * 2 });
    await flow.time.advance(8500);
    expect(lastErrorIn(flow.auth)).toBeUndefined();
    flow.emulator.fault({ type: 'status', status: 500 }, { operation: 'getToken' });
    await flow.time.advance(1500);
    expect(flow.sent().slice(-3)).toEqual([8000, 9000, 10_000]);
  });

  it('is spread by up to a quarter', async () => {
    const flow = startFlow({ random: () => 0.999999 });
    flow.emulator.fault({ type: 'status', status: 500 }, always);
    await flow.time.advance(9000);
    expect(flow.sent()).toEqual([1050, 2300, 4800]);
  });

  it('before the PIN ends with the sixth try', async () => {
    const flow = createFlow();
    flow.emulator.fault({ type: 'status', status: 503 }, { times: Number.POSITIVE_INFINITY });
    flow.auth.start();
    await flow.time.advance(24_999);
    expect(flow.status()).toBe('requestingPin');
    await flow.time.advance(hourMs);
    expect(flow.sent('getPin')).toEqual([0, 1000, 3000, 7000, 15_000, 25_000]);
    expect(flow.auth.getSnapshot()).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_HTTP', status: 503, retryable: true },
    });
    expect(flow.time.timers).toBe(0);
  });

  it.each<[string, Fault]>([
    ['400', { type: 'status', status: 400, code: 1000 }],
    ['403 with code 1068', { type: 'status', status: 403, code: 1068 }],
    ['422', { type: 'status', status: 422 }],
  ])('is not for what asking again does not mend: %s', async (_name, fault) => {
    for (const operation of ['getPin', 'getToken'] as const) {
      const flow = createFlow();
      flow.emulator.fault(fault, { operation });
      flow.auth.start();
      await flow.time.advance(hourMs);
      expect(flow.status()).toBe('failed');
      expect(flow.sent(operation)).toHaveLength(1);
      expect(flow.time.timers).toBe(0);
    }
  });
});
