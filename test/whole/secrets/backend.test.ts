/** A whole sign-in over an application's server, and a search for the token in everything that the page had. */
import { describe, expect, it } from 'vitest';
import { createBackendWorld, openBackendTab, signInAt } from '../../browser/backend-tab.ts';
import { tracesOf } from './traces.ts';

describe('a token that stays on the application’s server', () => {
  it('is nowhere in what the page receives, holds, stores, shows and sends', async () => {
    const seen: unknown[] = [];
    const world = createBackendWorld();
    const sent: unknown[] = [];
    const network = {
      ...world.network,
      fetch: async (input: string | URL | Request, init?: RequestInit) => {
        const response = await world.network.fetch(input, init);
        const request = new Request(input, init);
        sent.push(request.url, [...request.headers], await response.clone().text(), [...response.headers]);
        return response;
      },
    };
    const tab = openBackendTab({ ...world, network }, { inspect: (event) => seen.push(event) });
    const other = openBackendTab({ ...world, network });
    const token = await signInAt(tab);
    await tab.time.advance(1000);
    await tab.auth.verify();
    const view = tab.auth.getSnapshot();
    expect([view.status, other.auth.getSnapshot().status]).toEqual(['authenticated', 'authenticated']);
    const itemsOf = (storage: Storage) =>
      Array.from({ length: storage.length }, (_, index) => {
        const key = storage.key(index) ?? '';
        return [key, storage.getItem(key)];
      });
    const exhibits = {
      view,
      views: [...tab.views, ...other.views],
      auth: tab.auth,
      snapshot: tab.auth.actor.getSnapshot(),
      persisted: tab.auth.actor.getPersistedSnapshot(),
      inspected: seen,
      sent,
      received: world.backend.sent,
      local: itemsOf(world.browser.local),
      session: [tab, other].map(({ page }) => itemsOf(page.session)),
      cookies: world.network.cookies,
      popups: tab.popups,
    };
    expect(sent.length).toBeGreaterThan(10);
    // The search finds what is there.
    const { code } = world.emulator.pins[0] ?? { code: '' };
    expect(tracesOf(code, exhibits).length).toBeGreaterThan(0);
    expect(tracesOf(token, exhibits)).toEqual([]);
    const credentials = tab.auth.actor.getSnapshot().context.credentials;
    expect(credentials?.token.reveal()).toBe('session-1');
    tab.auth.signOut();
    await tab.time.advance(1000);
    expect(tracesOf(token, { ...exhibits, sent, views: tab.views })).toEqual([]);
  });

  it('is nowhere either where the sign-in goes on after a redirect', async () => {
    const world = createBackendWorld();
    const tab = openBackendTab(world);
    void tab.auth.startByRedirect();
    await world.time.advance(0);
    const token = world.emulator.link(world.emulator.pins[0]?.code ?? '');
    const { session } = tab.page;
    const items = () =>
      Array.from({ length: session.length }, (_, index) => session.getItem(session.key(index) ?? ''));
    const stored = items();
    await tab.auth.dispose();
    const back = openBackendTab(world, {}, tab.page);
    await world.time.advance(0);
    expect(back.auth.getSnapshot().status).toBe('authenticated');
    expect(tracesOf(token, { stored, later: items(), address: tab.page.sentTo, views: back.views })).toEqual(
      [],
    );
  });
});
