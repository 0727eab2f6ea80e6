import { describe, expect, it } from 'vitest';
import type { FaultScope } from '../../src/testing/index.ts';
import { halfAnHourMs, hourMs, startFlow } from '../fixture/create-flow.ts';

const always: FaultScope = { operation: 'getToken', times: Number.POSITIVE_INFINITY };

describe('the pace', () => {
  it('is one read a second from the PIN on', async () => {
    const flow = startFlow();
    await flow.time.advance(3500);
    expect(flow.sent('getPin')).toEqual([0]);
    expect(flow.sent()).toEqual([1000, 2000, 3000]);
  });

  it('slows to 2 % of the wait after 50 seconds, and to 5 seconds at most', async () => {
    const flow = startFlow();
    await flow.time.advance(300_000);
    const sent = flow.sent();
    expect(sent.slice(47, 53)).toEqual([48_000, 49_000, 50_000, 51_000, 52_020, 53_061]);
    const gaps = sent.slice(1).map((atMs, index) => atMs - (sent[index] ?? 0));
    expect(Math.max(...gaps)).toBe(5000);
    expect(gaps.slice(-5)).toEqual([5000, 5000, 5000, 5000, 5000]);
    expect(gaps.every((gap, index) => index === 0 || gap >= (gaps[index - 1] ?? 0) - 1)).toBe(true);
  });

  it('is what polling says', async () => {
    const flow = startFlow({ polling: { intervalMs: 2000, maxIntervalMs: 2500 } });
    await flow.time.advance(180_000);
    const sent = flow.sent();
    expect(sent.slice(0, 3)).toEqual([2000, 4000, 6000]);
    expect((sent.at(-2) ?? 0) - (sent.at(-3) ?? 0)).toBe(2500);
  });

  it('is spread by up to a twentieth', async () => {
    const flow = startFlow({ random: () => 0.999999 });
    await flow.time.advance(3500);
    expect(flow.sent()).toEqual([1050, 2100, 3150]);
  });

  it.each<[string, number, number[]]>([
    ['300 ms, which counts', 300, [1000, 2000, 3000]],
    ['600 ms, with half the interval to breathe', 600, [1000, 2100, 3200]],
    ['3 s, likewise', 3000, [1000, 4500, 8000]],
  ])('with answers that take %s', async (_name, delayMs, sent) => {
    const flow = startFlow();
    flow.emulator.fault({ type: 'slow', delayMs }, always);
    await flow.time.advance(10_000);
    expect(flow.sent().slice(0, 3)).toEqual(sent);
    expect(flow.mostOut()).toBe(1);
  });

  it('waits half an hour in no time', async () => {
    const flow = startFlow();
    await flow.time.advance(2 * hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(flow.emulator.requests.length).toBeLessThan(500);
    expect(flow.sent().at(-1)).toBe(halfAnHourMs);
    expect([flow.mostOut(), flow.time.timers]).toEqual([1, 0]);
  });
});
