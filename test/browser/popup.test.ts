import { describe, expect, it } from 'vitest';
import { finishPopup } from '../../src/browser/finish-popup.ts';
import { createFakePage } from './fake-page.ts';
import { codeOf, createBrowserWorld, openTab, openWaiting, readsOf, statusOf, type Tab } from './open-tab.ts';

describe('a popup', () => {
  it('is opened in the call itself, and shows the page once there is a code', async () => {
    const tab = openTab();
    expect(tab.auth.startInPopup()).toEqual({ status: 'opening' });
    expect(tab.popups).toHaveLength(1);
    expect(tab.popups[0]?.shown).toEqual([]);
    await tab.time.advance(0);
    const view = tab.auth.getSnapshot();
    expect(tab.popups[0]?.shown).toEqual(['authURL' in view && view.authURL]);
  });

  it('is read about at once, and in a burst, when it is gone', async () => {
    const tab = openTab({}, createBrowserWorld({ tokenLagMs: 900 }));
    tab.auth.startInPopup();
    await tab.time.advance(1010);
    const [popup] = tab.popups;
    if (popup) popup.closed = true;
    tab.emulator.link(codeOf(tab));
    const atMs = tab.time.clock.now();
    await tab.time.advance(1240);
    // It is looked at each 250 ms: 240 ms from here, and then 400 and 1000 ms later.
    expect(readsOf(tab, atMs)).toEqual([240, 640, 1240]);
    expect(statusOf(tab)).toBe('authenticated');
    expect(tab.time.timers).toBe(0);
  });

  it('is no reason to stop when it is gone', async () => {
    const tab = openTab();
    tab.auth.startInPopup();
    await tab.time.advance(0);
    for (const popup of tab.popups) popup.closed = true;
    await tab.time.advance(60_000);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(5000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it.each([
    ['the sign-in', (tab: Tab) => void tab.emulator.link(codeOf(tab))],
    ['a cancel', (tab: Tab) => tab.auth.cancel()],
    ['the end of the engine', (tab: Tab) => void tab.auth.dispose()],
  ])('is closed by %s', async (_, end) => {
    const tab = openTab();
    tab.auth.startInPopup();
    await tab.time.advance(0);
    end(tab);
    await tab.time.advance(1000);
    expect(tab.popups[0]?.closed).toBe(true);
  });

  it('is closed by a cancel that comes before the start', async () => {
    const tab = openTab();
    tab.auth.startInPopup();
    tab.auth.cancel();
    await tab.time.advance(1000);
    expect(tab.popups[0]?.closed).toBe(true);
    expect(tab.emulator.requests).toEqual([]);
    expect(tab.browser.locks.isHeld).toBe(false);
  });

  it.each([
    ['answers null', () => null],
    [
      'throws',
      () => {
        throw new Error('not here');
      },
    ],
  ])('is refused where the browser %s, and the flow continues', async (_, opener) => {
    const tab = openTab({ opener });
    const opening = tab.auth.startInPopup();
    expect(opening).toMatchObject({ status: 'refused', error: { code: 'PLEX_POPUP_BLOCKED' } });
    await tab.time.advance(0);
    expect(statusOf(tab)).toBe('awaitingLink');
  });

  it('takes the place of an earlier one, for the same PIN', async () => {
    const tab = openTab();
    tab.auth.startInPopup();
    await tab.time.advance(0);
    tab.auth.startInPopup();
    await tab.time.advance(0);
    expect(tab.popups.map(({ closed }) => closed)).toEqual([true, false]);
    expect(tab.popups[1]?.shown).toEqual(tab.popups[0]?.shown);
    expect(tab.emulator.pins).toHaveLength(1);
  });

  it('shows the renewed code', async () => {
    const tab = openTab({ renewals: 1 });
    tab.auth.startInPopup();
    await tab.time.advance(1_801_000);
    expect(tab.popups[0]?.shown).toHaveLength(2);
    expect(tab.popups[0]?.closed).toBe(false);
  });

  it('is not needed while a token is held, nor after the end', async () => {
    const tab = await openWaiting();
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(tab.auth.startInPopup()).toEqual({ status: 'unneeded' });
    await tab.auth.dispose();
    expect(tab.auth.startInPopup()).toEqual({ status: 'unneeded' });
    expect(tab.popups).toEqual([]);
  });

  it('is only asked about where a page says so before the user has approved', async () => {
    const tab = await openWaiting();
    const atMs = tab.time.clock.now();
    finishPopup({ window: createFakePage(tab.browser).window });
    await tab.time.advance(0);
    expect([statusOf(tab), readsOf(tab, atMs)]).toEqual(['awaitingLink', [0]]);
    for (const { name } of [...tab.browser.channels]) {
      const Channel = createFakePage(tab.browser).window.BroadcastChannel;
      const forged = { token: 'forged', clientIdentifier: 'tv', credentials: { token: 'forged' } };
      for (const type of ['returned', 'signedIn', 'signedOut', 'answer', 'ask', 'RESTORE'])
        new Channel(name).postMessage({ type, ...forged });
    }
    await tab.time.advance(10_000);
    expect(statusOf(tab)).toBe('awaitingLink');
    expect(JSON.stringify(tab.auth.getSnapshot())).not.toContain('forged');
  });

  it('ends with the message of its last page, which reads at once', async () => {
    const tab = await openWaiting();
    tab.emulator.link(codeOf(tab));
    tab.page.hidden = true;
    finishPopup({ window: createFakePage(tab.browser).window });
    await tab.time.advance(0);
    expect(statusOf(tab)).toBe('authenticated');
    // Those of the waiting tab alone.
    expect(tab.browser.channels.size).toBe(2);
  });
});
