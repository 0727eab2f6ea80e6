import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/testing/index.ts';
import { createFakeBrowser, createFakePage, type FakePage } from './fake-page.ts';
import { codeOf, createBrowserWorld, openTab, openWaiting, readsOf, statusOf, type Tab } from './open-tab.ts';

function itemsOf({ session }: FakePage): Record<string, string> {
  const names = Array.from({ length: session.length }, (_, index) => session.key(index) ?? '');
  return Object.fromEntries(names.map((name) => [name, session.getItem(name) ?? '']));
}

describe('a redirect', () => {
  it('keeps the PIN, goes to the consent page, and continues from where it comes back', async () => {
    const tab = openTab({}, createBrowserWorld({ tokenLagMs: 500 }));
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(0);
    expect(await opening).toEqual({ status: 'opening' });
    const [address = ''] = tab.page.sentTo;
    const fragment = new URLSearchParams(address.split('#?')[1]);
    expect(fragment.get('forwardUrl')).toBe('https://app.example/page#part');
    expect(address).not.toContain(String(tab.emulator.pins[0]?.id));

    tab.emulator.link(codeOf(tab));
    await tab.auth.dispose();
    const atMs = tab.time.clock.now();
    const back = openTab({}, tab, tab.page);
    await tab.time.advance(1000);
    expect(statusOf(back)).toBe('authenticated');
    expect(readsOf(back, atMs)).toEqual([0, 400, 1000]);
    expect(back.page.session.length).toBe(0);
  });

  it('reads no PIN from the address that it comes back to, nor from the mark', async () => {
    const world = createBrowserWorld();
    // An attacker's PIN, which they have approved with their own account.
    const ownPage = createFakePage(world.browser);
    const attacker = openTab({ clientIdentifier: 'tv' }, world, ownPage);
    attacker.auth.start();
    await world.time.advance(0);
    const [stored = ''] = Object.values(itemsOf(ownPage)).filter((item) => item.includes('"pinID"'));
    const { pinID, code } = JSON.parse(stored);
    world.emulator.link(code);
    await attacker.auth.dispose();

    const planted = new URLSearchParams({
      pin: stored,
      pinID,
      id: pinID,
      code,
      state: stored,
      resume: pinID,
    });
    const location = {
      href: `https://app.example/page?${planted}#${planted}`,
      origin: 'https://app.example',
      search: `?${planted}`,
      hash: `#${planted}`,
      assign: () => {},
    };
    const page = createFakePage(world.browser, { location });
    for (const mark of ['1', stored, String(pinID), '{"__proto__":{}}']) {
      const { requests } = world.emulator;
      const before = requests.length;
      page.session.setItem('plex-auth-flow.Living Room.returning', mark);
      const back = openTab({ clientIdentifier: 'tv' }, world, page);
      await world.time.advance(2000);
      expect([mark, statusOf(back), requests.length]).toEqual([mark, 'idle', before]);
      back.auth.start();
      await world.time.advance(2000);
      expect(statusOf(back)).toMatch(/awaitingLink|fetchingToken/);
      expect(requests.slice(before).filter(({ path }) => path.includes(String(pinID)))).toEqual([]);
      back.auth.cancel();
      await back.auth.dispose();
    }
  });

  it('is refused where the browser keeps nothing between two pages, and the flow runs', async () => {
    const page = createFakePage(createFakeBrowser(), { sessionStorage: undefined });
    const tab = openTab({}, createBrowserWorld(), page);
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(0);
    expect(await opening).toMatchObject({ status: 'refused', error: { code: 'PLEX_STORE' } });
    expect(page.sentTo).toEqual([]);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('is refused in a frame, where the consent page does not open, and the flow runs', async () => {
    const page = createFakePage(createFakeBrowser(), { top: {} });
    const tab = openTab({}, createBrowserWorld(), page);
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(0);
    expect(await opening).toMatchObject({ status: 'refused', error: { code: 'PLEX_FRAMED' } });
    expect([page.sentTo, statusOf(tab)]).toEqual([[], 'awaitingLink']);
  });

  it('closes the popup before it leaves', async () => {
    const tab = openTab();
    tab.auth.startInPopup();
    await tab.time.advance(0);
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(0);
    expect(await opening).toEqual({ status: 'opening' });
    expect(tab.popups.map(({ closed }) => closed)).toEqual([true]);
  });

  it('leaves nowhere once the engine has ended', async () => {
    const tab = await openWaiting();
    await tab.auth.dispose();
    expect(await tab.auth.startByRedirect()).toEqual({ status: 'unneeded' });
    expect(tab.page.sentTo).toEqual([]);
  });

  it('leaves nowhere where the engine ends while the PIN is being kept', async () => {
    const store = createMemoryStore();
    const slow = {
      ...store,
      setItem: (key: string, value: string) => Promise.resolve().then(() => store.setItem(key, value)),
    };
    const tab = await openWaiting({ store: slow });
    const opening = tab.auth.startByRedirect();
    await Promise.resolve();
    void tab.auth.dispose();
    await tab.time.advance(1000);
    expect(await opening).toEqual({ status: 'unneeded' });
    expect(tab.page.sentTo).toEqual([]);
  });

  it('leaves only once the PIN is stored', async () => {
    const world = createBrowserWorld();
    const kept = createMemoryStore();
    const slow = {
      ...kept,
      setItem: (key: string, value: string) =>
        new Promise<void>((resolve) => {
          world.time.clock.setTimeout(() => resolve(void kept.setItem(key, value)), 300);
        }),
    };
    const tab = openTab({ store: slow, clientIdentifier: 'tv' }, world);
    const opening = tab.auth.startByRedirect();
    // Twice 300 ms: the engine stores the PIN, and the redirect stores it again to learn the outcome.
    await world.time.advance(599);
    expect(tab.page.sentTo).toEqual([]);
    await world.time.advance(1);
    expect(await opening).toEqual({ status: 'opening' });
    expect(tab.page.sentTo).toHaveLength(1);
  });

  it('waits for a read that began while the PIN was being stored, and leaves nowhere if that brings the token', async () => {
    const store = createMemoryStore();
    let finishWrite = () => {};
    const slow = {
      ...store,
      async setItem(key: string, value: string) {
        store.setItem(key, value);
        await new Promise<void>((finish) => {
          finishWrite = finish;
        });
      },
    };
    const tab = await openWaiting({ store: slow, clientIdentifier: 'tv' });
    finishWrite();
    tab.emulator.fault({ type: 'slow', delayMs: 500 }, { operation: 'getToken' });
    tab.emulator.link(codeOf(tab));
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(0);
    tab.auth.check();
    finishWrite();
    await tab.time.advance(400);
    expect([statusOf(tab), tab.page.sentTo]).toEqual(['fetchingToken', []]);
    finishWrite();
    await tab.time.advance(100);
    expect(await opening).toEqual({ status: 'unneeded' });
    expect([statusOf(tab), tab.page.sentTo]).toEqual(['authenticated', []]);
  });

  it('is refused after a while where the store of the application never answers, and the flow runs', async () => {
    const store = { ...createMemoryStore(), setItem: () => new Promise(() => {}) };
    const tab = openTab({ store, requestTimeoutMs: 3000 });
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(20_000);
    expect(await opening).toMatchObject({ status: 'refused', error: { code: 'PLEX_STORE' } });
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(2000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('is refused where the store of the application fails', async () => {
    const store = { ...createMemoryStore(), setItem: () => Promise.reject(new Error('full')) };
    const tab = openTab({ store });
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(0);
    expect(await opening).toMatchObject({ status: 'refused', error: { code: 'PLEX_STORE' } });
    expect(tab.page.sentTo).toEqual([]);
  });

  it.each([
    ['a cancel', (tab: Tab) => tab.auth.cancel()],
    ['the end of the engine', (tab: Tab) => void tab.auth.dispose()],
  ])('is not needed after %s', async (_, end) => {
    const world = createBrowserWorld();
    world.emulator.fault({ type: 'slow', delayMs: 300 }, { operation: 'getPin' });
    const tab = openTab({}, world);
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(100);
    end(tab);
    await tab.time.advance(1000);
    expect(await opening).toEqual({ status: 'unneeded' });
    expect(tab.page.sentTo).toEqual([]);
  });

  it.each(['https://other.example/', 'javascript:alert(1)', '/page'])(
    'refuses to come back to %s',
    (returnURL) => {
      expect(() => openTab().auth.startByRedirect(returnURL)).toThrow(/returnURL must be/);
    },
  );
});
