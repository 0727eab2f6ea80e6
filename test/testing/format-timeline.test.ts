import { describe, expect, it } from 'vitest';
import { PlexAuthError } from '../../src/index.ts';
import { type DriveMove, drivePlexAuth, formatTimeline } from '../../src/testing/index.ts';

const play = (...script: DriveMove[]) => drivePlexAuth({ script });

describe('the text of a timeline', () => {
  it('is one line an entry, polls counted', async () => {
    const drive = await play({ atMs: 5000, untilMs: 7000, network: 'down' }, { atMs: 9500, user: 'approve' });
    expect(String(drive)).toBe(
      `
    0  → idle
    0  app: start
    0  → requestingPin
    0  getPin 201
    0  → awaitingLink
 1000  → fetchingToken
 1000  getToken 200
 1000  → awaitingLink
       … 3 × the same, the last at 4000
 5000  network: down
 5000  → fetchingToken
 5000  getToken without an answer
 5000  getToken without an answer
 5000  → awaitingLink (PLEX_NETWORK)
 6000  → fetchingToken (PLEX_NETWORK)
 6000  getToken without an answer
 6000  getToken without an answer
 6000  → awaitingLink (PLEX_NETWORK)
 7000  network: down ends
 8000  → fetchingToken (PLEX_NETWORK)
 8000  getToken 200
 8000  → awaitingLink
 9000  → fetchingToken
 9000  getToken 200
 9000  → awaitingLink
 9500  user: approve
10000  → fetchingToken
10000  getToken 200
10000  → authenticated`.slice(1),
    );
  });

  it('says who did what', () => {
    const view = {
      status: 'failed',
      error: new PlexAuthError('PLEX_HTTP', 'm', { atMs: 0, retryable: false, status: 400 }),
    } as const;
    const moves: DriveMove[] = [
      { atMs: 0, plex: 'expirePin' },
      { atMs: 0, network: { type: 'slow', delayMs: 5 }, operation: 'getPin' },
      { atMs: 0, untilMs: 9, device: 'asleep' },
      { atMs: 0, device: { clockByMs: -5 } },
      { atMs: 0, test: () => 0 },
      { atMs: 0, test: function looksAtTheCode() {} },
    ];
    const text = formatTimeline([
      ...moves.map((move) => ({ atMs: 0, type: 'move' as const, move })),
      { atMs: 7, type: 'view', view },
      { atMs: 70, type: 'request', operation: 'getUser', status: 200, durationMs: 12 },
    ]);
    expect(text.split('\n')).toEqual([
      ' 0  plex: expirePin',
      ' 0  network: slow, for getPin',
      ' 0  device: asleep',
      ' 0  device: clock set by -5 ms',
      ' 0  test',
      ' 0  test: looksAtTheCode',
      ' 7  → failed (PLEX_HTTP 400)',
      '70  getUser 200 in 12 ms',
    ]);
  });

  it('of nothing is empty', () => {
    expect(formatTimeline([])).toBe('');
  });
});
