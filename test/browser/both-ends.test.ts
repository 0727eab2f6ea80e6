/** The page's end and the server's own: what one says, the other understands. */
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/ports.ts';
import type { PlexAuthServerOptions } from '../../src/server/index.ts';
import type { PlexEmulatorOptions } from '../../src/testing/index.ts';
import { createApplication, origin } from '../server/sign-in-server.ts';
import { tracesOf } from '../whole/secrets/traces.ts';
import { codeOf, openBackendTab, statusOf } from './backend-tab.ts';
import { createFakeBrowser } from './fake-page.ts';

const user = { id: 1_234_567, username: 'emulated' };

/** An application whose session is a cookie, and one browser in virtual time. */
function openApplication(
  options: Partial<PlexAuthServerOptions> = {},
  emulatorOptions: PlexEmulatorOptions = {},
) {
  const application = createApplication(
    {
      getUser(request) {
        const isSignedIn = /\bsession=\d/.test(request.headers.get('Cookie') ?? '');
        return isSignedIn ? application.signIns.at(-1)?.user : null;
      },
      onSignOut: () => ({ headers: { 'Set-Cookie': 'session=; Max-Age=0' } }),
      ...options,
    },
    emulatorOptions,
  );
  const { time, emulator, signIns } = application;
  const jar = application.openBrowser();
  const asked: string[] = [];
  const received: string[] = [];
  let out = 0;
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init);
    const path = request.url.replace(`${origin}/auth/plex`, '');
    if (path === request.url) return emulator.fetch(input, init);
    asked.push(`${request.method} ${path}`);
    out += 1;
    const response = await jar
      .ask(path, { method: request.method, headers: Object.fromEntries(request.headers) })
      .finally(() => {
        out -= 1;
      });
    received.push(JSON.stringify([...response.headers]), await response.clone().text());
    return response;
  };
  /** Moves the time on. The server's cryptography takes time of its own, which no clock of ours moves. */
  async function advance(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs >= 0; leftMs -= 100) {
      await time.advance(Math.min(leftMs, 100));
      for (let quiet = 0; quiet < 3; quiet = out > 0 ? 0 : quiet + 1)
        await new Promise((next) => setTimeout(next, 1));
    }
  }
  const world = { time, emulator, browser: createFakeBrowser(), backend: undefined as never };
  const network = { fetch, cookies: jar.jar };
  return { asked, received, jar, signIns, advance, open: () => openBackendTab({ ...world, network }) };
}

describe('a page and its server', () => {
  it('sign a user in, and out again, for all tabs', async () => {
    const application = openApplication();
    const [tab, other] = [application.open(), application.open()];
    await application.advance(1000);
    tab.auth.start();
    await application.advance(1500);
    const token = tab.emulator.link(codeOf(tab));
    await application.advance(2000);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
    expect(other.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
    expect(application.signIns.map(({ token: given }) => given.reveal())).toEqual([token]);
    expect(await tab.auth.verify()).toMatchObject({ status: 'valid', user });
    tab.auth.signOut();
    await application.advance(2000);
    expect([statusOf(tab), statusOf(other)]).toEqual(['idle', 'expired']);
    expect(application.received.length).toBeGreaterThan(8);
    const { received } = application;
    expect(tracesOf(token, { received, views: [tab.views, other.views], jar: application.jar.jar })).toEqual(
      [],
    );
  });

  /** Approves as somebody in a popup, which ends on the server's page. */
  async function endInPopup(application: ReturnType<typeof openApplication>, as: string) {
    const tab = application.open();
    tab.auth.startInPopup();
    await application.advance(1500);
    const forwardURL = new URLSearchParams(tab.popups[0]?.shown[0]?.split('#?')[1]).get('forwardUrl') ?? '';
    tab.emulator.approve(codeOf(tab), { as });
    const last = application.jar.comeBack(forwardURL.replace(`${origin}/auth/plex`, ''));
    await application.advance(10);
    expect(await (await last).text()).toContain("postMessage({ type: 'returned' })");
    new tab.page.window.BroadcastChannel('plex-auth-flow').postMessage({ type: 'returned' });
    await application.advance(2000);
    return tab.auth.getSnapshot();
  }

  it.each([
    ['says', {}],
    ['does not say', { getUser: undefined }],
  ])(
    'end the sign-in on the popup’s last page, if the application %s whose session it is',
    async (_, options) => {
      const application = openApplication(options);
      expect(await endInPopup(application, 'emulated')).toMatchObject({ status: 'authenticated', user });
      expect(application.signIns).toHaveLength(1);
      expect(application.jar.jar.has('session')).toBe(true);
    },
  );

  it('report on the page that an account has no access, if the popup’s last page has learned it', async () => {
    const machineIdentifier = 'cinema-server';
    const application = openApplication(
      { access: { machineIdentifier } },
      { people: ['olga', 'bob'], servers: [{ name: 'Cinema', machineIdentifier, owner: 'olga' }] },
    );
    const view = await endInPopup(application, 'bob');
    expect(view).toMatchObject({ status: 'failed', error: { code: 'PLEX_NO_ACCESS' } });
    expect(application.signIns).toEqual([]);
    expect([...application.jar.jar.keys()]).toEqual([]);
  });

  it('know who is signed in when the page is opened again', async () => {
    const application = openApplication();
    const tab = application.open();
    tab.auth.start();
    await application.advance(1500);
    tab.emulator.link(codeOf(tab));
    await application.advance(2000);
    await tab.auth.dispose();
    application.asked.length = 0;
    const later = application.open();
    await application.advance(0);
    expect(later.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
    expect(application.asked).toEqual(['GET /session']);
  });

  it('agree where the application does not say whose session it is', async () => {
    const application = openApplication({ getUser: undefined, onSignOut: undefined });
    const tab = application.open();
    tab.auth.start();
    await application.advance(1500);
    tab.emulator.link(codeOf(tab));
    await application.advance(2000);
    expect(await tab.auth.verify()).toMatchObject({ status: 'valid', user });
    tab.auth.signOut();
    await application.advance(100);
    expect(tab.auth.getSnapshot()).toMatchObject({
      status: 'idle',
      lastError: { code: 'PLEX_HTTP', status: 404 },
    });
  });

  it('keep out who may not come in', async () => {
    const application = openApplication({ access: { machineIdentifier: 'another-server' } });
    const tab = application.open();
    tab.auth.start();
    await application.advance(1500);
    tab.emulator.link(codeOf(tab));
    await application.advance(2000);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'failed', error: { code: 'PLEX_NO_ACCESS' } });
    expect(application.signIns).toEqual([]);
  });

  it('try again where the application could not make its session', async () => {
    let fails = 2;
    const application = openApplication({
      onSignIn() {
        if (fails-- > 0) throw new Error('The database is away');
        return { headers: { 'Set-Cookie': 'session=1' } };
      },
      getUser: undefined,
    });
    const tab = application.open();
    tab.auth.start();
    await application.advance(1500);
    tab.emulator.link(codeOf(tab));
    await application.advance(1000);
    expect(tab.auth.getSnapshot()).toMatchObject({
      status: 'awaitingLink',
      lastError: { code: 'PLEX_UNEXPECTED', retryable: true },
    });
    await application.advance(10_000);
    expect(tab.auth.getSnapshot()).toMatchObject({ status: 'authenticated', user });
  });

  it('end an attempt that is cancelled', async () => {
    const application = openApplication();
    const tab = application.open();
    tab.auth.start();
    await application.advance(1500);
    expect([...application.jar.jar.keys()]).toEqual(['__Host-plex-auth-attempt']);
    tab.auth.cancel();
    await application.advance(10);
    expect([...application.jar.jar.keys()]).toEqual([]);
  });
});
