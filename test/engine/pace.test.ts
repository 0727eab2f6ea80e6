import { describe, expect, it } from 'vitest';
import { halfAnHourMs, hourMs } from '../fixture/create-flow.ts';
import { driveFlow } from '../fixture/drive-flow.ts';

describe('the pace', () => {
  it('is one read a second from the PIN on', async () => {
    const { drive } = await driveFlow({ untilMs: 3500 });
    expect(drive.askedAtMs('getPin')).toEqual([0]);
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 3000]);
  });

  it('slows to 2 % of the wait after 50 seconds, and to 5 seconds at most', async () => {
    const { drive } = await driveFlow({ untilMs: 300_000 });
    const sent = drive.askedAtMs('getToken');
    expect(sent.slice(47, 53)).toEqual([48_000, 49_000, 50_000, 51_000, 52_020, 53_061]);
    const gaps = sent.slice(1).map((atMs, index) => atMs - (sent[index] ?? 0));
    expect(Math.max(...gaps)).toBe(5000);
    expect(gaps.slice(-5)).toEqual([5000, 5000, 5000, 5000, 5000]);
    expect(gaps.every((gap, index) => index === 0 || gap >= (gaps[index - 1] ?? 0) - 1)).toBe(true);
  });

  it('is what polling says', async () => {
    const polling = { intervalMs: 2000, maxIntervalMs: 2500 };
    const { drive } = await driveFlow({ options: { polling }, untilMs: 180_000 });
    const sent = drive.askedAtMs('getToken');
    expect(sent.slice(0, 3)).toEqual([2000, 4000, 6000]);
    expect((sent.at(-2) ?? 0) - (sent.at(-3) ?? 0)).toBe(2500);
  });

  it('is spread by up to a twentieth', async () => {
    const { drive } = await driveFlow({ options: { random: () => 0.999999 }, untilMs: 3500 });
    expect(drive.askedAtMs('getToken')).toEqual([1050, 2100, 3150]);
  });

  it.each<[string, number, number[]]>([
    ['300 ms, which counts', 300, [1000, 2000, 3000]],
    ['600 ms, with half the interval to breathe', 600, [1000, 2100, 3200]],
    ['3 s, likewise', 3000, [1000, 4500, 8000]],
  ])('with answers that take %s', async (_name, delayMs, sent) => {
    const { drive, mostOut } = await driveFlow({
      script: [{ atMs: 0, network: { type: 'slow', delayMs }, operation: 'getToken' }],
      untilMs: 10_000,
    });
    expect(drive.askedAtMs('getToken').slice(0, 3)).toEqual(sent);
    expect(mostOut).toBe(1);
  });

  it('waits half an hour in no time', async () => {
    const { drive, mostOut, left } = await driveFlow({ untilMs: 2 * hourMs });
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
    expect(drive.requests.length).toBeLessThan(500);
    expect(drive.askedAtMs('getToken').at(-1)).toBe(halfAnHourMs);
    expect([mostOut, left.timers]).toEqual([1, 0]);
  });
});
