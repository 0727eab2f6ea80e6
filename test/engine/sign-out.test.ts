import { describe, expect, it } from 'vitest';
import type { PlexAuthError } from '../../src/index.ts';
import type { Fault } from '../../src/testing/index.ts';
import { createFlow, signIn } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

describe('signOut', () => {
  it('revokes the token, forgets it, and says so', async () => {
    const credentials = createRecordingStore();
    const flow = createFlow({ credentials });
    await signIn(flow);
    await flow.time.advance(0);
    flow.auth.signOut();
    expect(flow.auth.getSnapshot()).toEqual({ status: 'signingOut' });
    await flow.time.advance(0);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(flow.emulator.requests.at(-1)).toMatchObject({
      method: 'DELETE',
      status: 204,
      clientIdentifier: 'tv',
    });
    expect(credentials.items.size).toBe(0);
    expect(flow.time.timers).toBe(0);
  });

  it.each<[string, Fault, code: string]>([
    ['500', { type: 'status', status: 500 }, 'PLEX_HTTP'],
    ['no connection', { type: 'reset' }, 'PLEX_NETWORK'],
    ['no answer', { type: 'hang' }, 'PLEX_TIMEOUT'],
    ['429', { type: 'rateLimited', retryAfter: 3600 }, 'PLEX_RATE_LIMITED'],
  ])('forgets the token even where Plex does not revoke it: %s', async (_name, fault, code) => {
    const credentials = createRecordingStore();
    const flow = createFlow({ credentials });
    await signIn(flow);
    await flow.time.advance(0);
    flow.emulator.fault(fault, { operation: 'signOut', times: 2 });
    flow.auth.signOut();
    await flow.time.advance(15_000);
    const { lastError, ...rest } = flow.auth.getSnapshot() as { lastError?: PlexAuthError };
    expect(rest).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(lastError).toMatchObject({ code });
    expect(credentials.items.size).toBe(0);
    const next = createFlow({ credentials }, flow);
    await next.time.advance(1000);
    expect(next.auth.getSnapshot()).toEqual({ status: 'idle' });
  });

  it('of a token that is no longer valid is no error', async () => {
    const flow = createFlow();
    await signIn(flow);
    flow.emulator.fault({ type: 'status', status: 401, code: 1001 }, { operation: 'signOut' });
    flow.auth.signOut();
    await flow.time.advance(0);
    expect(flow.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
  });
});
