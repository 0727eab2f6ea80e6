import { describe, expect, it } from 'vitest';
import { halfAnHourMs, hourMs, startFlow } from '../fixture/create-flow.ts';
import { driveFlow, expectTokenOf } from '../fixture/drive-flow.ts';

describe('what Plex says of a PIN', () => {
  it('looks like waiting where the user refuses, until the PIN expires', async () => {
    const { drive } = await driveFlow({
      script: [
        { atMs: 500, user: 'deny' },
        { atMs: halfAnHourMs - 500, test: ({ view }) => expect(view.status).toBe('awaitingLink') },
      ],
      untilMs: halfAnHourMs,
    });
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('is a mismatch where it is 404 long before the deadline', async () => {
    const { drive } = await driveFlow({ script: [{ atMs: 1500, plex: 'expirePin' }], untilMs: hourMs });
    expect(drive.view).toMatchObject({
      status: 'failed',
      error: { code: 'PLEX_CLIENT_MISMATCH', plexCode: 1020, status: 404, retryable: false },
    });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 2000]);
  });

  it('is an end like any other where it is 404 within 30 seconds of the deadline', async () => {
    const script = [{ atMs: halfAnHourMs - 29_000, plex: 'expirePin' }] as const;
    const { drive } = await driveFlow({ script, untilMs: hourMs });
    expect(drive.view).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('is taken as it comes where a web page stands in for 404', async () => {
    const flow = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'html', status: 404 }, operation: 'getToken', times: 1 },
        { atMs: 1500, user: 'approve' },
      ],
      untilMs: 2500,
    });
    expectTokenOf(flow);
  });

  it('comes late after the approval: the token is there as soon as Plex shows it', async () => {
    const flow = await driveFlow({
      emulatorOptions: { tokenLagMs: 2500 },
      script: [
        { atMs: 1500, user: 'approve' },
        { atMs: 1500, app: 'check' },
      ],
      untilMs: 4500,
    });
    expectTokenOf(flow);
    expect(flow.drive.askedAtMs('getToken')).toEqual([1000, 1500, 2500, 3500, 4500]);
  });

  it('may stand still: a count of 876 seconds that never falls still ends', async () => {
    const pin = { id: 7, code: 'abc', expiresIn: 876, authToken: null, qr: 'https://plex.tv/qr' };
    let reads = 0;
    const flow = startFlow({
      fetch: async (_input, init) => {
        reads += init?.method === 'GET' ? 1 : 0;
        return Response.json(pin);
      },
    });
    await flow.time.advance(875_999);
    expect(flow.status()).toBe('awaitingLink');
    await flow.time.advance(1);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(reads).toBeLessThan(300);
    expect(flow.time.timers).toBe(0);
  });

  it.each([0, 0.4])('may leave no time at all: %d seconds make no busy loop', async (expiresIn) => {
    let asked = 0;
    const flow = startFlow({
      fetch: async () => {
        asked += 1;
        return Response.json({ id: 7, code: 'abc', expiresIn, authToken: null, qr: 'https://plex.tv/qr' });
      },
    });
    await flow.time.advance(hourMs);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
    expect(asked).toBe(2);
  });
});
