import { describe, expect, it } from 'vitest';
import { hourMs } from '../fixture/create-flow.ts';
import { checkHundredTimes, driveFlow } from '../fixture/drive-flow.ts';

/** A plex.tv whose PINs live ten seconds. */
const tenSeconds = { lifetimeMs: { strong: 10_000 } };

describe('Retry-After', () => {
  it('is kept, even against a check', async () => {
    const { drive } = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'rateLimited', retryAfter: 30 }, operation: 'getToken', times: 1 },
        { atMs: 5000, test: checkHundredTimes },
        {
          atMs: 30_999,
          test: ({ view, askedAtMs }) => {
            expect(askedAtMs('getToken')).toEqual([1000]);
            expect(view).toMatchObject({ lastError: { code: 'PLEX_RATE_LIMITED', retryAfterMs: 30_000 } });
          },
        },
      ],
      untilMs: 31_000,
    });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 31_000]);
    expect(drive.view).not.toHaveProperty('lastError');
  });

  it('is kept before the PIN, even against a check', async () => {
    const { drive } = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'rateLimited', retryAfter: 60 }, operation: 'getPin', times: 1 },
        { atMs: 100, app: 'check' },
      ],
      untilMs: 100_000,
    });
    expect(drive.askedAtMs('getPin')).toEqual([0, 60_000]);
  });

  it('is kept past the deadline by up to a minute', async () => {
    const { drive } = await driveFlow({
      emulatorOptions: tenSeconds,
      script: [
        { atMs: 8500, network: { type: 'rateLimited', retryAfter: 61 }, operation: 'getToken', times: 1 },
      ],
      untilMs: hourMs,
    });
    expect(drive.askedAtMs('getToken').slice(-2)).toEqual([9000, 70_000]);
    expect(drive.view).toMatchObject({ status: 'expired', reason: 'pin' });
  });

  it('that goes further fails the flow at once', async () => {
    const { drive, left } = await driveFlow({
      emulatorOptions: tenSeconds,
      script: [
        { atMs: 8500, network: { type: 'rateLimited', retryAfter: 62 }, operation: 'getToken', times: 1 },
      ],
      untilMs: 9000,
    });
    expect(drive.view).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_RATE_LIMITED', retryAfterMs: 62_000 },
    });
    expect(left.timers).toBe(0);
  });

  it('of more than a minute before there is a PIN fails the flow at once', async () => {
    const { drive } = await driveFlow({
      script: [{ atMs: 0, network: { type: 'rateLimited', retryAfter: 61 }, operation: 'getPin', times: 1 }],
      untilMs: 0,
    });
    expect(drive.view).toMatchObject({ status: 'failed', error: { code: 'PLEX_RATE_LIMITED' } });
  });

  it('beyond the limit of the caller fails the flow at once', async () => {
    const { drive } = await driveFlow({
      options: { giveUpAfterMs: 10_000 },
      script: [
        { atMs: 0, network: { type: 'rateLimited', retryAfter: 10 }, operation: 'getToken', times: 1 },
      ],
      untilMs: 1000,
    });
    expect(drive.view).toMatchObject({ status: 'failed', error: { code: 'PLEX_RATE_LIMITED' } });
  });

  it.each([{}, { retryAfter: 0 }, { retryAfter: 'soon' }, { retryAfter: '-1' }])(
    'that is missing, nothing or nonsense means 5 seconds: %j',
    async (header) => {
      const { drive } = await driveFlow({
        script: [
          { atMs: 0, network: { type: 'rateLimited', ...header }, operation: 'getToken', times: 1 },
          { atMs: 3000, app: 'check' },
        ],
        untilMs: 6500,
      });
      expect(drive.askedAtMs('getToken')).toEqual([1000, 6000]);
    },
  );

  it('is kept by a plex.tv that really counts', async () => {
    const { drive } = await driveFlow({
      emulatorOptions: { rateLimit: { requests: 5, perMs: 60_000 } },
      untilMs: 130_000,
    });
    expect(drive.askedAtMs('getToken').slice(0, 6)).toEqual([1000, 2000, 3000, 4000, 5000, 60_000]);
    expect(drive.requests.filter(({ status }) => status === 429)).toHaveLength(2);
  });
});
