import { describe, expect, it } from 'vitest';
import { finishPopup } from '../../src/browser/finish-popup.ts';
import { createMemoryStore } from '../../src/testing/index.ts';
import { createFakePage } from './fake-page.ts';
import {
  type BrowserWorld,
  codeOf,
  createBrowserWorld,
  isRunning,
  openTab,
  readsOf,
  statusOf,
} from './open-tab.ts';

const films = { product: 'Films' };
const music = { product: 'Music' };

/** The keys of an area, and what lies under them. */
function itemsOf(area: Storage): Record<string, string | null> {
  const keys = Array.from({ length: area.length }, (_, index) => area.key(index) ?? '').sort();
  return Object.fromEntries(keys.map((key) => [key, area.getItem(key)]));
}

/** Opens both applications in one tab of the origin, one page after the other would be, with tokens in `localStorage`. */
async function startBoth(world: BrowserWorld = createBrowserWorld()) {
  const credentials = world.browser.local;
  const page = createFakePage(world.browser);
  const first = openTab({ ...films, credentials }, world, page);
  first.auth.start();
  await world.time.advance(0);
  const second = openTab({ ...music, credentials }, world, page);
  second.auth.start();
  await world.time.advance(0);
  return { world, first, second, page };
}

describe('two applications on one origin', () => {
  it('run a sign-in each, of another client, and keep their PINs apart', async () => {
    const { world, first, second, page } = await startBoth();
    expect([first, second].map(statusOf)).toEqual(['awaitingLink', 'awaitingLink']);
    expect(new Set(world.emulator.pins.map(({ clientIdentifier }) => clientIdentifier)).size).toBe(2);
    expect(Object.keys(itemsOf(page.session))).toEqual([
      'plex-auth-flow.Films.pin',
      'plex-auth-flow.Music.pin',
    ]);
    expect(Object.keys(itemsOf(world.browser.local))).toEqual([
      'plex-auth-flow.Films.client-identifier',
      'plex-auth-flow.Music.client-identifier',
    ]);
  });

  it('sign in and out without one another', async () => {
    const { world, first, second } = await startBoth();
    world.emulator.link(codeOf(first));
    await world.time.advance(5000);
    expect([statusOf(first), isRunning(second)]).toEqual(['authenticated', true]);
    world.emulator.link(codeOf(second));
    await world.time.advance(5000);
    expect([first, second].map(statusOf)).toEqual(['authenticated', 'authenticated']);
    first.auth.signOut();
    await world.time.advance(5000);
    expect([first, second].map(statusOf)).toEqual(['idle', 'authenticated']);
    const next = openTab({ ...music, credentials: world.browser.local }, world);
    await world.time.advance(0);
    expect(statusOf(next)).toBe('authenticated');
  });

  it('come back from a redirect each by itself', async () => {
    const { world, first, second, page } = await startBoth();
    const opening = first.auth.startByRedirect();
    await world.time.advance(0);
    expect(await opening).toEqual({ status: 'opening' });
    await Promise.all([first.auth.dispose(), second.auth.dispose()]);
    const atMs = world.time.clock.now();
    openTab(music, world, page);
    await world.time.advance(900);
    expect(readsOf(world, atMs)).toEqual([0]);
    openTab(films, world, page);
    await world.time.advance(500);
    expect(readsOf(world, atMs)).toEqual([0, 900, 1000, 1300]);
  });

  it('are asked by their own popup, and both by one that does not say whose it is', async () => {
    const { world } = await startBoth();
    const { window } = createFakePage(world.browser);
    const atMs = world.time.clock.now();
    finishPopup({ window, name: 'Films' });
    await world.time.advance(0);
    expect(readsOf(world, atMs)).toHaveLength(1);
    finishPopup({ window });
    await world.time.advance(0);
    expect(readsOf(world, atMs)).toHaveLength(3);
  });

  it('are one where both have the same name', async () => {
    const world = createBrowserWorld();
    const tabs = [films, music].map((app) => openTab({ ...app, name: 'suite' }, world));
    for (const { auth } of tabs) {
      auth.start();
      await world.time.advance(1000);
    }
    expect(tabs.map(isRunning)).toEqual([false, true]);
    expect(world.emulator.pins).toHaveLength(1);
  });
});

describe('what lies under the keys of an earlier version', () => {
  it('moves to the first application that opens, which stays signed in', async () => {
    const world = createBrowserWorld();
    const { local } = world.browser;
    const credentials = local;
    const old = createMemoryStore();
    const before = openTab({ store: old, credentials: old, clientIdentifier: 'from-before' }, world);
    before.auth.start();
    await world.time.advance(0);
    world.emulator.link(codeOf(before));
    await world.time.advance(1000);
    await before.auth.dispose();
    local.setItem('plex-auth-flow.client-identifier', 'from-before');
    local.setItem('plex-auth-flow.credentials', String(old.getItem('plex-auth-flow.credentials')));
    const first = openTab({ ...films, credentials }, world);
    await world.time.advance(0);
    const second = openTab({ ...music, credentials }, world);
    await world.time.advance(0);
    expect([first, second].map(statusOf)).toEqual(['authenticated', 'idle']);
    expect(first.auth.getSnapshot()).toMatchObject({ clientIdentifier: 'from-before' });
    expect(itemsOf(local)['plex-auth-flow.credentials']).toBeUndefined();
    second.auth.start();
    await world.time.advance(0);
    const pin = world.emulator.pins.at(-1);
    expect(itemsOf(local)['plex-auth-flow.Music.client-identifier']).toBe(pin?.clientIdentifier);
  });

  it('is a PIN that the tab continues with', async () => {
    const world = createBrowserWorld();
    const page = createFakePage(world.browser);
    const before = openTab({ store: page.session, clientIdentifier: 'tv', name: 'x' }, world);
    before.auth.start();
    await world.time.advance(0);
    await before.auth.dispose();
    page.session.setItem('plex-auth-flow.pin', page.session.getItem('plex-auth-flow.x.pin') ?? '');
    page.session.removeItem('plex-auth-flow.x.pin');
    world.browser.local.setItem('plex-auth-flow.client-identifier', 'tv');
    const tab = openTab({}, world, page);
    await world.time.advance(0);
    expect(codeOf(tab)).toBe(codeOf(before));
    expect(Object.keys(itemsOf(page.session))).toEqual(['plex-auth-flow.Living%20Room.pin']);
  });

  it('stays where both stores are of the application, which has them to itself', async () => {
    const world = createBrowserWorld();
    const store = createMemoryStore();
    const tab = openTab({ store, credentials: store }, world);
    tab.auth.start();
    await world.time.advance(0);
    expect(store.getItem('plex-auth-flow.pin')).toContain(codeOf(tab));
  });
});
