import { describe, expect, it } from 'vitest';
import { codeOf, openTab, openWaiting, readsOf, statusOf } from './open-tab.ts';

describe('the hints of a page', () => {
  it.each(['focus', 'visibilitychange', 'pageshow', 'online'])('asks at once on %s', async (event) => {
    const tab = await openWaiting();
    tab.emulator.link(codeOf(tab));
    tab.page.fire(event);
    await tab.time.advance(0);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('takes the events of one return for one hint', async () => {
    const tab = await openWaiting();
    const atMs = tab.time.clock.now();
    for (const event of ['visibilitychange', 'focus', 'pageshow']) {
      tab.page.fire(event);
      await tab.time.advance(50);
    }
    expect(readsOf(tab, atMs)).toEqual([0]);
    await tab.time.advance(400);
    tab.page.fire('focus');
    await tab.time.advance(0);
    expect(readsOf(tab, atMs)).toEqual([0, 550]);
  });

  it('heeds online right after another hint: an offline page waits for nothing else', async () => {
    const tab = await openWaiting();
    const atMs = tab.time.clock.now();
    tab.page.fire('focus');
    await tab.time.advance(100);
    tab.page.fire('online');
    await tab.time.advance(0);
    expect(readsOf(tab, atMs)).toEqual([0, 100]);
  });

  it('heeds the user although the browser says that it is offline, which is often wrong', async () => {
    const tab = await openWaiting();
    const atMs = tab.time.clock.now();
    tab.page.online = false;
    tab.page.fire('focus');
    await tab.time.advance(0);
    expect(readsOf(tab, atMs)).toEqual([0]);
  });

  it('heeds online behind other windows, and no other event there', async () => {
    const tab = await openWaiting();
    const atMs = tab.time.clock.now();
    tab.page.hidden = true;
    tab.page.fire('visibilitychange');
    tab.page.fire('focus');
    await tab.time.advance(0);
    expect(readsOf(tab, atMs)).toEqual([]);
    tab.page.fire('online');
    await tab.time.advance(0);
    expect(readsOf(tab, atMs)).toEqual([0]);
  });
});

describe('the pace of a page', () => {
  it('is five seconds at least while nobody sees it', async () => {
    const tab = openTab();
    tab.page.hidden = true;
    tab.auth.start();
    await tab.time.advance(0);
    const atMs = tab.time.clock.now();
    await tab.time.advance(60_000);
    expect(readsOf(tab, atMs)).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) * 5000));
  });

  it.each([false, true])(
    'is ten seconds at least while the browser says that it is offline (hidden: %s)',
    async (hidden) => {
      const tab = openTab();
      Object.assign(tab.page, { online: false, hidden });
      tab.auth.start();
      await tab.time.advance(0);
      const atMs = tab.time.clock.now();
      await tab.time.advance(30_000);
      expect(readsOf(tab, atMs)).toEqual([10_000, 20_000, 30_000]);
    },
  );

  it('is signed in although the browser says that it is offline', async () => {
    const tab = openTab();
    tab.page.online = false;
    tab.auth.start();
    await tab.time.advance(2000);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(30_000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('comes after the policy of the application', async () => {
    const tab = await openWaiting({ polling: { adjustDelayMs: (delayMs) => delayMs * 3 } });
    const atMs = tab.time.clock.now();
    await tab.time.advance(6000);
    expect(readsOf(tab, atMs)).toEqual([3000, 6000]);
  });
});
