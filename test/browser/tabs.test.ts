import { describe, expect, it } from 'vitest';
import { finishPopup } from '../../src/browser/finish-popup.ts';
import { createFakePage, createFakeStorage } from './fake-page.ts';
import { codeOf, createBrowserWorld, isRunning, openTab, openWaiting, statusOf } from './open-tab.ts';

describe('tabs', () => {
  it('run one flow, with one PIN, where two start in the same moment', async () => {
    const world = createBrowserWorld();
    const tabs = [openTab({}, world), openTab({}, world)];
    for (const { auth } of tabs) auth.start();
    await world.time.advance(3000);
    expect(tabs.filter(isRunning)).toHaveLength(1);
    expect(world.emulator.pins).toHaveLength(1);
  });

  it('hand the PIN over once the read in flight has answered', async () => {
    const world = createBrowserWorld();
    const first = await openWaiting({}, world);
    world.emulator.fault({ type: 'slow', delayMs: 200 }, { operation: 'getToken' });
    await world.time.advance(1100);
    expect(statusOf(first)).toBe('fetchingToken');
    const second = openTab({}, world);
    second.auth.startInPopup();
    await world.time.advance(90);
    expect(second.popups[0]?.shown).toEqual([]);
    await world.time.advance(50);
    expect(statusOf(first)).toBe('idle');
    expect(second.popups[0]?.shown).toHaveLength(1);
    expect(world.emulator.pins).toHaveLength(1);
    expect(second.page.session.getItem('plex-auth-flow.Living%20Room.pin')).toContain(
      String(world.emulator.pins[0]?.id),
    );
    expect(first.page.session.getItem('plex-auth-flow.Living%20Room.pin')).toBe(null);
  });

  it('keep the token that the read brings while another tab asks for the flow', async () => {
    const world = createBrowserWorld();
    const credentials = createFakeStorage();
    const first = await openWaiting({ credentials }, world);
    world.emulator.link(codeOf(first));
    world.emulator.fault({ type: 'slow', delayMs: 2000 }, { operation: 'getToken' });
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
    const world = createBrowserWorld();
    const silent = world.browser.locks.request('plex-auth-flow.Living Room', {}, () => new Promise(() => {}));
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
    void tab.browser.locks.request(
      'plex-auth-flow.Living Room',
      { steal: true },
      () => new Promise(() => {}),
    );
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
    expect(tab.emulator.pins).toHaveLength(1);
  });

  it.each([
    ['no locks', { locks: undefined }],
    [
      'locks that refuse',
      { locks: { request: () => Promise.reject(new DOMException('no', 'SecurityError')) } },
    ],
    [
      'locks that throw',
      {
        locks: {
          request() {
            throw new DOMException('no', 'SecurityError');
          },
        },
      },
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
    const world = createBrowserWorld();
    const tab = openTab({}, world, createFakePage(world.browser, missing));
    tab.auth.start();
    await world.time.advance(0);
    expect(statusOf(tab)).toBe('awaitingLink');
    tab.emulator.link(codeOf(tab));
    await world.time.advance(1000);
    expect(statusOf(tab)).toBe('authenticated');
    finishPopup({ window: tab.page.window });
  });

  it('see a sign-in, and its end, in one another', async () => {
    const world = createBrowserWorld();
    const credentials = createFakeStorage();
    const first = await openWaiting({ credentials }, world);
    const second = openTab({ credentials }, world);
    await world.time.advance(0);
    world.emulator.link(codeOf(first));
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
    const world = createBrowserWorld();
    const credentials = createFakeStorage();
    const first = await openWaiting({ credentials }, world);
    const second = openTab({ credentials }, world);
    const third = openTab({ credentials }, world);
    world.emulator.link(codeOf(first));
    await world.time.advance(1000);
    world.emulator.fault(fault, { operation: 'signOut', times: Number.POSITIVE_INFINITY });
    // The one that took the token over signs out, and the store keeps nothing of it.
    second.auth.signOut();
    await world.time.advance(300);
    expect(credentials.length).toBe(0);
    for (const tab of [first, third])
      expect(tab.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
  });

  it('keep a token that no store holds yet where another tab signs out', async () => {
    const world = createBrowserWorld();
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
    world.emulator.link(codeOf(tab));
    await world.time.advance(1000);
    const channel = new tab.page.window.BroadcastChannel('plex-auth-flow.Living Room');
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
    const world = createBrowserWorld();
    const first = await openWaiting({}, world);
    const second = openTab(options, world);
    second.auth.startInPopup();
    await world.time.advance(1000);
    expect([isRunning(first), isRunning(second)]).toEqual([true, true]);
    expect(codeOf(second)).not.toBe(codeOf(first));
    // The next page of this tab continues with the PIN of its own kind.
    await first.auth.dispose();
    const next = openTab(options, world, first.page);
    await world.time.advance(0);
    expect(statusOf(next)).toBe('idle');
    const again = openTab({}, world, first.page);
    await world.time.advance(0);
    expect(codeOf(again)).toBe(codeOf(first));
  });

  it('find a token that shows late in the shared store', async () => {
    const world = createBrowserWorld();
    const shared = createFakeStorage();
    const late = {
      ...shared,
      getItem: (key: string) => (world.time.clock.now() < lateMs ? null : shared.getItem(key)),
    };
    const lateMs = world.time.clock.now() + 1800;
    const first = await openWaiting({ credentials: shared }, world);
    const second = openTab({ credentials: late }, world);
    world.emulator.link(codeOf(first));
    await world.time.advance(1500);
    expect(statusOf(second)).toBe('idle');
    await world.time.advance(1000);
    expect(statusOf(second)).toBe('authenticated');
  });

  it('take a newer token in place of an older one, and leave it in the store', async () => {
    const world = createBrowserWorld();
    const credentials = createFakeStorage();
    const first = await openWaiting({ credentials }, world);
    world.emulator.link(codeOf(first));
    await world.time.advance(1000);
    // A tab that received nothing: another channel, another lock.
    const stranger = await openWaiting({ name: 'other', clientIdentifier: 'other' }, world);
    world.emulator.link(codeOf(stranger));
    await world.time.advance(1000);
    const view = stranger.auth.getSnapshot();
    if (view.status !== 'authenticated') throw new Error(view.status);
    const kept = JSON.stringify({ token: view.token.reveal(), clientIdentifier: 'other' });
    credentials.setItem('plex-auth-flow.Living%20Room.credentials', kept);
    first.page.fire('pageshow', { persisted: true });
    await world.time.advance(5000);
    const now = first.auth.getSnapshot();
    expect(now.status === 'authenticated' && now.clientIdentifier).toBe('other');
    expect(credentials.getItem('plex-auth-flow.Living%20Room.credentials')).toBe(kept);
  });

  describe('whose tokens are in no store', () => {
    /** Two tabs, each signed in by itself, one after the other. */
    async function signInTwice(options: { clientIdentifier?: string } = {}) {
      const world = createBrowserWorld();
      const first = await openWaiting({}, world);
      const second = openTab(options, world);
      world.emulator.link(codeOf(first));
      await world.time.advance(1000);
      expect(statusOf(first)).toBe('authenticated');
      second.auth.start();
      await world.time.advance(0);
      world.emulator.link(codeOf(second));
      return { world, first, second };
    }

    it('end the session whose token another sign-in has replaced', async () => {
      const { world, first, second } = await signInTwice();
      await world.time.advance(1100);
      expect(statusOf(second)).toBe('authenticated');
      expect(first.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
    });

    it('end it as soon as Plex can be reached', async () => {
      const { world, first } = await signInTwice();
      world.emulator.fault({ type: 'reset' }, { operation: 'getUser', times: 4 });
      await world.time.advance(20_000);
      expect(statusOf(first)).toBe('authenticated');
      await world.time.advance(60_000);
      expect(first.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
      await Promise.all([first.auth.dispose(), world.time.advance(0)]);
    });

    it('end it where the page comes back from the cache and has missed the sign-in', async () => {
      const world = createBrowserWorld();
      const first = await openWaiting({}, world);
      world.emulator.link(codeOf(first));
      await world.time.advance(1000);
      first.page.fire('pagehide', { persisted: true });
      const second = await openWaiting({}, world);
      world.emulator.link(codeOf(second));
      await world.time.advance(1000);
      expect([first, second].map(statusOf)).toEqual(['authenticated', 'authenticated']);
      first.page.fire('pageshow', { persisted: true });
      await world.time.advance(0);
      expect(first.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
    });

    it('keep both where the second is a client of its own, and ask no more then', async () => {
      const { world, first, second } = await signInTwice({ clientIdentifier: 'other' });
      await world.time.advance(1100);
      expect([first, second].map(statusOf)).toEqual(['authenticated', 'authenticated']);
      await world.time.advance(10_000);
      const asked = world.emulator.requests.length;
      await world.time.advance(600_000);
      expect(world.emulator.requests.length).toBe(asked);
    });
  });

  it.each(['verify', 'signOut'] as const)(
    "leave another tab's newer token in localStorage where %s shows that their own is dead",
    async (call) => {
      const world = createBrowserWorld();
      const credentials = world.browser.local;
      // Tabs that hear nothing of one another.
      const openDeaf = () =>
        openTab({ credentials }, world, createFakePage(world.browser, { BroadcastChannel: undefined }));
      const first = openDeaf();
      first.auth.start();
      await world.time.advance(0);
      world.emulator.link(codeOf(first));
      await world.time.advance(1000);
      const second = openDeaf();
      await world.time.advance(0);
      second.auth.signOut();
      await world.time.advance(0);
      second.auth.start();
      await world.time.advance(0);
      world.emulator.link(codeOf(second));
      await world.time.advance(1000);
      const kept = credentials.getItem('plex-auth-flow.Living%20Room.credentials');
      expect([first, second].map(statusOf)).toEqual(['authenticated', 'authenticated']);
      void first.auth[call]();
      await world.time.advance(1000);
      expect(statusOf(first)).not.toBe('authenticated');
      expect(credentials.getItem('plex-auth-flow.Living%20Room.credentials')).toBe(kept);
      expect(kept).toContain('token');
    },
  );

  it('end a session whose token another sign-in has replaced without storing its own', async () => {
    const world = createBrowserWorld();
    const first = await openWaiting({ credentials: createFakeStorage() }, world);
    world.emulator.link(codeOf(first));
    await world.time.advance(1000);
    const second = await openWaiting({}, world);
    world.emulator.link(codeOf(second));
    await world.time.advance(5000);
    expect(statusOf(second)).toBe('authenticated');
    expect(first.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
  });

  /** Issue 11: each notice put the question off again, so a dead token stayed for ever. */
  it.each([10, 1000, 2900])('end it although "signedIn" is said every %d ms', async (everyMs) => {
    const world = createBrowserWorld();
    const first = await openWaiting({ credentials: createFakeStorage() }, world);
    world.emulator.link(codeOf(first));
    await world.time.advance(1000);
    const second = await openWaiting({}, world);
    const channel = new first.page.window.BroadcastChannel('plex-auth-flow.Living Room');
    world.emulator.link(codeOf(second));
    for (let passedMs = 0; passedMs < 7000; passedMs += everyMs) {
      await world.time.advance(everyMs);
      channel.postMessage({ type: 'signedIn' });
    }
    expect(first.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
  });

  it('stay signed in without a break where the shared store holds the same token', async () => {
    const credentials = createFakeStorage();
    const tab = await openWaiting({ credentials });
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    const view = tab.auth.getSnapshot();
    tab.page.fire('pageshow', { persisted: true });
    await tab.time.advance(5000);
    expect(tab.auth.getSnapshot()).toBe(view);
    expect(tab.statuses.at(-1)).toBe('authenticated');
    expect(tab.statuses).not.toContain('expired');
  });

  it('leave the flow to the tab that runs it where a copy of it continues automatically', async () => {
    const world = createBrowserWorld();
    const original = await openWaiting({}, world);
    const page = createFakePage(world.browser);
    page.session.setItem(
      'plex-auth-flow.Living%20Room.pin',
      original.page.session.getItem('plex-auth-flow.Living%20Room.pin') ?? '',
    );
    const copy = openTab({}, world, page);
    await world.time.advance(1000);
    expect(copy.statuses).toEqual(['fetchingToken', 'awaitingLink', 'idle']);
    expect(isRunning(original)).toBe(true);
    expect(world.emulator.pins).toHaveLength(1);
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
    expect([tab.browser.channels.size, tab.browser.locks.isHeld]).toEqual([2, true]);
    expect(statusOf(tab)).toBe('awaitingLink');
  });

  it('gives a page back whose flow a later page of the tab has ended, and which waits no more', async () => {
    const tab = await openWaiting();
    tab.page.fire('pagehide', { persisted: true });
    tab.page.session.removeItem('plex-auth-flow.Living%20Room.pin');
    tab.emulator.expire(tab.emulator.pins[0]?.id ?? 0);
    tab.page.fire('pageshow', { persisted: true });
    await tab.time.advance(5000);
    expect(tab.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'cancelled' });
  });
});
