import { describe, expect, it } from 'vitest';
import {
  type BrowserPlexAuth,
  type BrowserPlexAuthOptions,
  createBrowserPlexAuth,
  finishPopup,
} from '../../src/browser/create-browser-plex-auth.ts';
import {
  createMemoryStore,
  createPlexEmulator,
  createVirtualTime,
  type PlexEmulator,
  type PlexEmulatorOptions,
  type VirtualTime,
} from '../../src/testing/index.ts';
import {
  createFakeBrowser,
  createFakePage,
  createFakePopup,
  createFakeStorage,
  type FakeBrowser,
  type FakePage,
  type FakePopup,
} from './fake-page.ts';

interface World {
  time: VirtualTime;
  plex: PlexEmulator;
  browser: FakeBrowser;
}

interface Tab extends World {
  page: FakePage;
  auth: BrowserPlexAuth;
  /** The windows that were opened, oldest first. */
  popups: FakePopup[];
  statuses: string[];
}

function createWorld(options: PlexEmulatorOptions = {}): World {
  const time = createVirtualTime();
  return { time, plex: createPlexEmulator({ clock: time.clock, ...options }), browser: createFakeBrowser() };
}

function openTab(
  options: Partial<BrowserPlexAuthOptions> = {},
  world = createWorld(),
  page = createFakePage(world.browser),
): Tab {
  const popups: FakePopup[] = [];
  const auth = createBrowserPlexAuth({
    product: 'Living Room',
    clock: world.time.clock,
    fetch: world.plex.fetch,
    random: () => 0,
    window: page.window,
    opener() {
      const popup = createFakePopup();
      popups.push(popup);
      return popup;
    },
    ...options,
  });
  const statuses: string[] = [];
  auth.subscribe(({ status }) => {
    if (statuses.at(-1) !== status) statuses.push(status);
  });
  return { ...world, page, auth, popups, statuses };
}

const statusOf = ({ auth }: Tab) => auth.getSnapshot().status;

function codeOf({ auth }: Tab): string {
  const view = auth.getSnapshot();
  return 'code' in view ? view.code : '';
}

/** When the reads so far went out, in milliseconds since `sinceMs`. */
function readsOf({ plex }: Pick<World, 'plex'>, sinceMs: number): number[] {
  return plex.requests
    .filter(({ method, path }) => method === 'GET' && path.includes('/pins/'))
    .map(({ atMs }) => atMs - sinceMs)
    .filter((atMs) => atMs >= 0);
}

async function openWaiting(options?: Partial<BrowserPlexAuthOptions>, world?: World): Promise<Tab> {
  const tab = openTab(options, world);
  tab.auth.start();
  await tab.time.advance(0);
  expect(statusOf(tab)).toBe('awaitingLink');
  return tab;
}

function expectNothingLeft({ time, page, browser }: Tab): void {
  expect({
    timers: time.timers,
    listeners: page.listeners,
    channels: browser.channels.size,
    isLocked: browser.locks.isHeld,
  }).toEqual({ timers: 0, listeners: 0, channels: 0, isLocked: false });
}

describe('the hints of a page', () => {
  it.each(['focus', 'visibilitychange', 'pageshow', 'online'])('asks at once on %s', async (event) => {
    const tab = await openWaiting();
    tab.plex.link(codeOf(tab));
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

  it('heeds nothing while the page is offline', async () => {
    const tab = await openWaiting();
    const atMs = tab.time.clock.now();
    tab.page.online = false;
    tab.page.fire('focus');
    await tab.time.advance(0);
    expect(readsOf(tab, atMs)).toEqual([]);
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

  it('is none at all while it is offline, until the deadline', async () => {
    const tab = openTab();
    tab.auth.start();
    await tab.time.advance(0);
    tab.page.online = false;
    await tab.time.advance(1000);
    const atMs = tab.time.clock.now();
    await tab.time.advance(600_000);
    expect(readsOf(tab, atMs)).toEqual([0]);
  });

  it('comes after the policy of the application', async () => {
    const tab = await openWaiting({ polling: { adjustDelayMs: (delayMs) => delayMs * 3 } });
    const atMs = tab.time.clock.now();
    await tab.time.advance(6000);
    expect(readsOf(tab, atMs)).toEqual([3000, 6000]);
  });
});

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
    const tab = openTab({}, createWorld({ tokenLagMs: 900 }));
    tab.auth.startInPopup();
    await tab.time.advance(1010);
    const [popup] = tab.popups;
    if (popup) popup.closed = true;
    tab.plex.link(codeOf(tab));
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
    tab.plex.link(codeOf(tab));
    await tab.time.advance(5000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it.each([
    ['the sign-in', (tab: Tab) => void tab.plex.link(codeOf(tab))],
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
    expect(tab.plex.requests).toEqual([]);
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
  ])('is refused where the browser %s, and the flow goes on', async (_, opener) => {
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
    expect(tab.plex.pins).toHaveLength(1);
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
    tab.plex.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(tab.auth.startInPopup()).toEqual({ status: 'unneeded' });
    await tab.auth.dispose();
    expect(tab.auth.startInPopup()).toEqual({ status: 'unneeded' });
    expect(tab.popups).toEqual([]);
  });

  it('ends with the message of its last page, which reads at once', async () => {
    const tab = await openWaiting();
    tab.plex.link(codeOf(tab));
    tab.page.hidden = true;
    finishPopup({ window: createFakePage(tab.browser).window });
    await tab.time.advance(0);
    expect(statusOf(tab)).toBe('authenticated');
    expect(tab.browser.channels.size).toBe(1);
  });
});

describe('a redirect', () => {
  it('keeps the PIN, goes to the consent page, and goes on from where it comes back', async () => {
    const tab = openTab({}, createWorld({ tokenLagMs: 500 }));
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(0);
    expect(await opening).toEqual({ status: 'opening' });
    const [address = ''] = tab.page.sentTo;
    const fragment = new URLSearchParams(address.split('#?')[1]);
    expect(fragment.get('forwardUrl')).toBe('https://app.example/page#part');
    expect(address).not.toContain(String(tab.plex.pins[0]?.id));

    tab.plex.link(codeOf(tab));
    await tab.auth.dispose();
    const atMs = tab.time.clock.now();
    const back = openTab({}, tab, tab.page);
    await tab.time.advance(1000);
    expect(statusOf(back)).toBe('authenticated');
    expect(readsOf(back, atMs)).toEqual([0, 400, 1000]);
    expect(back.page.session.length).toBe(0);
  });

  it('is refused where the browser keeps nothing between two pages, and the flow runs', async () => {
    const page = createFakePage(createFakeBrowser(), { sessionStorage: undefined });
    const tab = openTab({}, createWorld(), page);
    const opening = tab.auth.startByRedirect();
    await tab.time.advance(0);
    expect(await opening).toMatchObject({ status: 'refused', error: { code: 'PLEX_STORE' } });
    expect(page.sentTo).toEqual([]);
    tab.plex.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
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
    const world = createWorld();
    world.plex.fault({ type: 'slow', delayMs: 300 }, { operation: 'getPin' });
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

describe('a storage that the browser blocks', () => {
  const denied = {
    get() {
      throw new DOMException('denied', 'SecurityError');
    },
  };
  const blocked = Object.defineProperties({}, { localStorage: denied, sessionStorage: denied });
  const full = () => {
    const storage = createFakeStorage();
    return Object.assign(storage, {
      setItem() {
        throw new DOMException('full', 'QuotaExceededError');
      },
    });
  };

  it.each([
    ['as a whole', blocked],
    ['for each write', { localStorage: full(), sessionStorage: full() }],
  ])('%s is said in the view, and the flow runs', async (_, missing) => {
    const tab = openTab({}, createWorld(), createFakePage(createFakeBrowser(), missing));
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'idle', lastError: { code: 'PLEX_STORE' } });
    tab.auth.start();
    await tab.time.advance(0);
    tab.plex.link(codeOf(tab));
    await tab.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('still gives the identifier of an earlier life where it is only full', async () => {
    const localStorage = full();
    localStorage.getItem = (key) => (key === 'plex-auth-flow.client-identifier' ? 'from-before' : null);
    const tab = openTab({}, createWorld(), createFakePage(createFakeBrowser(), { localStorage }));
    tab.auth.start();
    await tab.time.advance(0);
    expect(tab.plex.pins[0]?.clientIdentifier).toBe('from-before');
  });

  it('matters to nobody who brings a store', () => {
    const tab = openTab(
      { store: createMemoryStore() },
      createWorld(),
      createFakePage(createFakeBrowser(), blocked),
    );
    expect(tab.auth.getSnapshot()).toEqual({ status: 'idle' });
  });
});

describe('tabs', () => {
  const running = (tab: Tab) => ['requestingPin', 'awaitingLink', 'fetchingToken'].includes(statusOf(tab));

  it('run one flow, with one PIN, where two start in the same moment', async () => {
    const world = createWorld();
    const tabs = [openTab({}, world), openTab({}, world)];
    for (const { auth } of tabs) auth.start();
    await world.time.advance(3000);
    expect(tabs.filter(running)).toHaveLength(1);
    expect(world.plex.pins).toHaveLength(1);
  });

  it('hand the PIN over once the read that is out has answered', async () => {
    const world = createWorld();
    const first = await openWaiting({}, world);
    world.plex.fault({ type: 'slow', delayMs: 200 }, { operation: 'getToken' });
    await world.time.advance(1100);
    expect(statusOf(first)).toBe('fetchingToken');
    const second = openTab({}, world);
    second.auth.startInPopup();
    await world.time.advance(90);
    expect(second.popups[0]?.shown).toEqual([]);
    await world.time.advance(50);
    expect(statusOf(first)).toBe('idle');
    expect(second.popups[0]?.shown).toHaveLength(1);
    expect(world.plex.pins).toHaveLength(1);
    expect(second.page.session.getItem('plex-auth-flow.pin')).toContain(String(world.plex.pins[0]?.id));
    expect(first.page.session.getItem('plex-auth-flow.pin')).toBe(null);
  });

  it('keep the token that the read brings while another tab asks for the flow', async () => {
    const world = createWorld();
    const credentials = createFakeStorage();
    const first = await openWaiting({ credentials }, world);
    world.plex.link(codeOf(first));
    world.plex.fault({ type: 'slow', delayMs: 2000 }, { operation: 'getToken' });
    await world.time.advance(1100);
    const second = openTab({ credentials }, world);
    second.auth.start();
    await world.time.advance(5000);
    expect([statusOf(first), statusOf(second)]).toEqual(['authenticated', 'authenticated']);
    const tokens = [first, second].map(({ auth }) => {
      const view = auth.getSnapshot();
      return view.status === 'authenticated' && view.token.reveal();
    });
    expect(tokens[0]).toBe(tokens[1]);
  });

  it('take the flow after half a second from a tab that does not answer', async () => {
    const world = createWorld();
    const silent = world.browser.locks.request('plex-auth-flow', {}, () => new Promise(() => {}));
    const lost = silent.catch((error: Error) => error.name);
    const tab = openTab({}, world);
    tab.auth.start();
    await world.time.advance(499);
    expect(statusOf(tab)).toBe('idle');
    await world.time.advance(1);
    expect(statusOf(tab)).toBe('awaitingLink');
    expect(await lost).toBe('AbortError');
  });

  it('stop where the flow is taken without a word', async () => {
    const tab = await openWaiting();
    void tab.browser.locks.request('plex-auth-flow', { steal: true }, () => new Promise(() => {}));
    await tab.time.advance(0);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'idle', reason: 'cancelled' });
  });

  it('start once where start is called twice', async () => {
    const tab = openTab();
    tab.auth.start();
    tab.auth.start();
    tab.auth.startInPopup();
    await tab.time.advance(2000);
    expect(tab.statuses).not.toContain('idle');
    expect(tab.plex.pins).toHaveLength(1);
  });

  it.each([
    ['no locks', { locks: undefined }],
    [
      'locks that refuse',
      { locks: { request: () => Promise.reject(new DOMException('no', 'SecurityError')) } },
    ],
    ['no BroadcastChannel', { BroadcastChannel: undefined }],
    [
      'a BroadcastChannel that throws',
      {
        BroadcastChannel: class {
          constructor() {
            throw new DOMException('no', 'SecurityError');
          }
        },
      },
    ],
  ])('are each on their own with %s', async (_, missing) => {
    const world = createWorld();
    const tab = openTab({}, world, createFakePage(world.browser, missing));
    tab.auth.start();
    await world.time.advance(0);
    expect(statusOf(tab)).toBe('awaitingLink');
    tab.plex.link(codeOf(tab));
    await world.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
    finishPopup({ window: tab.page.window });
  });

  it('see a sign-in, and its end, in one another', async () => {
    const world = createWorld();
    const credentials = createFakeStorage();
    const first = await openWaiting({ credentials }, world);
    const second = openTab({ credentials }, world);
    await world.time.advance(0);
    world.plex.link(codeOf(first));
    await world.time.advance(1000);
    expect(statusOf(second)).toBe('authenticated');
    first.auth.signOut();
    await world.time.advance(0);
    expect(second.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
  });

  it.each([
    ['refuses the revocation', { type: 'status', status: 500 }],
    ['answers nothing', { type: 'hang' }],
  ] as const)('go out with one another where Plex %s', async (_, fault) => {
    const world = createWorld();
    const credentials = createFakeStorage();
    const first = await openWaiting({ credentials }, world);
    const second = openTab({ credentials }, world);
    const third = openTab({ credentials }, world);
    world.plex.link(codeOf(first));
    await world.time.advance(1000);
    world.plex.fault(fault, { operation: 'signOut', times: Number.POSITIVE_INFINITY });
    // The one that took the token over signs out, and the store keeps nothing of it.
    second.auth.signOut();
    await world.time.advance(300);
    expect(credentials.length).toBe(0);
    for (const tab of [first, third])
      expect(tab.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
  });

  it('keep a token that no store holds yet where another tab signs out', async () => {
    const world = createWorld();
    const shared = createFakeStorage();
    let letGo = () => {};
    const slow = {
      ...shared,
      setItem: (key: string, value: string) =>
        new Promise<void>((written) => {
          letGo = () => written(shared.setItem(key, value));
        }),
    };
    const tab = await openWaiting({ credentials: slow }, world);
    world.plex.link(codeOf(tab));
    await world.time.advance(1000);
    const channel = new tab.page.window.BroadcastChannel('plex-auth-flow');
    channel.postMessage({ type: 'signedOut' });
    await world.time.advance(5000);
    expect(statusOf(tab)).toBe('authenticated');
    letGo();
    await world.time.advance(0);
    expect(shared.length).toBe(1);
  });

  it.each([
    ['another server', { serverURL: 'https://other.example' }],
    ['codes to type', { strong: false }],
  ])('run a flow of their own for %s', async (_, options) => {
    const world = createWorld();
    const first = await openWaiting({}, world);
    const second = openTab(options, world);
    second.auth.startInPopup();
    await world.time.advance(1000);
    expect([running(first), running(second)]).toEqual([true, true]);
    expect(codeOf(second)).not.toBe(codeOf(first));
    // The next page of this tab goes on with the PIN of its own kind.
    await first.auth.dispose();
    const next = openTab(options, world, first.page);
    await world.time.advance(0);
    expect(statusOf(next)).toBe('idle');
    const again = openTab({}, world, first.page);
    await world.time.advance(0);
    expect(codeOf(again)).toBe(codeOf(first));
  });

  it('find a token that shows late in the shared store', async () => {
    const world = createWorld();
    const shared = createFakeStorage();
    const late = {
      ...shared,
      getItem: (key: string) => (world.time.clock.now() < lateMs ? null : shared.getItem(key)),
    };
    const lateMs = world.time.clock.now() + 1800;
    const first = await openWaiting({ credentials: shared }, world);
    const second = openTab({ credentials: late }, world);
    world.plex.link(codeOf(first));
    await world.time.advance(1500);
    expect(statusOf(second)).toBe('idle');
    await world.time.advance(1000);
    expect(statusOf(second)).toBe('authenticated');
  });

  it('take a newer token in place of an older one, and leave it in the store', async () => {
    const world = createWorld();
    const credentials = createFakeStorage();
    const first = await openWaiting({ credentials }, world);
    world.plex.link(codeOf(first));
    await world.time.advance(1000);
    // A tab that has heard of nothing: another channel, another lock.
    const stranger = await openWaiting({ name: 'other', clientIdentifier: 'other' }, world);
    world.plex.link(codeOf(stranger));
    await world.time.advance(1000);
    const view = stranger.auth.getSnapshot();
    if (view.status !== 'authenticated') throw new Error(view.status);
    const kept = JSON.stringify({ token: view.token.reveal(), clientIdentifier: 'other' });
    credentials.setItem('plex-auth-flow.credentials', kept);
    first.page.fire('pageshow', { persisted: true });
    await world.time.advance(5000);
    const now = first.auth.getSnapshot();
    expect(now.status === 'authenticated' && now.clientIdentifier).toBe('other');
    expect(credentials.getItem('plex-auth-flow.credentials')).toBe(kept);
  });

  it('leave the flow to the tab that runs it where a copy of it goes on by itself', async () => {
    const world = createWorld();
    const original = await openWaiting({}, world);
    const page = createFakePage(world.browser);
    page.session.setItem('plex-auth-flow.pin', original.page.session.getItem('plex-auth-flow.pin') ?? '');
    const copy = openTab({}, world, page);
    await world.time.advance(1000);
    expect(copy.statuses).toEqual(['fetchingToken', 'awaitingLink', 'idle']);
    expect(running(original)).toBe(true);
    expect(world.plex.pins).toHaveLength(1);
  });
});

describe('the back/forward cache', () => {
  it('gets a page with neither lock nor channel, and gives one back that has both', async () => {
    const tab = await openWaiting();
    tab.page.fire('pagehide', { persisted: true });
    await tab.time.advance(0);
    expect([tab.browser.channels.size, tab.browser.locks.isHeld]).toEqual([0, false]);
    tab.page.fire('pageshow', { persisted: true });
    await tab.time.advance(0);
    expect([tab.browser.channels.size, tab.browser.locks.isHeld]).toEqual([1, true]);
    expect(statusOf(tab)).toBe('awaitingLink');
  });

  it('gives a page back whose flow a later page of the tab has ended, and which waits no more', async () => {
    const tab = await openWaiting();
    tab.page.fire('pagehide', { persisted: true });
    tab.page.session.removeItem('plex-auth-flow.pin');
    tab.plex.expire(tab.plex.pins[0]?.id ?? 0);
    tab.page.fire('pageshow', { persisted: true });
    await tab.time.advance(5000);
    expect(tab.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'cancelled' });
  });
});

describe('the end of an engine', () => {
  it.each([0, 1, 1050, 2000])('leaves nothing %i ms after its start', async (ms) => {
    const world = createWorld();
    world.plex.fault({ type: 'slow', delayMs: 100 }, { times: Number.POSITIVE_INFINITY });
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
    const world = createWorld();
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
    const world = createWorld();
    const first = await openWaiting({}, world);
    world.plex.fault({ type: 'slow', delayMs: 300 }, { operation: 'getToken' });
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
    const world = createWorld();
    void world.browser.locks.request('plex-auth-flow', {}, () => new Promise(() => {})).catch(() => {});
    const tab = openTab({}, world);
    tab.auth.start();
    await world.time.advance(100);
    await tab.auth.dispose();
    await world.time.advance(0);
    expect([world.time.timers, tab.page.listeners, world.browser.channels.size]).toEqual([0, 0, 0]);
    expect(world.plex.requests).toEqual([]);
  });
});

describe('a server, where there is no page', () => {
  it('makes an engine that waits, opens nothing and throws nothing', async () => {
    const time = createVirtualTime();
    const plex = createPlexEmulator({ clock: time.clock });
    const auth = createBrowserPlexAuth({ product: 'Living Room', clock: time.clock, fetch: plex.fetch });
    expect(auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(await auth.startByRedirect()).toMatchObject({ status: 'refused' });
    expect(auth.startInPopup()).toMatchObject({ status: 'refused' });
    finishPopup();
    await auth.dispose();
    await time.advance(0);
    expect(time.timers).toBe(0);
  });
});

describe('options', () => {
  it.each([
    ['opener', 5],
    ['name', ''],
    ['window', 'w'],
    ['window', {}],
    ['polling', 5],
    ['polling.adjustDelayMs', 5],
    ['credentials', {}],
    ['forwardURL', '/signed-in'],
    ['forwardURL', 'https://other.example/signed-in'],
  ])('refuses a bad %s, naming it', (name, value) => {
    const [outer = '', inner] = name.split('.');
    const bad = { [outer]: inner ? { [inner]: value } : value };
    expect(() => openTab(bad as Partial<BrowserPlexAuthOptions>)).toThrow(new RegExp(`: ${name} must be`));
  });

  it('takes forwardURL into the address of the consent page', async () => {
    const tab = await openWaiting({ forwardURL: 'https://app.example/signed-in' });
    const view = tab.auth.getSnapshot();
    expect('authURL' in view && view.authURL).toContain(encodeURIComponent('https://app.example/signed-in'));
  });
});
