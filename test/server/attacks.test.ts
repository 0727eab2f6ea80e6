import { describe, expect, it } from 'vitest';
import { createPlexAuthServer } from '../../src/server/index.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import {
  type Application,
  type Browser,
  createApplication,
  handOver,
  openBrowser,
  origin,
  secret,
} from './sign-in-server.ts';

const cookieName = '__Host-plex-auth-attempt';

async function codeOf(app: Application, browser: Browser): Promise<string> {
  const { code } = await browser.begin(app);
  return code;
}

/** The user approves, and some browser asks. */
async function expectNoSession(app: Application, browser: Browser, code: string): Promise<void> {
  app.emulator.link(code);
  for (const path of ['/attempt', '/callback', '/popup']) {
    const response = await whileTimePasses(app, browser.ask(path));
    expect(response.headers.getSetCookie().filter((cookie) => cookie.startsWith('session='))).toEqual([]);
  }
  expect(app.signIns).toEqual([]);
}

const encode = (value: object) => btoa(JSON.stringify(value)).replace(/=+$/, '');

describe('an attempt', () => {
  it.each<[string, (cookie: string, attempt: object) => string]>([
    ['forged', () => 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA'],
    ['unsecured', (_, attempt) => `${encode({ alg: 'none' })}.${encode({ attempts: [attempt] })}.`],
    ['cut', (cookie) => cookie.slice(0, -5)],
    ['changed', (cookie) => cookie.replace(/.{9}$/, 'AAAAAAAAA')],
    ['too long', (cookie) => cookie + 'A'.repeat(20_000)],
    ['no token at all', () => 'x'],
    ['empty', () => ''],
  ])('whose cookie is %s is none', async (_, change) => {
    const app = createApplication();
    const browser = app.openBrowser();
    const { code, pinID } = await browser.begin(app);
    const attempt = { id: 'x', pinID, code, returnTo: '/', expiresAtMs: app.time.clock.now() + 60_000 };
    browser.jar.set(cookieName, change(browser.jar.get(cookieName) ?? '', attempt));
    const response = await browser.ask('/attempt');
    expect([response.status, await response.json()]).toEqual([
      404,
      { status: 'failed', error: expect.objectContaining({ code: 'PLEX_NO_ATTEMPT' }) },
    ]);
    await expectNoSession(app, browser, code);
  });

  it.each([
    ['of another secret is none', { secret: `${secret}!` }],
    ['of another application with the same secret is none', { baseURL: 'https://other.example/auth/plex' }],
  ])('%s', async (_, options) => {
    const app = createApplication();
    const clientIdentifier = await app.server.clientIdentifier();
    const other = createPlexAuthServer({ ...app.settings, ...options, clientIdentifier });
    const there = openBrowser(other.handler);
    const { code, response } = await there.begin({ ...app, server: other });
    expect(response.status).toBe(201);
    const here = app.openBrowser();
    here.jar.set(cookieName, there.jar.get(cookieName) ?? '');
    await expectNoSession(app, here, code);
  });

  it('that has ended is none, whatever the cookie says', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    await browser.begin(app);
    const cookie = browser.jar.get(cookieName) ?? '';
    await app.time.advance(1_800_001);
    browser.jar.set(cookieName, cookie);
    expect((await browser.ask('/attempt')).status).toBe(404);
  });

  it('makes one session, however often its cookie comes back', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const code = await codeOf(app, browser);
    const stolen = browser.jar.get(cookieName) ?? '';
    app.emulator.link(code);
    await browser.comeBack();
    expect(browser.jar.has('session')).toBe(true);
    const thief = app.openBrowser();
    thief.jar.set(cookieName, stolen);
    await whileTimePasses(app, thief.comeBack());
    expect(thief.jar.has('session')).toBe(false);
    thief.jar.set(cookieName, stolen);
    await app.time.advance(61_000);
    const late = await thief.ask('/attempt');
    expect(await late.json()).toEqual({ status: 'gone' });
    expect([app.signIns.length, thief.jar.has('session')]).toEqual([1, false]);
  });

  it('makes one session, on whichever machine its cookie comes back, where they share a store', async () => {
    const store = createRecordingStore();
    const app = createApplication({ store });
    const other = createPlexAuthServer(app.settings);
    const browser = app.openBrowser();
    const code = await codeOf(app, browser);
    const stolen = browser.jar.get(cookieName) ?? '';
    app.emulator.link(code);
    await browser.comeBack();
    const thief = openBrowser(other.handler);
    thief.jar.set(cookieName, stolen);
    await app.time.advance(61_000);
    await whileTimePasses(app, thief.comeBack());
    expect([app.signIns.length, thief.jar.has('session')]).toEqual([1, false]);
    expect([...store.items.values()].join()).not.toContain(app.signIns[0]?.token.reveal());
  });
});

describe('a browser without an attempt', () => {
  it.each(['/callback', '/popup', '/attempt'])(
    'gets no session at %s, although a PIN is approved',
    async (path) => {
      const app = createApplication();
      const { code, pinID } = await app.openBrowser().begin(app);
      app.emulator.link(code);
      const victim = app.openBrowser();
      const site = path === '/attempt' ? 'same-origin' : 'cross-site';
      const address = `${path}?pinID=${pinID}&code=${code}`;
      await whileTimePasses(app, victim.ask(address, { headers: { 'Sec-Fetch-Site': site } }));
      expect([victim.jar.size, app.signIns]).toEqual([0, []]);
    },
  );
});

describe('the cookie of an attempt', () => {
  it('is kept where only this host can set it, and no script can read it', async () => {
    const app = createApplication();
    const { response } = await app.openBrowser().begin(app);
    const [pair = '', ...attributes] = (response.headers.get('Set-Cookie') ?? '').split('; ');
    expect(pair).toMatch(/^__Host-plex-auth-attempt=[\w.-]+$/);
    expect(attributes).toEqual(['Max-Age=1800', 'Path=/', 'HttpOnly', 'SameSite=Lax', 'Secure']);
  });

  it('needs no https on this machine', async () => {
    const app = createApplication({ baseURL: 'http://localhost:3000/auth/plex' });
    const { headers } = await app.server.handler(
      new Request('http://localhost:3000/auth/plex/begin', { method: 'POST' }),
    );
    expect(headers.get('Set-Cookie')).toMatch(/^plex-auth-attempt=.+; SameSite=Lax$/);
  });
});

it('a browser gets no token and no PIN, in whatever the server answers', async () => {
  const app = createApplication({ getUser: () => null, onSignOut: () => ({}) });
  const browser = app.openBrowser();
  const seen: string[] = [];
  const ask = async (path: string, init?: Parameters<typeof browser.ask>[1]) => {
    const response = await whileTimePasses(app, browser.ask(path, init));
    seen.push(JSON.stringify([...response.headers]), await response.text());
  };
  await ask('/');
  await ask('/client');
  const { code, pinID } = await browser.begin(app);
  await ask('/');
  await ask('/attempt');
  const token = app.emulator.link(code);
  await ask('/attempt');
  for (const path of ['/attempt', '/callback', '/popup', '/session', '/']) await ask(path);
  await ask('/sign-out', { method: 'POST' });
  const all = seen.join('\n');
  expect(app.signIns[0]?.token.reveal()).toBe(token);
  for (const secretText of [token, encodeURIComponent(token), btoa(token).replace(/=+$/, ''), String(pinID)])
    expect(all).not.toContain(secretText);
});

describe('a PIN of another client', () => {
  it.each([false, true])('is redeemed by nobody, whatever Plex checks (echo: %s)', async (isForwarded) => {
    const app = createApplication();
    const made = await app.emulator.fetch('https://clients.plex.tv/api/v2/pins', {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-Plex-Client-Identifier': 'another-app' },
    });
    const { id, code } = (await made.json()) as { id: number; code: string };
    // A Plex that does not look at who asks.
    const careless: typeof app.emulator.fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      if (isForwarded && String(input).includes('/pins/'))
        headers.set('X-Plex-Client-Identifier', 'another-app');
      return app.emulator.fetch(input, { ...init, headers });
    };
    const server = createPlexAuthServer({ ...app.settings, fetch: careless });
    const browser = openBrowser(server.handler);
    await browser.ask('/attempt', { method: 'POST', headers: handOver(id, code) });
    app.emulator.link(code);
    await whileTimePasses(app, browser.comeBack());
    expect([app.signIns, browser.jar.has('session')]).toEqual([[], false]);
  });
});

describe('the PIN of another person', () => {
  it('is redeemed by nobody who does not know its code, however many ids he tries', async () => {
    const app = createApplication({}, { readOnce: true });
    const victim = app.openBrowser();
    const { pinID, code } = await victim.begin(app);
    const stranger = app.openBrowser();
    for (const guess of ['wrong', code.slice(1), code.toUpperCase()])
      await stranger.ask('/attempt', { method: 'POST', headers: handOver(pinID, guess) });
    app.emulator.link(code);
    await whileTimePasses(app, stranger.comeBack());
    await whileTimePasses(app, victim.comeBack());
    await whileTimePasses(app, stranger.comeBack());
    expect([victim.jar.has('session'), stranger.jar.has('session'), app.signIns.length]).toEqual([
      true,
      false,
      1,
    ]);
  });

  it('makes one session, however often it is handed over', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const { pinID, code } = await browser.begin(app);
    app.emulator.link(code);
    const statuses: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      const again = app.openBrowser();
      await again.ask('/attempt', { method: 'POST', headers: handOver(pinID, code) });
      const answer = await whileTimePasses(app, again.ask('/attempt'));
      statuses.push((await answer.json()).status);
    }
    expect([statuses, app.signIns.length]).toEqual([['authenticated', 'gone', 'gone'], 1]);
  });
});

describe('another site', () => {
  it.each([
    ['POST', '/attempt'],
    ['DELETE', '/attempt'],
    ['GET', '/attempt'],
    ['GET', '/session'],
    ['GET', '/client'],
    ['POST', '/begin'],
    ['POST', '/cancel'],
    ['POST', '/sign-out'],
  ])('is refused %s %s', async (method, path) => {
    const app = createApplication({ onSignOut: () => ({}), getUser: () => undefined });
    const browser = app.openBrowser();
    for (const headers of [
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { Origin: 'https://evil.example' },
      { Origin: 'null', 'Sec-Fetch-Site': 'cross-site' },
      { Origin: `${origin}.evil.example` },
      { Origin: 'http://app.example' },
    ] as Record<string, string>[]) {
      const response = await browser.ask(path, { method, headers });
      expect([headers, response.status]).toEqual([headers, 403]);
    }
    expect(browser.jar.size).toBe(0);
  });

  it('cannot end a sign-in by a link, although a link brings the cookie', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    await browser.begin(app);
    for (const path of ['/attempt', '/cancel', '/begin', '/sign-out']) {
      const response = await browser.ask(path, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
      expect(response.status).toBeGreaterThanOrEqual(403);
    }
    expect(browser.jar.size).toBe(1);
  });
});

describe('returnTo', () => {
  it.each([
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '/.//evil.example',
    '/films\r\nSet-Cookie: a=b',
    'films',
    '',
    `/${'a'.repeat(2000)}`,
  ])('%j is refused, and nothing begins', async (returnTo) => {
    const app = createApplication();
    const browser = app.openBrowser();
    for (const path of ['/attempt', '/begin']) {
      const response = await browser.ask(`${path}?returnTo=${encodeURIComponent(returnTo)}`, {
        method: 'POST',
        headers: path === '/begin' ? {} : handOver(7, 'abcd'),
      });
      expect(response.status).toBe(400);
    }
    expect([browser.jar.size, app.emulator.pins]).toEqual([0, []]);
  });

  it('leaves a page that shows no foreign text', async () => {
    const app = createApplication({ product: '<b>"Cinema"</b>' });
    const page = await app
      .openBrowser()
      .ask(`/?returnTo=${encodeURIComponent('/"><script>alert(1)</script>')}`);
    const html = await page.text();
    expect(html).not.toContain('<script>');
    expect(html).not.toContain('<b>');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  });
});

it('a Host of a proxy decides nothing', async () => {
  const app = createApplication();
  const evil = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', Forwarded: 'host=evil.example' };
  const ask = (path: string, init: RequestInit) =>
    app.server.handler(new Request(`https://evil.example/auth/plex${path}`, init));
  const begun = await ask('/begin?returnTo=/films', { method: 'POST', headers: evil });
  const address = decodeURIComponent(begun.headers.get('Location') ?? '');
  expect(address).toContain(`forwardUrl=${origin}/auth/plex/callback`);
  expect(address).not.toContain('evil');
  app.emulator.link(app.emulator.pins[0]?.code ?? '');
  const [cookie = ''] = begun.headers.getSetCookie();
  const back = await ask('/callback', { headers: { ...evil, Cookie: cookie.split('; ')[0] ?? '' } });
  expect(back.headers.get('Location')).toBe(`${origin}/films`);
});
