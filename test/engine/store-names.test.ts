import { describe, expect, it } from 'vitest';
import { approve, codeIn, count, createFlow, createWorld, signIn, tokenIn } from '../fixture/create-flow.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';

const own = { clientIdentifier: undefined };

describe('two applications with names of their own', () => {
  it('share stores, and neither PIN, token nor client identifier', async () => {
    const store = createRecordingStore();
    const credentials = createRecordingStore();
    const world = createWorld();
    const one = createFlow({ ...own, store, credentials, name: 'one' }, world);
    const token = await signIn(one);
    const two = createFlow({ ...own, store, credentials, name: 'two' }, world);
    await two.time.advance(0);
    expect(two.status()).toBe('idle');
    two.auth.start();
    await two.time.advance(500);
    const [first, second] = world.emulator.pins;
    expect(second?.clientIdentifier).not.toBe(first?.clientIdentifier);
    await approve(two);
    const again = createFlow({ ...own, store, credentials, name: 'one' }, world);
    await again.time.advance(0);
    expect(tokenIn(again.auth)).toBe(token);
  });

  it('keep odd names apart', async () => {
    const store = createRecordingStore();
    const { auth, time } = createFlow({ ...own, store, name: 'a.pin: ä' });
    auth.start();
    await time.advance(500);
    expect([...store.items.keys()]).toEqual([
      'plex-auth-flow.a.pin%3A%20%C3%A4.client-identifier',
      'plex-auth-flow.a.pin%3A%20%C3%A4.pin',
    ]);
  });
});

describe('what lies under the keys without a name', () => {
  it('is moved: the installation stays the same, the PIN is resumed', async () => {
    const store = createRecordingStore();
    const old = createFlow({ ...own, store });
    old.auth.start();
    await old.time.advance(1500);
    const code = codeIn(old.auth);
    await old.auth.dispose();
    const next = createFlow({ ...own, store, name: 'my app' }, old);
    await next.time.advance(500);
    expect(codeIn(next.auth)).toBe(code);
    next.auth.cancel();
    next.auth.start();
    await next.time.advance(500);
    const identifiers = new Set(old.emulator.pins.map(({ clientIdentifier }) => clientIdentifier));
    expect(identifiers.size).toBe(1);
    expect([...store.items.keys()].every((key) => key.startsWith('plex-auth-flow.my%20app.'))).toBe(true);
  });

  it('is not moved over what another process has stored under the new key meanwhile', async () => {
    const credentials = createRecordingStore();
    const toStored = (token: string) => JSON.stringify({ token, clientIdentifier: 'tv' });
    credentials.items.set('plex-auth-flow.credentials', toStored('old'));
    let reads = 0;
    const getItem = (key: string) => {
      // Another process moves and signs in anew between this one's reads and its write.
      if (++reads === 3) credentials.items.set('plex-auth-flow.x.credentials', toStored('newer'));
      return credentials.getItem(key);
    };
    const { time } = createFlow({ credentials: { ...credentials, getItem }, name: 'x' });
    await time.advance(0);
    expect(credentials.items.get('plex-auth-flow.x.credentials')).toBe(toStored('newer'));
  });

  it('stays where it is if it cannot be written under the new key', async () => {
    const credentials = createRecordingStore();
    const old = createFlow({ credentials });
    const token = await signIn(old);
    await old.auth.dispose();
    const setItem = () => Promise.reject(new Error('full'));
    const visit = () => createFlow({ credentials: { ...credentials, setItem }, name: 'x' }, old);
    for (const visited of ['once', 'twice']) {
      const next = visit();
      await next.time.advance(500);
      expect(next.status(), visited).toBe('authenticated');
      expect(tokenIn(next.auth)).toBe(token);
    }
  });

  it('stays if it is not what was moved: another page has stored it since', async () => {
    const credentials = createRecordingStore();
    const toStored = (token: string) => JSON.stringify({ token, clientIdentifier: 'tv' });
    const oldKey = 'plex-auth-flow.credentials';
    credentials.items.set(oldKey, toStored('old'));
    const setItem = (key: string, value: string) => {
      credentials.setItem(key, value);
      credentials.items.set(oldKey, toStored('newer'));
    };
    const { time } = createFlow({ credentials: { ...credentials, setItem }, name: 'x' });
    await time.advance(500);
    expect(credentials.items.get(oldKey)).toBe(toStored('newer'));
  });

  it('stays where it is if another server issued it', async () => {
    const credentials = createRecordingStore();
    const stored = JSON.stringify({ token: 'old', clientIdentifier: 'tv', serverURL: 'https://a.test' });
    credentials.items.set('plex-auth-flow.credentials', stored);
    const flow = createFlow({ credentials, name: 'x' });
    await flow.time.advance(0);
    expect(flow.status()).toBe('idle');
    expect([...credentials.items]).toEqual([['plex-auth-flow.credentials', stored]]);
  });

  it('is moved: the user stays signed in', async () => {
    const credentials = createRecordingStore();
    const old = createFlow({ credentials });
    const token = await signIn(old);
    await old.auth.dispose();
    const next = createFlow({ credentials, name: 'x' }, old);
    await next.time.advance(0);
    expect(tokenIn(next.auth)).toBe(token);
    expect([...credentials.items.keys()]).toEqual(['plex-auth-flow.x.credentials']);
    expect(count(old.emulator, 'getPin')).toBe(1);
  });
});
