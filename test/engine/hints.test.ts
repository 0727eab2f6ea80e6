import { describe, expect, it } from 'vitest';
import { checkHundredTimes, driveFlow, expectTokenOf } from '../fixture/drive-flow.ts';

describe('a check', () => {
  it('at the moment of the approval brings the token at once', async () => {
    const flow = await driveFlow({
      script: [
        { atMs: 1500, user: 'approve' },
        { atMs: 1500, app: 'check' },
      ],
      untilMs: 1500,
    });
    expectTokenOf(flow);
    expect(flow.drive.askedAtMs('getToken')).toEqual([1000, 1500]);
  });

  it('during a read makes the next follow at once on "not yet"', async () => {
    const flow = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'stale', delayMs: 400 }, operation: 'getToken', times: 1 },
        { atMs: 1100, user: 'approve' },
        { atMs: 1100, app: 'check' },
        { atMs: 1399, test: ({ askedAtMs }) => expect(askedAtMs('getToken')).toEqual([1000]) },
      ],
      untilMs: 1400,
    });
    expectTokenOf(flow);
    expect(flow.drive.askedAtMs('getToken')).toEqual([1000, 1400]);
  });

  it('a hundred times during a read costs one extra read', async () => {
    const { drive, mostOut } = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'stale', delayMs: 400 }, operation: 'getToken', times: 1 },
        { atMs: 1100, test: checkHundredTimes },
      ],
      untilMs: 3100,
    });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 1400, 2400]);
    expect(mostOut).toBe(1);
  });

  it('a hundred times between two reads costs one, and one more for those that came meanwhile', async () => {
    const { drive, mostOut } = await driveFlow({
      script: [{ atMs: 1500, test: checkHundredTimes }],
      untilMs: 3000,
    });
    expect(drive.askedAtMs('getToken')).toEqual([1000, 1500, 1500, 2500]);
    expect(mostOut).toBe(1);
  });

  it('is forgotten with the read that fails', async () => {
    const { drive } = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'slow', delayMs: 400 }, operation: 'getToken', times: 1 },
        { atMs: 0, network: 'down', operation: 'getToken', times: 2 },
        { atMs: 1500, app: 'check' },
      ],
      untilMs: 1500,
    });
    expect(drive.view).toMatchObject({ status: 'awaitingLink', lastError: { code: 'PLEX_NETWORK' } });
  });

  it('ends a back-off, in either waiting state', async () => {
    const { drive } = await driveFlow({
      script: [
        { atMs: 0, network: { type: 'status', status: 500 }, operation: 'getPin', times: 1 },
        { atMs: 200, app: 'check' },
        { atMs: 300, network: { type: 'status', status: 500 }, operation: 'getToken', times: 1 },
        { atMs: 1300, app: 'check' },
      ],
      untilMs: 1300,
    });
    expect(drive.askedAtMs('getPin')).toEqual([0, 200]);
    expect(drive.askedAtMs('getToken')).toEqual([1200, 1300]);
  });
});
