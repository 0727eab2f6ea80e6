import { describe, expect, it } from 'vitest';
import { type App, createApp, origin, signInAs } from './better-auth-app.ts';

const password = 'a long password';

/** Signs somebody up with an e-mail address and a password. */
async function signUp(app: App, email: string, isVerified = false) {
  const browser = app.openBrowser();
  await browser.post('/sign-up/email', { name: 'Ann', email, password });
  const user = await browser.findUser();
  if (isVerified) await app.context.internalAdapter.updateUser(user?.id ?? '', { emailVerified: true });
  return { browser, user };
}

describe("an address that is another user's", () => {
  it.each([false, true])('takes no account over (verified: %s)', async (isVerified) => {
    const app = await createApp();
    const { user } = await signUp(app, 'ada@example.com', isVerified);
    const { browser, location } = await signInAs(app, 'ada');
    expect(location).toBe(`${origin}/problem?error=account_not_linked`);
    expect(await browser.findUser()).toBeUndefined();
    const accounts = await app.context.internalAdapter.findAccounts(user?.id ?? '');
    expect(accounts.map(({ providerId }) => providerId)).toEqual(['credential']);
  });

  it('counts where the application trusts Plex, and only if that user has proved it', async () => {
    for (const isVerified of [false, true]) {
      const account = { accountLinking: { trustedProviders: ['plex'] } };
      const app = await createApp({ auth: { account, emailAndPassword: { enabled: true } } });
      const { user } = await signUp(app, 'ada@example.com', isVerified);
      const { browser } = await signInAs(app, 'ada');
      expect((await browser.findUser())?.id).toBe(isVerified ? user?.id : undefined);
    }
  });

  it('gives nobody the account of who had it before at Plex', async () => {
    const app = await createApp({
      emulator: { people: ['ada', { name: 'eve', email: 'ada@example.com' }], servers: [] },
    });
    const { browser: ada } = await signInAs(app, 'ada');
    const { browser: eve, location } = await signInAs(app, 'eve');
    expect(location).toBe(`${origin}/problem?error=account_not_linked`);
    expect(await eve.findUser()).toBeUndefined();
    expect(await ada.findUser()).toMatchObject({ name: 'ada' });
  });
});

describe('a password that is reset', () => {
  it("is no way into a user that has somebody else's address, where none is sent to one that is not verified", async () => {
    const sent: string[] = [];
    const emailAndPassword = {
      enabled: true,
      // As docs/better-auth.md says.
      async sendResetPassword({ user, token }: { user: { emailVerified: boolean }; token: string }) {
        if (user.emailVerified) sent.push(token);
      },
    };
    const app = await createApp({
      emulator: { people: ['ada', { name: 'eve', email: 'ann@example.org' }], servers: [] },
      auth: { emailAndPassword },
    });
    await signInAs(app, 'eve');
    await app.openBrowser().post('/request-password-reset', { email: 'ann@example.org', redirectTo: '/' });
    expect(sent).toEqual([]);
    await signUp(app, 'bob@example.org', true);
    await app.openBrowser().post('/request-password-reset', { email: 'bob@example.org', redirectTo: '/' });
    expect(sent).toHaveLength(1);
  });
});

describe('a managed user', () => {
  it('gets an address that gets no mail, and is the same user next time', async () => {
    const app = await createApp();
    const first = await (await signInAs(app, 'kim')).browser.findUser();
    expect(first?.email).toMatch(/^plex-[0-9a-f]{32}@plex\.invalid$/);
    expect(first?.emailVerified).toBe(false);
    expect((await (await signInAs(app, 'kim')).browser.findUser())?.id).toBe(first?.id);
  });

  it('has an address that nobody can guess and register before', async () => {
    const one = await createApp();
    const other = await createApp({ auth: { secret: 'another secret of the tests, which has 32 bytes' } });
    const addressIn = async (app: App) => (await (await signInAs(app, 'kim')).browser.findUser())?.email;
    expect(await addressIn(one)).not.toBe(await addressIn(other));
    const uuid = one.emulator.people.find(({ name }) => name === 'kim')?.uuid ?? '';
    expect(await addressIn(one)).not.toContain(uuid);
  });
});

describe('linking', () => {
  it('keeps the address and the name, and whether it is verified', async () => {
    const app = await createApp();
    const { browser, user } = await signUp(app, 'ann@example.org');
    expect((await signInAs(app, 'kim', browser, '/link-social')).location).toBe('/films');
    expect(await browser.findUser()).toEqual(user);
  });

  it('is refused where the application wants the same address', async () => {
    const account = { accountLinking: { allowDifferentEmails: false } };
    const app = await createApp({ auth: { account } });
    const { browser } = await signUp(app, 'ann@example.org');
    const { location } = await signInAs(app, 'ada', browser, '/link-social');
    expect(location).toContain(`${origin}/problem?error=email_does_not_match`);
    const { browser: same } = await signUp(app, 'ada@example.com');
    expect((await signInAs(app, 'ada', same, '/link-social')).location).toBe('/films');
  });

  it('is refused where the application allows none', async () => {
    const app = await createApp({ auth: { account: { accountLinking: { enabled: false } } } });
    const { browser } = await signUp(app, 'ann@example.org');
    const { location } = await signInAs(app, 'ada', browser, '/link-social');
    expect(location).toContain(`${origin}/problem?error=unable_to_link_account`);
  });

  it("takes nobody else's account", async () => {
    const app = await createApp();
    await signInAs(app, 'ada');
    const { browser } = await signUp(app, 'ann@example.org');
    const { location } = await signInAs(app, 'ada', browser, '/link-social');
    expect(location).toContain(`${origin}/problem?error=account_already_linked_to_different_user`);
  });

  it('leaves the account that it may not take with a token that works', async () => {
    const app = await createApp();
    const ada = await signInAs(app, 'ada');
    const userId = (await ada.browser.findUser())?.id ?? '';
    const { browser } = await signUp(app, 'ann@example.org');
    const { location, token } = await signInAs(app, 'ada', browser, '/link-social');
    expect(location).toContain('account_already_linked_to_different_user');
    // Plex has ended the token before.
    const found = await app.auth.api.getPlexCredentials({ body: { userId } });
    expect(found?.token.reveal()).toBe(token);
    expect(await app.auth.api.verifyPlexUser({ body: { userId } })).toMatchObject({ status: 'valid' });
    expect(await ada.browser.findUser()).toBeDefined();
  });

  it('ends with the session that began it', async () => {
    const app = await createApp();
    const { browser, user } = await signUp(app, 'ann@example.org');
    const { code, forwardURL } = await browser.begin('/link-social');
    app.emulator.approve(code, { as: 'ada' });
    await app.context.internalAdapter.deleteUserSessions(user?.id ?? '');
    const response = await browser.visit(forwardURL);
    expect(response.headers.get('Location')).toContain('error=unable_to_link_account');
  });

  it('needs a session', async () => {
    const app = await createApp();
    const response = await app.openBrowser().post('/link-social', { provider: 'plex', callbackURL: '/' });
    expect(response.status).toBe(401);
  });
});

describe('a new user', () => {
  it('is turned away where nobody signs up', async () => {
    const app = await createApp({ plex: { disableSignUp: true } });
    expect((await signInAs(app, 'ada')).location).toBe(`${origin}/problem?error=signup_disabled`);
  });

  it('comes in only by request where the application wants that', async () => {
    const app = await createApp({ plex: { disableImplicitSignUp: true } });
    expect((await signInAs(app, 'ada')).location).toBe(`${origin}/problem?error=signup_disabled`);
    const browser = app.openBrowser();
    const { code, forwardURL } = await browser.begin('/sign-in/social', { requestSignUp: true });
    app.emulator.approve(code, { as: 'ada' });
    await browser.visit(forwardURL);
    expect(await browser.findUser()).toMatchObject({ name: 'ada' });
  });

  it('has what the application makes of the profile, and stays who it is at Plex', async () => {
    const app = await createApp({
      plex: { mapProfileToUser: ({ id }) => ({ name: `Number ${id}`, email: `${id}@example.net` }) },
    });
    const { browser } = await signInAs(app, 'ada');
    const user = await browser.findUser();
    expect(user?.email).toMatch(/^\d+@example\.net$/);
    const [account] = await app.context.internalAdapter.findAccounts(user?.id ?? '');
    expect(account?.accountId).toBe(app.emulator.people.find(({ name }) => name === 'ada')?.uuid);
  });
});
