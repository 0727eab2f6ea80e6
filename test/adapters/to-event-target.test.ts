import { afterEach, describe, expect, it, vi } from 'vitest';
import { toEventTarget } from '../../src/adapters/index.ts';
import { PlexAuthError, type PlexAuthView } from '../../src/index.ts';
import { createFakeSource } from './fake-source.ts';

afterEach(() => vi.unstubAllGlobals());

describe('toEventTarget', () => {
  it('dispatches events with a detail where there is no CustomEvent, as in the Edge Runtime', () => {
    vi.stubGlobal('CustomEvent', undefined);
    const fake = createFakeSource({ status: 'idle' });
    const statuses: string[] = [];
    toEventTarget<PlexAuthView>(fake).addEventListener('change', ({ detail }) =>
      statuses.push(detail.status),
    );
    fake.show({ status: 'requestingPin' });
    expect(statuses).toEqual(['requestingPin']);
  });

  it('dispatches one event for each status that is entered, right after the change', () => {
    const fake = createFakeSource({ status: 'idle' });
    const target = toEventTarget<PlexAuthView>(fake);
    const events: string[] = [];
    for (const type of ['change', 'requestingPin', 'idle', 'end']) {
      target.addEventListener(type, (event) => events.push(event.type));
    }
    target.addEventListener('requestingPin', ({ detail }) => events.push(detail.status));
    const lastError = new PlexAuthError('PLEX_NETWORK', 'Offline', { atMs: 0, retryable: true });
    fake.show({ status: 'requestingPin' });
    fake.show({ status: 'requestingPin', lastError });
    fake.show({ status: 'idle', reason: 'cancelled' });
    fake.end();
    expect(events).toEqual(['change', 'requestingPin', 'requestingPin', 'change', 'change', 'idle', 'end']);
    expect(target.view).toEqual({ status: 'idle', reason: 'cancelled' });
  });

  it('dispatches nothing after the end, not even what is left of a change', () => {
    const fake = createFakeSource({ status: 'idle' });
    const target = toEventTarget<PlexAuthView>(fake);
    const events: string[] = [];
    for (const type of ['requestingPin', 'end']) {
      target.addEventListener(type, (event) => events.push(event.type));
    }
    target.addEventListener('change', () => fake.end());
    fake.show({ status: 'requestingPin' });
    expect(events).toEqual(['end']);
    expect(target.ended).toBe(true);
  });

  it('honours the platform’s own ways of leaving', () => {
    const fake = createFakeSource({ status: 'idle' });
    const target = toEventTarget<PlexAuthView>(fake);
    const events: string[] = [];
    const leaving = new AbortController();
    target.addEventListener('change', () => events.push('once'), { once: true });
    target.addEventListener('change', () => events.push('signal'), { signal: leaving.signal });
    fake.show({ status: 'requestingPin' });
    leaving.abort();
    fake.show({ status: 'idle', reason: 'cancelled' });
    expect(events).toEqual(['once', 'signal']);
  });

  it('lets go of the engine when it is closed', () => {
    const fake = createFakeSource({ status: 'idle' });
    const target = toEventTarget<PlexAuthView>(fake);
    expect([target.ended, fake.listeners]).toEqual([false, 1]);
    target.close();
    expect([target.ended, fake.listeners]).toEqual([true, 0]);
  });
});
