import { describe, expect, it } from 'vitest';
import { toCountdown, toStatusText } from '../../../src/cli/screens/status-text.ts';
import { PlexAuthError, type PlexAuthErrorCode } from '../../../src/errors.ts';
import { Secret } from '../../../src/secret.ts';
import type { PlexAuthView } from '../../../src/view.ts';

const nowMs = 1_000_000;
const code = {
  code: '7RQZ',
  authURL: 'https://app.example/auth',
  linkURL: 'https://app.example/link',
  qrURL: 'https://app.example/qr',
  expiresAtMs: nowMs + 872_000,
};

function errorOf(name: PlexAuthErrorCode, retryAfterMs?: number): PlexAuthError {
  return new PlexAuthError(name, 'It went wrong', { atMs: nowMs, retryable: true, retryAfterMs });
}

describe('the countdown', () => {
  it.each([
    [872_000, '14:32'],
    [1_800_000, '30:00'],
    [3_723_000, '1:02:03'],
    [1, '0:01'],
    [0, '0:00'],
    [-5000, '0:00'],
    [59_999, '1:00'],
  ])('writes %d ms as %s', (leftMs, text) => {
    expect(toCountdown(leftMs)).toBe(text);
  });
});

describe('the status text', () => {
  it('says what the user waits for, and how much time is left', () => {
    const waiting = { words: 'Waiting for you to approve', left: '14:32 left' };
    expect(toStatusText({ status: 'awaitingLink', ...code }, nowMs)).toEqual(waiting);
    expect(toStatusText({ status: 'fetchingToken', ...code }, nowMs)).toEqual(waiting);
  });

  it("counts down to the caller's limit where that comes first", () => {
    const view: PlexAuthView = { status: 'awaitingLink', ...code };
    expect(toStatusText(view, nowMs, nowMs + 10_000)?.left).toBe('0:10 left');
    expect(toStatusText(view, nowMs, nowMs + 900_000)?.left).toBe('14:32 left');
  });

  it.each<[PlexAuthErrorCode, number | undefined, string]>([
    ['PLEX_NETWORK', undefined, 'Cannot reach https://plex.tv (PLEX_NETWORK), trying again'],
    ['PLEX_TIMEOUT', undefined, 'Plex is slow to answer, trying again'],
    ['PLEX_RATE_LIMITED', 12_000, 'Plex asks to wait 12 s'],
    ['PLEX_RATE_LIMITED', undefined, 'Plex asks to slow down'],
    ['PLEX_HTTP', undefined, 'Plex has a problem, trying again'],
    ['PLEX_BAD_REPLY', undefined, 'No proper answer from Plex, trying again'],
    ['PLEX_STORE', undefined, 'The config folder cannot be used, continuing without it'],
    ['PLEX_UNEXPECTED', undefined, 'Something went wrong, trying again'],
  ])('says %s (retry after %s ms) in plain words, and keeps counting down', (name, retryAfterMs, words) => {
    const lastError = errorOf(name, retryAfterMs);
    expect(toStatusText({ status: 'awaitingLink', ...code, lastError }, nowMs)).toEqual({
      words,
      left: '14:32 left',
    });
    expect(toStatusText({ status: 'requestingPin', lastError }, nowMs)).toEqual({ words });
  });

  it('counts a wait that Plex asked for down, and never below zero', () => {
    const view: PlexAuthView = { status: 'requestingPin', lastError: errorOf('PLEX_RATE_LIMITED', 3000) };
    const texts = [0, 1000, 2500, 3000, 9000].map((laterMs) => toStatusText(view, nowMs + laterMs)?.words);
    expect(texts).toEqual([
      'Plex asks to wait 3 s',
      'Plex asks to wait 2 s',
      'Plex asks to wait 1 s',
      'Plex asks to slow down',
      'Plex asks to slow down',
    ]);
  });

  it('is empty once there is nothing to wait for', () => {
    const over: PlexAuthView[] = [
      { status: 'idle' },
      { status: 'expired', reason: 'pin' },
      { status: 'failed', error: errorOf('PLEX_HTTP') },
      { status: 'signingOut' },
    ];
    expect(over.map((view) => toStatusText(view, nowMs))).toEqual(over.map(() => undefined));
    expect(toStatusText({ status: 'requestingPin' }, nowMs)).toEqual({ words: 'Asking Plex for a code' });
    const token = new Secret('hush');
    expect(toStatusText({ status: 'authenticated', token, clientIdentifier: 'me' }, nowMs)).toEqual({
      words: 'Approved',
    });
  });
});
