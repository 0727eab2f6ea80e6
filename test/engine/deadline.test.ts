import { describe, expect, it } from 'vitest';
import { halfAnHourMs, hourMs } from '../fixture/create-flow.ts';
import { driveFlow, expectTokenOf } from '../fixture/drive-flow.ts';

/** A plex.tv whose PINs live ten seconds. */
const tenSeconds = { lifetimeMs: { strong: 10_000 } };

describe('the deadline', () => {
  it('is reached with a read at that very moment', async () => {
    const { drive } = await driveFlow({ emulatorOptions: { lifetimeMs: { strong: 7600 } }, untilMs: hourMs });
    // Plex counts in whole seconds: it said 7.
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 3000, 4000, 5000, 6000, 7000]);
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('cuts the wait before it short', async () => {
    const { drive } = await driveFlow({
      options: { polling: { intervalMs: 4000 } },
      emulatorOptions: tenSeconds,
      untilMs: hourMs,
    });
    expect(drive.askedAtMs('getToken')).toEqual([4000, 8000, 9000, 10_000]);
  });

  it.each([999, 500, 1, 0])('lets the last read decide: approved %i ms before it', async (beforeMs) => {
    const flow = await driveFlow({
      options: { polling: { intervalMs: 4000 } },
      emulatorOptions: { lifetimeMs: { strong: 10_500 } },
      script: [{ atMs: 10_000 - beforeMs, user: 'approve' }],
      untilMs: 10_000,
    });
    expect(flow.drive.askedAtMs('getToken')).toEqual([4000, 8000, 9000, 10_000]);
    expectTokenOf(flow);
  });

  it.each([4900, 3000, 2001])(
    'brings what is approved %i ms before the end of half an hour, without a hint',
    async (beforeMs) => {
      const script = [{ atMs: halfAnHourMs - beforeMs, user: 'approve' }] as const;
      expectTokenOf(await driveFlow({ script, untilMs: halfAnHourMs }));
    },
  );

  it('in the last second of half an hour, a check brings what a poll would miss', async () => {
    const atMs = halfAnHourMs - 1;
    const flow = await driveFlow({
      script: [
        { atMs, user: 'approve' },
        { atMs, app: 'check' },
      ],
      untilMs: atMs,
    });
    expectTokenOf(flow);
  });

  it('never aborts a read: one in flight across it brings the token', async () => {
    const flow = await driveFlow({
      emulatorOptions: tenSeconds,
      script: [
        { atMs: 8500, user: 'approve' },
        { atMs: 8500, network: { type: 'stale', delayMs: 12_000 }, operation: 'getToken', times: 1 },
        {
          atMs: 20_500,
          test: ({ view, emulator }) => expect([view.status, emulator.pending]).toEqual(['fetchingToken', 1]),
        },
      ],
      untilMs: 21_500,
    });
    expectTokenOf(flow);
    expect(flow.drive.askedAtMs('getToken').at(-1)).toBe(9000);
  });

  it('never aborts a read: one in flight across it and says "not yet" ends the flow', async () => {
    const { drive } = await driveFlow({
      emulatorOptions: tenSeconds,
      script: [
        { atMs: 8500, network: { type: 'stale', delayMs: 12_000 }, operation: 'getToken', times: 1 },
        { atMs: 20_500, test: ({ view }) => expect(view.status).toBe('fetchingToken') },
      ],
      untilMs: 21_500,
    });
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('is not reached by failing reads alone: the third past it ends the flow', async () => {
    const { drive, left } = await driveFlow({
      emulatorOptions: tenSeconds,
      script: [{ atMs: 9500, network: { type: 'status', status: 500 }, operation: 'getToken' }],
      untilMs: hourMs,
    });
    expect(drive.askedAtMs('getToken').slice(-4)).toEqual([9000, 10_000, 11_000, 13_000]);
    expect(drive.view).toMatchObject({
      status: 'expired',
      reason: 'pin',
      lastError: { code: 'PLEX_HTTP', status: 500 },
    });
    expect(left.timers).toBe(0);
  });

  it('passes while reads fail, and the first that succeeds still brings the token', async () => {
    const flow = await driveFlow({
      emulatorOptions: { lifetimeMs: { strong: 10_999 } },
      script: [
        { atMs: 9500, user: 'approve' },
        { atMs: 9500, network: 'down', operation: 'getToken', times: 2 },
        { atMs: 10_001, app: 'check' },
      ],
      untilMs: 10_001,
    });
    expectTokenOf(flow);
  });

  it.each([-hourMs, hourMs])(
    'is counted by Plex, not by the time of day that Plex names: %i ms off',
    async (offsetMs) => {
      const { drive } = await driveFlow({
        script: [{ atMs: 0, network: { type: 'clockOffset', offsetMs } }],
        untilMs: hourMs,
      });
      expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
      expect(drive.askedAtMs('getToken').at(-1)).toBe(halfAnHourMs);
    },
  );
});
