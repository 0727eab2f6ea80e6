import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/testing/index.ts';
import { hourMs } from '../fixture/create-flow.ts';
import { driveFlow } from '../fixture/drive-flow.ts';

describe('a back-off', () => {
  it('waits 1, 2, 4, 8 and then 10 seconds', async () => {
    const { drive } = await driveFlow({
      script: [{ atMs: 0, network: { type: 'status', status: 500 }, operation: 'getToken' }],
      untilMs: 40_000,
    });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000, 4000, 8000, 16_000, 26_000, 36_000]);
  });

  it('starts again after an answer', async () => {
    const { drive } = await driveFlow({
      script: [
        // Three reads, at two hosts each.
        { atMs: 0, network: 'down', operation: 'getToken', times: 3 * 2 },
        { atMs: 8500, test: ({ view }) => expect(view).not.toHaveProperty('lastError') },
        { atMs: 8500, network: { type: 'status', status: 500 }, operation: 'getToken', times: 1 },
      ],
      untilMs: 10_000,
    });
    expect(drive.askedAtMs('getToken').slice(-3)).toEqual([8000, 9000, 10_000]);
  });

  it('is spread by up to a quarter', async () => {
    const { drive } = await driveFlow({
      options: { random: () => 0.999999 },
      script: [{ atMs: 0, network: { type: 'status', status: 500 }, operation: 'getToken' }],
      untilMs: 9000,
    });
    expect(drive.askedAtMs('getToken')).toEqual([1050, 2300, 4800]);
  });

  it('before the PIN ends with the sixth try', async () => {
    const { drive, left } = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'status', status: 503 } },
        { atMs: 24_999, test: ({ view }) => expect(view.status).toBe('requestingPin') },
      ],
      untilMs: hourMs,
    });
    expect(drive.askedAtMs('getPin')).toEqual([0, 1000, 3000, 7000, 15_000, 25_000]);
    expect(drive.view).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_HTTP', status: 503, retryable: true },
    });
    expect(left.timers).toBe(0);
  });

  describe.each(['getPin', 'getToken'] as const)('of %s', (operation) => {
    it.each<[string, Fault]>([
      ['400', { type: 'status', status: 400, code: 1000 }],
      ['403 with code 1068', { type: 'status', status: 403, code: 1068 }],
      ['422', { type: 'status', status: 422 }],
    ])('is not for what asking again does not help with: %s', async (_name, network) => {
      const { drive, left } = await driveFlow({
        script: [{ atMs: 0, network, operation, times: 1 }],
        untilMs: hourMs,
      });
      expect(drive.view.status).toBe('failed');
      expect(drive.askedAtMs(operation)).toHaveLength(1);
      expect(left.timers).toBe(0);
    });
  });
});
