import type { PlexAuthView } from 'plex-auth-flow';
import { PlexAuthError } from 'plex-auth-flow';
import { expect, it } from 'vitest';
import { createMishapQueue } from '../../examples/play/mishap-queue.ts';
import { mishaps } from '../../examples/play/mishaps.ts';

const code = { code: '7RQZ', authURL: 'a', linkURL: 'l', qrURL: 'q', expiresAtMs: 1_000_000 };
const waiting: PlexAuthView = { status: 'awaitingLink', ...code };
const asking: PlexAuthView = { status: 'fetchingToken', ...code };
const failing = (name: 'PLEX_BAD_REPLY' | 'PLEX_RATE_LIMITED'): PlexAuthView => ({
  ...waiting,
  lastError: new PlexAuthError(name, 'It went wrong', { atMs: 0, retryable: true }),
});
const hotel = mishaps.findIndex(({ title }) => title === 'A hotel’s login page');
const wait = mishaps.findIndex(({ title }) => title === 'Plex asks to wait');

function setUp() {
  const begun: string[] = [];
  const queue = createMishapQueue(({ title }) => begun.push(title));
  let nowMs = 0;
  /** Each a second after the one before. */
  const note = (...views: PlexAuthView[]) => {
    for (const view of views) {
      nowMs += 1000;
      queue.note(view, nowMs);
    }
  };
  return { begun, queue, note };
}

it('lets mishaps that are pressed at once happen one after another, each with its own errors', () => {
  const { begun, queue, note } = setUp();
  queue.press(hotel, waiting);
  queue.press(wait, waiting);
  expect([begun, queue.waiting]).toEqual([['A hotel’s login page'], 1]);
  note(asking, failing('PLEX_BAD_REPLY'), asking, failing('PLEX_BAD_REPLY'), asking);
  expect(queue.text).toBe('PLEX_BAD_REPLY × 2. Asked again after 1.0 s, then 1.0 s.');
  expect(begun).toHaveLength(1);
  note(waiting, asking, waiting);
  expect([begun.at(-1), queue.waiting, queue.text]).toEqual(['Plex asks to wait', 0, '']);
  note(asking, failing('PLEX_RATE_LIMITED'), asking);
  expect(queue.text).toBe('PLEX_RATE_LIMITED. Asked again after 1.0 s.');
});

it('forgets those that wait once the sign-in is over, and begins anew after that', () => {
  const { begun, queue, note } = setUp();
  queue.press(hotel, waiting);
  queue.press(wait, waiting);
  note({ status: 'idle', reason: 'cancelled' });
  expect([begun.length, queue.waiting]).toEqual([1, 0]);
  queue.press(wait, waiting);
  expect(begun).toEqual(['A hotel’s login page', 'Plex asks to wait']);
});

it('credits a mishap with nothing that comes after the sign-in that it happened in', () => {
  const { queue, note } = setUp();
  queue.press(hotel, waiting);
  note(asking, failing('PLEX_BAD_REPLY'), asking);
  const text = 'PLEX_BAD_REPLY. Asked again after 1.0 s.';
  expect(queue.text).toBe(text);
  note({ status: 'idle', reason: 'cancelled' }, { status: 'requestingPin' });
  note({ ...waiting, code: 'K3XD' }, { ...asking, code: 'K3XD' });
  expect(queue.text).toBe(text);
});
