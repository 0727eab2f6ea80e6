import { describe, expect, it } from 'vitest';
import { createBrowserPlexAuth } from '../../src/browser/create-browser-plex-auth.ts';
import { finishPopup } from '../../src/browser/finish-popup.ts';
import { createWorld } from '../fixture/create-flow.ts';
import { createFakePage, createFakeStorage } from './fake-page.ts';
import { createBrowserWorld, expectNothingLeft, openTab, openWaiting, statusOf } from './open-tab.ts';

describe('the end of an engine', () => {
  it.each([0, 1, 1050, 2000])('leaves nothing %i ms after its start', async (ms) => {
    const world = createBrowserWorld();
    world.emulator.fault({ type: 'slow', delayMs: 100 }, { times: Number.POSITIVE_INFINITY });
    const tab = openTab({ credentials: createFakeStorage() }, world);
    tab.auth.startInPopup();
    if (ms > 0) await tab.time.advance(ms);
    tab.page.fire('focus');
    await tab.auth.dispose();
    await tab.time.advance(0);
    expectNothingLeft(tab);
    tab.auth.start();
    tab.auth.check();
    tab.auth.cancel();
    await tab.time.advance(1000);
    expectNothingLeft(tab);
  });

  it('leaves the way free for the next one, as a component that mounts twice needs it', async () => {
    const world = createBrowserWorld();
    const page = createFakePage(world.browser);
    const first = openTab({}, world, page);
    first.auth.start();
    await first.auth.dispose();
    const second = openTab({}, world, page);
    second.auth.start();
    // The first one's lock may come just before the second asks for it; then that one waits for an answer.
    await world.time.advance(500);
    expect(statusOf(second)).toBe('awaitingLink');
    await second.auth.dispose();
    await world.time.advance(0);
    expectNothingLeft(second);
  });

  it('leaves nothing after a hand-over, and answers nobody who waits for one', async () => {
    const world = createBrowserWorld();
    const first = await openWaiting({}, world);
    world.emulator.fault({ type: 'slow', delayMs: 300 }, { operation: 'getToken' });
    await world.time.advance(1100);
    const second = openTab({}, world);
    second.auth.start();
    await world.time.advance(50);
    await first.auth.dispose();
    await world.time.advance(500);
    expect(statusOf(second)).toBe('awaitingLink');
    const third = openTab({}, world);
    third.auth.start();
    await world.time.advance(10);
    expect(statusOf(third)).toBe('awaitingLink');
    await second.auth.dispose();
    await third.auth.dispose();
    await world.time.advance(0);
    for (const tab of [first, second, third]) expectNothingLeft(tab);
  });

  it('leaves nothing after an ask that nobody answers', async () => {
    const world = createBrowserWorld();
    void world.browser.locks
      .request('plex-auth-flow.Living Room', {}, () => new Promise(() => {}))
      .catch(() => {});
    const tab = openTab({}, world);
    tab.auth.start();
    await world.time.advance(100);
    await tab.auth.dispose();
    await world.time.advance(0);
    expect([world.time.timers, tab.page.listeners, world.browser.channels.size]).toEqual([0, 0, 0]);
    expect(world.emulator.requests).toEqual([]);
  });
});

describe('a server, where there is no page', () => {
  it('makes an engine that waits, opens nothing and throws nothing', async () => {
    const { time, emulator } = createWorld();
    const auth = createBrowserPlexAuth({ product: 'Living Room', clock: time.clock, fetch: emulator.fetch });
    expect(auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(await auth.startByRedirect()).toMatchObject({ status: 'refused' });
    expect(auth.startInPopup()).toMatchObject({ status: 'refused' });
    finishPopup();
    await auth.dispose();
    await time.advance(0);
    expect(time.timers).toBe(0);
  });
});
