/** Another provider than Plex: the engine, its adapters and its host know nothing of whom they sign in with. */
import { describe, expect, it } from 'vitest';
import { toAsyncIterable, toPromise } from '../../src/adapters/index.ts';
import { createPlexAuth, PlexAuthError, type PlexAuthOptions, Secret, signIn } from '../../src/index.ts';
import { createMemoryStore, createVirtualTime } from '../../src/testing/index.ts';
import { createFakeProvider } from '../fixture/fake-provider.ts';

function setUp(options: Partial<PlexAuthOptions> = {}) {
  const time = createVirtualTime();
  const provider = createFakeProvider(time.clock);
  const { clock } = time;
  const base = { product: 'Living Room', wire: provider.wire, clock, random: () => 0, ...options };
  return { time, provider, base };
}

describe('an engine with a wire of its own', () => {
  it('signs in through the same states, with ids that are texts', async () => {
    const { time, provider, base } = setUp();
    const auth = createPlexAuth(base);
    const outcome = toPromise(auth);
    auth.start();
    await time.advance(0);
    expect(auth.getSnapshot()).toEqual({
      status: 'awaitingLink',
      code: 'WDJB-MJHT',
      authURL: 'https://id.example/device?user_code=WDJB-MJHT',
      linkURL: 'https://id.example/device',
      qrURL: 'https://id.example/qr/WDJB-MJHT',
      expiresAtMs: time.clock.now() + 600_000,
    });
    await time.advance(1500);
    provider.approve();
    await time.advance(1000);
    expect(await outcome).toMatchObject({ status: 'authenticated', token: expect.any(Secret) });
    expect(provider.asked).toEqual(['getPin', 'getToken device-1', 'getToken device-1']);
    await auth.dispose();
    expect(time.timers).toBe(0);
  });

  it('gives its views to every adapter', async () => {
    const { time, provider, base } = setUp();
    const auth = createPlexAuth(base);
    const statuses: string[] = [];
    const reading = (async () => {
      for await (const { status } of toAsyncIterable(auth)) {
        statuses.push(status);
        if (status === 'authenticated') break;
      }
    })();
    auth.start();
    provider.approve();
    await time.advance(2000);
    await reading;
    expect(statuses).toEqual(['idle', 'requestingPin', 'awaitingLink', 'fetchingToken', 'authenticated']);
    await auth.dispose();
  });

  it('stores its PIN and resumes it in another life', async () => {
    const store = createMemoryStore();
    const { time, provider, base } = setUp({ store });
    const first = createPlexAuth(base);
    first.start();
    await time.advance(2500);
    await first.dispose();
    const second = createPlexAuth(base);
    provider.approve();
    await time.advance(1000);
    expect(second.getSnapshot().status).toBe('authenticated');
    expect(provider.asked.filter((call) => call === 'getPin')).toHaveLength(1);
    await second.dispose();
  });

  it('asks it whose token it is, and has it revoked', async () => {
    const { time, provider, base } = setUp();
    const auth = createPlexAuth(base);
    auth.start();
    provider.approve();
    await time.advance(1000);
    expect(await auth.verify()).toMatchObject({ status: 'valid', user: { username: 'ada' } });
    auth.signOut();
    await time.advance(0);
    expect(auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
    expect(provider.asked.slice(-2)).toEqual(['getUser token-1', 'signOut token-1']);
    await auth.dispose();
  });

  it('sends no other issuer the token that it stored', async () => {
    const credentials = createMemoryStore();
    const { time, provider, base } = setUp({ credentials });
    provider.approve();
    const first = signIn(base);
    await time.advance(2000);
    expect((await first).token.reveal()).toBe('token-1');
    const other = { ...createFakeProvider(time.clock).wire, issuer: 'https://other.example' };
    const auth = createPlexAuth({ ...base, wire: other });
    await time.advance(0);
    expect(auth.getSnapshot()).toEqual({ status: 'idle' });
    await auth.dispose();
    const same = createPlexAuth(base);
    await time.advance(0);
    expect(same.getSnapshot().status).toBe('authenticated');
    await same.dispose();
  });

  it('signs in as one promise', async () => {
    const { time, provider, base } = setUp();
    provider.approve();
    const result = signIn(base);
    await time.advance(2000);
    expect((await result).token.reveal()).toBe('token-1');
  });

  it('turns whatever a wire throws into an error of the view', async () => {
    const { time, provider, base } = setUp();
    const wire = { ...provider.wire, getPin: () => Promise.reject(new Error('no such tenant')) };
    const auth = createPlexAuth({ ...base, wire });
    auth.start();
    await time.advance(0);
    const view = auth.getSnapshot();
    expect(view.status === 'failed' && view.error).toBeInstanceOf(PlexAuthError);
    expect(view).toMatchObject({ error: { code: 'PLEX_UNEXPECTED', retryable: false } });
    await auth.dispose();
  });

  it('refuses a wire that does not name its issuer', () => {
    const { base, provider } = setUp();
    const wire = { ...provider.wire, issuer: undefined as never };
    expect(() => createPlexAuth({ ...base, wire })).toThrow('plex-auth-flow: wire.issuer must be a text');
  });

  it.each([[null], [{}], [{ getPin() {} }]])('refuses %j for a wire, naming the option', (wire) => {
    expect(() => createPlexAuth({ product: 'Living Room', wire: wire as never })).toThrow(
      'plex-auth-flow: wire must be an object with getPin, getToken, getUser, signOut, linksOf',
    );
  });
});
