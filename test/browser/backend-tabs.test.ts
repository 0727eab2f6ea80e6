/** Several tabs of one browser, and one session at the application's server. */
import { describe, expect, it } from 'vitest';
import {
  askedOf,
  type BackendTab,
  codeOf,
  createBackendWorld,
  openBackendTab,
  signInAt,
  statusOf,
} from './backend-tab.ts';

const statusesOf = (...tabs: BackendTab[]) => tabs.map(statusOf);

describe('tabs of an application with a server', () => {
  it('are all signed in once one of them is', async () => {
    const world = createBackendWorld();
    const [first, second] = [openBackendTab(world), openBackendTab(world)];
    await world.time.advance(1000);
    await signInAt(first);
    await world.time.advance(100);
    expect(statusesOf(first, second)).toEqual(['authenticated', 'authenticated']);
    expect(second.auth.getSnapshot()).toMatchObject({ user: { id: 1_234_567 } });
    expect(world.emulator.pins).toHaveLength(1);
  });

  it('are all signed out once one of them is, and in again', async () => {
    const world = createBackendWorld();
    const [first, second] = [openBackendTab(world), openBackendTab(world)];
    for (const _ of [1, 2]) {
      await signInAt(first);
      await world.time.advance(1000);
      expect(statusesOf(first, second)).toEqual(['authenticated', 'authenticated']);
      first.auth.signOut();
      await world.time.advance(1000);
      expect(first.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
      expect(second.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
    }
  });

  it('stay signed in where another one says "signed out" and the server says no such thing', async () => {
    const world = createBackendWorld();
    const tab = openBackendTab(world);
    await signInAt(tab);
    await world.time.advance(1000);
    const before = askedOf(world).length;
    const name = 'plex-auth-flow.https://app.example/auth/plex';
    const channel = new tab.page.window.BroadcastChannel(name);
    for (let count = 0; count < 100; count++) {
      channel.postMessage({ type: 'signedOut' });
      channel.postMessage({ type: 'signedIn' });
    }
    world.backend.interfere('/session', 'offline');
    channel.postMessage({ type: 'signedOut' });
    await world.time.advance(2000);
    expect(statusOf(tab)).toBe('authenticated');
    expect(askedOf(world).slice(before).length).toBeLessThan(8);
  });

  it('go on with the PIN of the tab that ran the sign-in so far', async () => {
    const world = createBackendWorld();
    const first = openBackendTab(world);
    first.auth.start();
    await world.time.advance(1500);
    const second = openBackendTab(world);
    second.auth.startInPopup();
    await world.time.advance(100);
    expect(statusesOf(first, second)).toEqual(['idle', 'awaitingLink']);
    expect(world.emulator.pins).toHaveLength(1);
    const view = second.auth.getSnapshot();
    expect(second.popups[0]?.shown).toEqual(['authURL' in view && view.authURL]);
    expect(second.popups[0]?.shown[0]).toContain('clientID=server-of-app');
    world.emulator.link(codeOf(second));
    second.auth.check();
    await world.time.advance(100);
    expect(statusesOf(first, second)).toEqual(['authenticated', 'authenticated']);
  });

  it('take no PIN from another script of the origin that leads to no page', async () => {
    const world = createBackendWorld();
    const first = openBackendTab(world);
    first.auth.start();
    await world.time.advance(100);
    const { session } = first.page;
    const key = Array.from({ length: session.length }, (_, index) => session.key(index) ?? '').find((name) =>
      name.includes('.pin'),
    );
    const pin = JSON.parse(session.getItem(key ?? '') ?? '') as object;
    await first.auth.dispose();
    for (const authURL of ['javascript:alert(1)', '', 5, undefined]) {
      session.setItem(key ?? '', JSON.stringify({ ...pin, authURL }));
      const tab = openBackendTab(world, {}, first.page);
      await world.time.advance(100);
      expect([authURL, statusOf(tab)]).toEqual([authURL, 'idle']);
      await tab.auth.dispose();
    }
  });

  it('share nothing with an application that has another server', async () => {
    const world = createBackendWorld();
    const first = openBackendTab(world);
    const other = openBackendTab(world, { backendURL: 'https://app.example/other/' });
    await world.time.advance(100);
    other.auth.start();
    await world.time.advance(100);
    await signInAt(first);
    await world.time.advance(5000);
    expect(statusesOf(first, other)).toEqual(['authenticated', 'requestingPin']);
  });

  it('run one sign-in with the same name, whatever the product is called', async () => {
    const world = createBackendWorld();
    const tabs = ['Wohnzimmer', 'Living Room'].map((product) => openBackendTab(world, { product }));
    for (const { auth } of tabs) auth.start();
    await world.time.advance(3000);
    expect(world.emulator.pins).toHaveLength(1);
  });
});
