import fc from 'fast-check';
import { PlexAuthError, type PlexAuthView, Secret } from '../../src/index.ts';
import type { Listener } from './ways.ts';

/** A source whose views a test sets. */
export function createFakeSource(first: PlexAuthView) {
  let view = first;
  const listeners = new Map<Listener, (() => void) | undefined>();
  return {
    getSnapshot: () => view,
    subscribe(listener: Listener, onEnd?: () => void) {
      listeners.set(listener, onEnd);
      return () => void listeners.delete(listener);
    },
    show(next: PlexAuthView) {
      view = next;
      for (const listener of [...listeners.keys()]) listener(next);
    },
    end() {
      for (const onEnd of listeners.values()) onEnd?.();
      listeners.clear();
    },
    get listeners() {
      return listeners.size;
    },
  };
}

const code = {
  code: 'abcd',
  authURL: 'https://app.example/auth',
  linkURL: 'https://plex.example/link',
  qrURL: 'https://plex.example/qr',
  expiresAtMs: 1_800_000,
};

export const anyView: fc.Arbitrary<PlexAuthView> = fc
  .constantFrom<PlexAuthView>(
    { status: 'idle' },
    { status: 'idle', reason: 'cancelled' },
    { status: 'idle', reason: 'signedOut' },
    { status: 'requestingPin' },
    { status: 'awaitingLink', ...code },
    { status: 'fetchingToken', ...code },
    { status: 'authenticated', token: new Secret('t'), clientIdentifier: 'tv' },
    { status: 'expired', reason: 'pin' },
    { status: 'failed', error: new PlexAuthError('PLEX_HTTP', 'Gone', { atMs: 0, retryable: false }) },
    { status: 'signingOut' },
  )
  .map((view) => ({ ...view }));
