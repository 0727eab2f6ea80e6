import { describe, expect, it } from 'vitest';
import { type App, createApp, databases, origin, signInAs } from './better-auth-app.ts';

const uuidOf = ({ emulator }: App, name: string) =>
  emulator.people.find((person) => person.name === name)?.uuid;

describe.each(Object.keys(databases) as (keyof typeof databases)[])('a sign-in, stored in %s', (database) => {
  it('ends in a session of better-auth', async () => {
    const app = await createApp({ database });
    const browser = app.openBrowser();
    const begun = await browser.begin();
    expect(begun.url).toMatch(/^https:\/\/app\.plex\.tv\/auth#\?/);
    expect(begun.product).toBe('Cinema');
    app.emulator.approve(begun.code, { as: 'ada' });
    const response = await browser.visit(begun.forwardURL);
    expect([response.status, response.headers.get('Location')]).toEqual([302, '/films']);
    expect(await browser.findUser()).toMatchObject({
      name: 'ada',
      email: 'ada@example.com',
      emailVerified: false,
    });
    const [account] = await app.context.internalAdapter.findAccounts((await browser.findUser())?.id ?? '');
    expect(account).toMatchObject({ providerId: 'plex', accountId: uuidOf(app, 'ada') });
  });

  it('finds the same account again, whatever the name and the address have become', async () => {
    const app = await createApp({ database });
    const first = await signInAs(app, 'ada');
    // The second of the people has the same uuid under any name.
    const later = await createApp({
      auth: { database: () => app.context.adapter },
      emulator: { people: ['olga', { name: 'lovelace', email: 'lovelace@example.org' }], servers: [] },
    });
    expect(uuidOf(later, 'lovelace')).toBe(uuidOf(app, 'ada'));
    const second = await signInAs(later, 'lovelace');
    expect((await second.browser.findUser())?.id).toBe((await first.browser.findUser())?.id);
    expect(await app.context.adapter.count({ model: 'user' })).toBe(1);
  });

  it('links Plex to an account that is there, whatever its address', async () => {
    const app = await createApp({ database });
    const browser = app.openBrowser();
    await browser.post('/sign-up/email', {
      name: 'Ann',
      email: 'ann@example.org',
      password: 'a long password',
    });
    const ann = await browser.findUser();
    const { location } = await signInAs(app, 'ada', browser, '/link-social');
    expect(location).toBe('/films');
    const { browser: other } = await signInAs(app, 'ada');
    expect(await other.findUser()).toMatchObject({
      id: ann?.id,
      email: 'ann@example.org',
      emailVerified: false,
    });
  });
});

describe('a sign-in', () => {
  it('needs no database', async () => {
    const app = await createApp({ auth: { database: undefined } as object });
    const { browser, token } = await signInAs(app, 'ada');
    expect(await browser.findUser()).toMatchObject({ name: 'ada' });
    expect([...browser.jar.values(), ...browser.seen].join()).not.toContain(token);
  });

  it('ends at the host where it began, of several', async () => {
    const baseURL = { allowedHosts: ['app.example', 'other.example'], protocol: 'https' as const };
    const app = await createApp({ auth: { baseURL } });
    const { forwardURL } = await app.openBrowser().begin();
    expect(new URL(forwardURL).origin).toBe(origin);
    expect((await signInAs(app, 'ada')).location).toBe('/films');
  });

  it('leaves a token that better-auth encrypts once more, and the server alone can open', async () => {
    const app = await createApp({ auth: { account: { encryptOAuthTokens: true } } });
    const { browser, token } = await signInAs(app, 'ada');
    const userId = (await browser.findUser())?.id ?? '';
    const [account] = await app.context.internalAdapter.findAccounts(userId);
    expect(account?.accessToken).not.toMatch(/^eyJ/);
    const found = await app.auth.api.getPlexCredentials({ body: { userId } });
    expect(found?.token.reveal()).toBe(token);
  });
});
