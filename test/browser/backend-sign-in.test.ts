/** The page's end of a sign-in whose token stays on the application's server. */
import { describe, expect, it } from 'vitest';
import { askedOf, codeOf, createBackendWorld, openBackendTab, signInAt, statusOf } from './backend-tab.ts';
import { createFakePage } from './fake-page.ts';

const user = { id: 1_234_567, username: 'emulated' };

function addressIn(url: string): URLSearchParams {
  return new URLSearchParams(url.split('#?')[1]);
}

describe('a sign-in over the application’s server', () => {
  it('makes the PIN in the page, hands it over, and asks the server alone', async () => {
    const tab = openBackendTab();
    await tab.time.advance(0);
    expect(askedOf(tab)).toEqual(['GET /session']);
    await tab.time.advance(1000);
    tab.auth.start();
    await tab.time.advance(0);
    expect(statusOf(tab)).toBe('awaitingLink');
    expect(askedOf(tab).slice(1)).toEqual(['GET /session', 'GET /client', 'POST /attempt']);
    await tab.time.advance(1000);
    expect(tab.emulator.requests.map(({ operation }) => operation)).toEqual(['getPin', 'getToken']);
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(1000);
    const view = tab.auth.getSnapshot();
    expect(Object.keys(view).sort()).toEqual(['status', 'user']);
    expect(view).toMatchObject({ status: 'authenticated', user });
    expect(askedOf(tab).slice(4)).toEqual(['GET /attempt', 'GET /attempt']);
    await tab.time.advance(600_000);
    expect(askedOf(tab)).toHaveLength(6);
    expect(tab.time.timers).toBe(0);
  });

  it('makes the PIN as the server describes itself, with its client identifier', async () => {
    const device = { deviceName: 'Küche', layout: 'desktop', colour: 'red' };
    const client = { product: 'My Server', device, authAppURL: 'https://consent.example/auth' };
    const tab = openBackendTab(createBackendWorld({ client }));
    tab.auth.start();
    await tab.time.advance(0);
    const view = tab.auth.getSnapshot();
    const address = view.authURL ?? '';
    expect(address).toMatch(/^https:\/\/consent\.example\/auth#\?/);
    expect(Object.fromEntries(addressIn(address))).toEqual({
      clientID: 'server-of-app',
      code: codeOf(tab),
      'context[device][product]': 'My Server',
      'context[device][deviceName]': 'Küche',
      'context[device][layout]': 'desktop',
      forwardUrl: 'https://app.example/auth/plex/popup',
    });
    expect(tab.emulator.pins).toMatchObject([{ clientIdentifier: 'server-of-app' }]);
    expect(codeOf(tab)).toHaveLength(25);
  });

  it.each([
    { described: undefined, own: undefined, length: 25 },
    { described: false, own: undefined, length: 4 },
    { described: true, own: false, length: 4 },
    { described: false, own: true, length: 25 },
  ])(
    'has a code of $length where the server says $described and the page $own',
    async ({ described, own, length }) => {
      const world = createBackendWorld(described === undefined ? {} : { client: { strong: described } });
      const tab = openBackendTab(world, own === undefined ? {} : { strong: own });
      tab.auth.start();
      await tab.time.advance(0);
      expect(codeOf(tab)).toHaveLength(length);
    },
  );

  it('gives a hint where the user may just have approved', async () => {
    const tab = openBackendTab();
    tab.auth.start();
    await tab.time.advance(1500);
    tab.auth.check();
    await tab.time.advance(0);
    tab.page.fire('focus');
    await tab.time.advance(2000);
    expect(askedOf(tab).slice(3)).toEqual([
      'GET /attempt',
      'GET /attempt *',
      'GET /attempt *',
      'GET /attempt',
      'GET /attempt',
    ]);
  });

  it('is over with the session that the popup’s last page has begun', async () => {
    const tab = openBackendTab();
    expect(tab.auth.startInPopup()).toEqual({ status: 'opening' });
    await tab.time.advance(100);
    const [shown = ''] = tab.popups[0]?.shown ?? [];
    const forwardURL = addressIn(shown).get('forwardUrl') ?? '';
    tab.emulator.link(codeOf(tab));
    await tab.network.fetch(forwardURL);
    new tab.page.window.BroadcastChannel('plex-auth-flow').postMessage({ type: 'returned' });
    await tab.time.advance(0);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
    expect(askedOf(tab).slice(3)).toEqual(['GET /popup', 'GET /attempt *']);
    expect(tab.popups[0]?.closed).toBe(true);
  });

  it('finds the session where the server has forgotten the attempt that began it', async () => {
    const tab = openBackendTab();
    tab.auth.startInPopup();
    await tab.time.advance(50);
    tab.emulator.link(codeOf(tab));
    await tab.network.fetch('https://app.example/auth/plex/popup');
    tab.network.cookies.delete('attempt');
    tab.auth.check();
    await tab.time.advance(0);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
  });

  it('goes on after the redirect, at once and without a request for what the server is', async () => {
    const world = createBackendWorld();
    const page = createFakePage(world.browser);
    const tab = openBackendTab(world, {}, page);
    void tab.auth.startByRedirect();
    await tab.time.advance(0);
    const [address = ''] = page.sentTo;
    expect(addressIn(address).getAll('forwardUrl')).toEqual(['https://app.example/page#part']);
    tab.emulator.link(codeOf(tab));
    await tab.auth.dispose();
    const before = askedOf(tab).length;

    const back = openBackendTab(world, {}, page);
    await back.time.advance(0);
    expect(back.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
    expect(askedOf(back).slice(before)).toEqual(['GET /session', 'GET /attempt *']);
    expect(page.session.length).toBe(0);
  });

  it('shows the same pages of a PIN after a reload', async () => {
    const world = createBackendWorld();
    const page = createFakePage(world.browser);
    const tab = openBackendTab(world, {}, page);
    tab.auth.start();
    await tab.time.advance(0);
    const before = tab.auth.getSnapshot();
    await tab.auth.dispose();
    const back = openBackendTab(world, {}, page);
    await back.time.advance(0);
    expect(back.auth.getSnapshot()).toEqual(before);
  });

  it('lets the server forget an attempt that is cancelled', async () => {
    const tab = openBackendTab();
    tab.auth.start();
    await tab.time.advance(100);
    tab.auth.cancel();
    await tab.time.advance(0);
    tab.auth.start();
    await tab.time.advance(100);
    expect(askedOf(tab).slice(3)).toEqual(['DELETE /attempt', 'GET /session', 'POST /attempt']);
    tab.emulator.link(codeOf(tab));
    tab.auth.check();
    await tab.time.advance(0);
    expect(statusOf(tab)).toBe('authenticated');
    tab.auth.cancel();
    await tab.time.advance(100);
    expect(askedOf(tab).filter((asked) => asked.startsWith('DELETE'))).toHaveLength(1);
  });
});

describe('a user who is signed in already', () => {
  it('is shown without a PIN, after one question', async () => {
    const world = createBackendWorld();
    await signInAt(openBackendTab(world));
    const before = askedOf(world).length;
    const tab = openBackendTab(world, {}, createFakePage());
    await tab.time.advance(0);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
    await tab.time.advance(60_000);
    expect(askedOf(tab).slice(before)).toEqual(['GET /session']);
    expect(tab.emulator.pins).toHaveLength(1);
  });

  it('is verified by the server, which may know of another name', async () => {
    const tab = openBackendTab();
    await signInAt(tab);
    await tab.time.advance(1000);
    tab.backend.rename('Ada');
    expect(await tab.auth.verify()).toMatchObject({ status: 'valid', user: { title: 'Ada' } });
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user: { title: 'Ada' } });
    const shown = tab.auth.getSnapshot();
    await tab.time.advance(1000);
    await tab.auth.verify();
    expect(tab.auth.getSnapshot()).toBe(shown);
  });

  it('is signed out where the session has ended, and not by an outage', async () => {
    const tab = openBackendTab();
    await signInAt(tab);
    await tab.time.advance(1000);
    tab.backend.interfere('/session', 'offline');
    expect(await tab.auth.verify()).toMatchObject({ status: 'unknown', error: { code: 'PLEX_NETWORK' } });
    tab.backend.interfere('/session', () => new Response('<html>', { status: 401 }));
    expect(await tab.auth.verify()).toMatchObject({ status: 'unknown', error: { code: 'PLEX_HTTP' } });
    expect(statusOf(tab)).toBe('authenticated');
    tab.backend.interfere('/session');
    tab.backend.endSessions();
    expect(await tab.auth.verify()).toEqual({ status: 'rejected' });
    expect(tab.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'token' });
  });

  it('signs out at the server, and in again, as often as he likes', async () => {
    const tab = openBackendTab();
    for (const _ of [1, 2]) {
      await signInAt(tab);
      expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
      await tab.time.advance(1000);
      const before = askedOf(tab).length;
      tab.auth.signOut();
      await tab.time.advance(0);
      expect(tab.auth.getSnapshot()).toEqual({ status: 'idle', reason: 'signedOut' });
      expect(askedOf(tab).slice(before)).toEqual(['POST /sign-out']);
      expect(tab.network.cookies.has('session')).toBe(false);
      await tab.time.advance(1000);
    }
  });

  it('counts as the user who signed in where the application does not say whose session it is', async () => {
    const tab = openBackendTab(createBackendWorld({ saysUser: false }));
    await signInAt(tab);
    await tab.time.advance(1000);
    expect(await tab.auth.verify()).toMatchObject({ status: 'valid', user });
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
    expect(askedOf(tab).filter((asked) => asked === 'GET /session')).toHaveLength(1);
  });
});

describe('what goes wrong', () => {
  it('is shown where the account may not use the application', async () => {
    const tab = openBackendTab(createBackendWorld({ letsIn: false }));
    await signInAt(tab);
    expect(tab.auth.getSnapshot()).toMatchObject({
      status: 'failed',
      error: {
        code: 'PLEX_NO_ACCESS',
        message: 'The server says PLEX_NO_ACCESS',
        status: 403,
        retryable: false,
      },
    });
  });

  it('is shown where the server knows no attempt of this browser', async () => {
    const tab = openBackendTab();
    tab.auth.start();
    await tab.time.advance(0);
    tab.network.cookies.clear();
    await tab.time.advance(3000);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_NO_ATTEMPT' } });
  });

  it('is an expired PIN where the attempt is over in time', async () => {
    const tab = openBackendTab(createBackendWorld({}, { lifetimeMs: { strong: 60_000 } }));
    tab.auth.start();
    await tab.time.advance(61_000);
    expect(tab.auth.getSnapshot()).toEqual({ status: 'expired', reason: 'pin' });
  });

  it('passes where it passes, and makes no second PIN for it', async () => {
    const tab = openBackendTab();
    tab.backend.interfere('/attempt', 'offline');
    tab.auth.start();
    await tab.time.advance(2000);
    expect(tab.auth.getSnapshot()).toMatchObject({
      status: 'requestingPin',
      lastError: { code: 'PLEX_NETWORK' },
    });
    tab.backend.interfere('/attempt');
    await tab.time.advance(10_000);
    expect(tab.emulator.pins).toHaveLength(1);
    expect(askedOf(tab).filter((asked) => asked === 'GET /client')).toHaveLength(1);
    const failed = { status: 'failed', error: { code: 'PLEX_TIMEOUT', message: 'Later', retryable: true } };
    for (const answer of [
      () => new Response('<html>502</html>', { status: 502, headers: { 'Content-Type': 'text/html' } }),
      () =>
        new Response('<!doctype html><p>Log in to the network', { headers: { 'Content-Type': 'text/html' } }),
      () => Response.json(failed, { status: 504 }),
      () => Response.json({ status: 'pending' }),
      () => Response.redirect('https://elsewhere.example/', 302),
    ]) {
      tab.backend.interfere('/attempt', answer);
      await tab.time.advance(5000);
      expect(statusOf(tab)).toBe('awaitingLink');
    }
    tab.backend.interfere('/attempt');
    tab.emulator.link(codeOf(tab));
    await tab.time.advance(30_000);
    expect(statusOf(tab)).toBe('authenticated');
  });

  it('is no hindrance to a sign-in where nobody can say who is signed in', async () => {
    const world = createBackendWorld();
    world.backend.interfere('/session', 'offline');
    const tab = openBackendTab(world);
    await tab.time.advance(0);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'idle', lastError: { code: 'PLEX_NETWORK' } });
    await signInAt(tab);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
  });

  it('is the end of an attempt that is answered after the time limit', async () => {
    const tab = openBackendTab(createBackendWorld(), { requestTimeoutMs: 1000 });
    tab.auth.start();
    await tab.time.advance(0);
    tab.backend.interfere('/attempt', 'silence');
    await tab.time.advance(2500);
    expect(tab.auth.getSnapshot()).toMatchObject({
      status: 'awaitingLink',
      lastError: { code: 'PLEX_TIMEOUT', message: 'The server did not answer within 1000 ms' },
    });
  });
});

describe('an engine over the application’s server', () => {
  it('leaves nothing behind at its end', async () => {
    const tab = openBackendTab();
    tab.auth.startInPopup();
    await tab.time.advance(1500);
    let ends = 0;
    tab.auth.subscribe(
      () => {},
      () => ends++,
    );
    await tab.auth.dispose();
    await tab.time.advance(0);
    expect({ ends, timers: tab.time.timers, listeners: tab.page.listeners }).toEqual({
      ends: 1,
      timers: 0,
      listeners: 0,
    });
    expect(tab.browser.channels.size).toBe(0);
  });

  it('asks nobody on a server, where there is no page', async () => {
    const world = createBackendWorld();
    const tab = openBackendTab(world, { window: undefined });
    await tab.time.advance(1000);
    expect(tab.auth.getSnapshot()).toEqual({ status: 'idle' });
    expect(askedOf(tab)).toEqual([]);
  });
});
