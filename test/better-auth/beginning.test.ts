import { APIError } from 'better-auth/api';
import { oauthPopup } from 'better-auth/plugins';
import { describe, expect, it } from 'vitest';
import { plexAuth } from '../../src/better-auth/index.ts';
import { type App, createApp, origin, readConsent, secret, signInAs } from './better-auth-app.ts';

/** Makes a PIN as the page would. */
async function makePin({ emulator }: App, clientIdentifier: string) {
  const made = await emulator.fetch('https://clients.plex.tv/api/v2/pins?strong=true', {
    method: 'POST',
    headers: { Accept: 'application/json', 'X-Plex-Client-Identifier': clientIdentifier, Origin: origin },
  });
  const { id, code } = (await made.json()) as { id: number; code: string };
  return { pinID: id, code, expiresInMs: 1_800_000 };
}

async function describeClient(app: App) {
  return (await (await app.openBrowser().get('/plex/client')).json()) as { clientIdentifier: string };
}

describe('a sign-in', () => {
  it('begins with the PIN that the page has made', async () => {
    const app = await createApp();
    const { clientIdentifier, ...described } = await describeClient(app);
    expect(described).toEqual({ product: 'Cinema', strong: true, baseURL: `${origin}/api/auth` });
    const plexPin = await makePin(app, clientIdentifier);
    const browser = app.openBrowser();
    const begun = await browser.begin('/sign-in/social', { additionalData: { plexPin } });
    expect(begun).toMatchObject({ code: plexPin.code, clientID: clientIdentifier });
    app.emulator.approve(begun.code, { as: 'ada' });
    await browser.visit(begun.forwardURL);
    expect(await browser.findUser()).toMatchObject({ name: 'ada' });
    expect(app.emulator.pins).toHaveLength(1);
  });

  it('begins with no PIN that a link of another site brings', async () => {
    const app = await createApp({ auth: { plugins: [oauthPopup()] } });
    const plexPin = await makePin(app, (await describeClient(app)).clientIdentifier);
    const query = new URLSearchParams({
      provider: 'plex',
      popupOrigin: origin,
      additionalData: JSON.stringify({ plexPin, serverContext: { plexPin } }),
    });
    const response = await app.openBrowser().get(`/oauth-popup/start?${query}`);
    const { code } = readConsent(response.headers.get('Location') ?? undefined);
    expect(code).toHaveLength(25);
    expect(code).not.toBe(plexPin.code);
  });

  it.each([
    ['no PIN', 'x', {}],
    ['a text for the id', { pinID: '7', code: 'abcd', expiresInMs: 1000 }, {}],
    ['a code with a line break', { pinID: 7, code: 'a\nb', expiresInMs: 1000 }, {}],
    ['no life', { pinID: 7, code: 'abcd', expiresInMs: 0 }, {}],
    [
      'a PIN of a page elsewhere',
      { pinID: 7, code: 'abcd', expiresInMs: 1000 },
      { 'Sec-Fetch-Site': 'same-site' },
    ],
  ])('refuses %s', async (_what, plexPin, headers) => {
    const app = await createApp();
    const response = await app.openBrowser().visit(`${origin}/api/auth/sign-in/social`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: origin, ...headers },
      body: JSON.stringify({ provider: 'plex', callbackURL: '/', additionalData: { plexPin } }),
    });
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'PLEX_BAD_PIN' }]);
    expect(app.emulator.pins).toEqual([]);
  });
});

describe('the client identifier', () => {
  const identifierOf = async (auth: Parameters<typeof createApp>[0]) =>
    (await describeClient(await createApp(auth))).clientIdentifier;

  it('is the same on each machine, and after each start', async () => {
    expect(await identifierOf({})).toBe(await identifierOf({ database: 'SQLite' }));
  });

  it("is another application's with another secret or address, and the option's where that is given", async () => {
    const own = await identifierOf({});
    expect(await identifierOf({ auth: { baseURL: 'https://other.example' } })).not.toBe(own);
    expect(await identifierOf({ auth: { secret: `another ${secret}` } })).not.toBe(own);
    expect(await identifierOf({ plex: { clientIdentifier: 'cinema-1' } })).toBe('cinema-1');
  });

  it('stays when the secrets rotate, and so do the stored tokens', async () => {
    const old = { version: 1, value: secret };
    const auth = { secret: undefined, secrets: [old] } as object;
    const app = await createApp({ auth });
    const { token, browser } = await signInAs(app, 'ada');
    const userId = (await browser.findUser())?.id ?? '';
    const rotated = await createApp({
      auth: {
        secret: undefined,
        secrets: [{ version: 2, value: `another ${secret}` }, old],
        database: () => app.context.adapter,
      } as object,
      plex: { fetch: app.emulator.fetch, clock: app.time.clock },
    });
    expect(await describeClient(rotated)).toEqual(await describeClient(app));
    const found = await rotated.auth.api.getPlexCredentials({ body: { userId } });
    expect(found?.token.reveal()).toBe(token);
  });
});

describe('an application', () => {
  it('without a name is told to give one', async () => {
    await expect(createApp({ auth: { appName: undefined } as object })).rejects.toThrow(
      'product must be given, here or as the appName of better-auth',
    );
  });

  it.each([
    [
      { access: { machineIdentifier: '' } },
      'access.machineIdentifier must be a text that is not empty; your media server shows it at /identity',
    ],
    [{ access: { machineIdentifier: 'a', allow: ['friend'] } }, 'access.allow'],
    [{ readsPerSecond: 0 }, 'readsPerSecond'],
    [{ mapProfileToUser: 'x' }, 'mapProfileToUser'],
    [{ disableSignUp: 1 }, 'disableSignUp'],
    [{ disableImplicitSignUp: 1 }, 'disableImplicitSignUp'],
    [{ authAppURL: 'x' }, 'authAppURL'],
    [{ clientIdentifier: '' }, 'clientIdentifier'],
    [{ product: '' }, 'product'],
  ])('is told about a bad option: %o', (options, name) => {
    expect(() => plexAuth(options as object)).toThrow(name);
    expect(() => plexAuth(options as object)).toThrow(TypeError);
  });

  it.each([false, true])(
    'keeps a token that works, updates of accounts or not (encrypted: %s)',
    async (encryptOAuthTokens) => {
      const app = await createApp({
        auth: { account: { updateAccountOnSignIn: false, encryptOAuthTokens } },
      });
      await signInAs(app, 'ada');
      const { token, browser } = await signInAs(app, 'ada');
      const userId = (await browser.findUser())?.id ?? '';
      const found = await app.auth.api.getPlexCredentials({ body: { userId } });
      expect(found?.token.reveal()).toBe(token);
    },
  );

  it('that fails to make a user of the profile fails as any sign-in', async () => {
    const mapProfileToUser = () => {
      throw new Error('a fault of the application');
    };
    const app = await createApp({ plex: { mapProfileToUser } });
    const { location } = await signInAs(app, 'ada');
    expect(location).toBe(`${origin}/problem?error=unable_to_get_user_info`);
    expect(JSON.stringify(app.logged)).toContain('Plex sign-in');
    const away = () => {
      throw new APIError('FOUND', undefined, { Location: '/waiting-list' });
    };
    const other = await createApp({ plex: { mapProfileToUser: away } });
    expect((await signInAs(other, 'ada')).location).toBe('/waiting-list');
  });

  it('knows nobody whom Plex gives no uuid', async () => {
    const app = await createApp();
    const nameless: typeof fetch = async (input, init) => {
      const response = await app.emulator.fetch(input, init);
      return String(input).includes('/user')
        ? Response.json({ ...(await response.json()), uuid: '' })
        : response;
    };
    const other = await createApp({ plex: { fetch: nameless, clock: app.time.clock } });
    const browser = other.openBrowser();
    const { code, forwardURL } = await browser.begin();
    app.emulator.approve(code, { as: 'ada' });
    const response = await browser.visit(forwardURL);
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=unable_to_get_user_info`);
  });
});
