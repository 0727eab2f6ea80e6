import { describe, expect, it } from 'vitest';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { createApp, openBrowser, origin, signInAs } from './better-auth-app.ts';

const callback = `${origin}/api/auth/callback/plex`;

/** Signs in, and lets somebody with a copy of the browser's cookies come back from Plex after that. */
async function expectOneSignIn(
  app: Awaited<ReturnType<typeof createApp>>,
  thief: ReturnType<typeof openBrowser>,
): Promise<void> {
  const browser = app.openBrowser();
  const { code, forwardURL } = await browser.begin();
  for (const [name, value] of browser.jar) thief.jar.set(name, value);
  app.emulator.approve(code, { as: 'ada' });
  await browser.visit(forwardURL);
  expect(await browser.findUser()).toBeDefined();
  const stolen = await thief.visit(forwardURL);
  expect(stolen.headers.get('Location')).toBe(`${origin}/problem?error=plex_expired`);
  expect(await thief.findUser()).toBeUndefined();
}

describe('the callback', () => {
  it.each([
    ['without a state', '', 'state_not_found'],
    ['with a state that was never made', '?state=forged&code=forged', 'state_mismatch'],
  ])('lets nobody in %s', async (_what, query, error) => {
    const app = await createApp();
    const browser = app.openBrowser();
    await browser.begin();
    const response = await browser.visit(callback + query);
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=${error}`);
    expect(await browser.findUser()).toBeUndefined();
  });

  it('lets nobody in at another browser than the one that began', async () => {
    const app = await createApp();
    const { code, forwardURL } = await app.openBrowser().begin();
    app.emulator.approve(code, { as: 'ada' });
    const victim = app.openBrowser();
    await victim.begin();
    const response = await victim.visit(forwardURL);
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=state_mismatch`);
    expect(await victim.findUser()).toBeUndefined();
  });

  it('takes no code of another browser: nobody is signed in as somebody else', async () => {
    const app = await createApp();
    const attacker = await app.openBrowser().begin();
    app.emulator.approve(attacker.code, { as: 'bob' });
    const victim = app.openBrowser();
    const own = await victim.begin();
    const forged = new URL(own.forwardURL);
    forged.searchParams.set('code', new URL(attacker.forwardURL).searchParams.get('code') ?? '');
    const response = await victim.visit(forged.href);
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=plex_wrong_code`);
    expect(await victim.findUser()).toBeUndefined();
    expect(app.emulator.requests.filter(({ operation }) => operation === 'getToken')).toEqual([]);
  });

  it.each([
    ['none', (url: URL) => url.searchParams.delete('code'), 'no_code'],
    ['the id of a PIN', (url: URL) => url.searchParams.set('code', `${2 ** 30 + 1}`), 'plex_wrong_code'],
    [
      'a cut one',
      (url: URL) => url.searchParams.set('code', `${url.searchParams.get('code')}`.slice(0, -1)),
      'plex_wrong_code',
    ],
  ])('lets nobody in with this for a code: %s', async (_what, change, error) => {
    const app = await createApp();
    const browser = app.openBrowser();
    const { code, forwardURL } = await browser.begin();
    app.emulator.approve(code, { as: 'ada' });
    const url = new URL(forwardURL);
    change(url);
    const response = await browser.visit(url.href);
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=${error}`);
    expect(await browser.findUser()).toBeUndefined();
  });

  it('takes no code that another application has sealed', async () => {
    const app = await createApp();
    const other = await createApp({ auth: { secret: 'another secret of the tests, which has 32 bytes' } });
    const browser = app.openBrowser();
    const { forwardURL } = await browser.begin();
    const url = new URL(forwardURL);
    const foreign = new URL((await other.openBrowser().begin()).forwardURL);
    url.searchParams.set('code', foreign.searchParams.get('code') ?? '');
    const response = await browser.visit(url.href);
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=plex_wrong_code`);
  });

  it('signs in once', async () => {
    const app = await createApp();
    const { browser, forwardURL } = await signInAs(app, 'ada');
    const sessions = () => app.context.adapter.count({ model: 'session' });
    expect(await sessions()).toBe(1);
    const again = await browser.visit(forwardURL);
    expect(again.headers.get('Location')).toBe(`${origin}/problem?error=state_mismatch`);
    expect(await sessions()).toBe(1);
  });

  it('signs in once, too, where the state is in a cookie that somebody has copied', async () => {
    const app = await createApp({ auth: { account: { storeStateStrategy: 'cookie' } } });
    await expectOneSignIn(app, app.openBrowser());
  });

  it('signs in once on all machines together, where the state is in a cookie that somebody has copied', async () => {
    const account = { storeStateStrategy: 'cookie' } as const;
    const app = await createApp({ auth: { account }, database: 'SQLite' });
    const { auth: other } = await createApp({
      auth: { account, database: () => app.context.adapter },
      plex: { fetch: app.emulator.fetch, clock: app.time.clock },
    });
    await expectOneSignIn(app, openBrowser(other.handler));
  });

  it('signs in where nothing but the memory of one machine can tell what was used', async () => {
    const stored = new Map<string, string>();
    const secondaryStorage = {
      get: (key: string) => stored.get(key) ?? null,
      set: (key: string, value: string) => void stored.set(key, value),
      delete: (key: string) => void stored.delete(key),
      getAndDelete: (key: string) => stored.get(key) ?? null,
      increment: () => 1,
    };
    const account = { storeStateStrategy: 'cookie' } as const;
    const app = await createApp({ auth: { account, secondaryStorage } });
    expect((await signInAs(app, 'ada')).location).toBe('/films');
  });

  it('takes no code after its time', async () => {
    const app = await createApp();
    const browser = app.openBrowser();
    const { code, forwardURL } = await browser.begin();
    app.emulator.approve(code, { as: 'ada' });
    // A minute is allowed for clocks that differ.
    await app.time.advance(661_000);
    const response = await browser.visit(forwardURL);
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=plex_wrong_code`);
  });
});

describe('a sign-in', () => {
  it('takes no bare token of Plex', async () => {
    const app = await createApp();
    const { token } = await signInAs(app, 'ada');
    const browser = app.openBrowser();
    for (const path of ['/sign-in/social', '/link-social']) {
      const response = await browser.post(path, { provider: 'plex', idToken: { token, accessToken: token } });
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    expect(await browser.findUser()).toBeUndefined();
  });

  it('begins at no page of another site', async () => {
    const app = await createApp();
    const response = await app.openBrowser().visit(`${origin}/api/auth/sign-in/social`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'https://evil.example', Cookie: 'a=b' },
      body: JSON.stringify({ provider: 'plex', callbackURL: '/films' }),
    });
    expect(response.status).toBe(403);
  });

  it('goes on to no other site', async () => {
    const app = await createApp();
    const more = { callbackURL: 'https://evil.example/' };
    const { response } = await app.openBrowser().begin('/sign-in/social', more);
    expect(response.status).toBe(403);
  });

  it('shows the browser no token, no id of a PIN and nothing that opens without the secret', async () => {
    const app = await createApp();
    const { browser, token, forwardURL } = await signInAs(app, 'ada');
    const accounts = await app.context.internalAdapter.findAccounts((await browser.findUser())?.id ?? '');
    const accountId = accounts[0]?.id;
    const access = await browser.post('/get-access-token', { accountId });
    const { accessToken } = (await access.json()) as { accessToken: string };
    expect(accessToken).toMatch(/^eyJ/);
    expect((await browser.get(`/account-info?accountId=${accountId}`)).status).toBe(200);
    await browser.get('/list-accounts');
    await browser.post('/refresh-token', { accountId });
    const all = [...browser.seen, ...browser.jar.values(), forwardURL].join('\n');
    expect(all).not.toContain(token);
    expect(JSON.stringify(app.logged)).not.toContain(token);
    const [pinID] = app.emulator.requests.flatMap(({ path }) => /\/pins\/(\d+)/.exec(path)?.[1] ?? []);
    expect(pinID).toBeDefined();
    expect(all).not.toContain(pinID);
    const stored = JSON.stringify(accounts);
    expect(stored).toContain(accessToken);
    expect(stored).not.toContain(token);
  });

  it('redeems no PIN that the page made for another application', async () => {
    const app = await createApp();
    const made = await app.emulator.fetch('https://clients.plex.tv/api/v2/pins?strong=true', {
      method: 'POST',
      headers: { Accept: 'application/json', 'X-Plex-Client-Identifier': 'another-application' },
    });
    const { id, code } = (await made.json()) as { id: number; code: string };
    const browser = app.openBrowser();
    const plexPin = { pinID: id, code, expiresInMs: 1_800_000 };
    const { forwardURL } = await browser.begin('/sign-in/social', { additionalData: { plexPin } });
    app.emulator.approve(code, { as: 'ada' });
    const response = await whileTimePasses(app, browser.visit(forwardURL));
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=plex_expired`);
    expect(await browser.findUser()).toBeUndefined();
  });

  it('takes no answer about a PIN that names another client identifier', async () => {
    const app = await createApp();
    const foreign: typeof fetch = async (input, init) => {
      const response = await app.emulator.fetch(input, init);
      if (!/\/pins\/\d+/.test(String(input))) return response;
      const pin = (await response.json()) as object;
      return Response.json({ ...pin, clientIdentifier: 'another-application' });
    };
    const { auth } = await createApp({ plex: { fetch: foreign, clock: app.time.clock } });
    const browser = openBrowser(auth.handler);
    const { code, forwardURL } = await browser.begin();
    app.emulator.approve(code, { as: 'ada' });
    const response = await browser.visit(forwardURL);
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=plex_failed`);
    expect(await browser.findUser()).toBeUndefined();
  });
});
