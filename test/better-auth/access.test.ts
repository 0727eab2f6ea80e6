import { describe, expect, it } from 'vitest';
import type { AccessLevel } from '../../src/better-auth/index.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { type App, createApp, machineIdentifier, origin, signInAs } from './better-auth-app.ts';

const access = { machineIdentifier };

/** Begins sign-ins and comes back from each at once, without an approval. @returns The problems they are going to end with. */
async function comeBack(app: App, count: number): Promise<Promise<string | null>[]> {
  const begin = async () => {
    const browser = app.openBrowser();
    return { browser, ...(await browser.begin()) };
  };
  const begun = await Promise.all(Array.from({ length: count }, begin));
  return begun.map(async ({ browser, forwardURL }) => {
    const location = (await browser.visit(forwardURL)).headers.get('Location') ?? '';
    return new URL(location, origin).searchParams.get('error');
  });
}

describe('an application for one server', () => {
  it.each<[string, AccessLevel]>([
    ['olga', 'owner'],
    ['ada', 'member'],
    ['kim', 'member'],
  ])('lets %s in, as %s', async (name, level) => {
    const levels: unknown[] = [];
    const mapProfileToUser = (profile: { access?: AccessLevel | undefined }) => {
      levels.push(profile.access);
      return {};
    };
    const app = await createApp({ plex: { access, mapProfileToUser } });
    const { browser, location } = await signInAs(app, name);
    expect(location).toBe('/films');
    expect(await browser.findUser()).toMatchObject({ name });
    expect(levels).toEqual([level]);
  });

  it('lets nobody else in, says so at the page for errors, and gives the token back', async () => {
    const app = await createApp({ plex: { access } });
    const { browser, location, token, clientID } = await signInAs(app, 'bob');
    expect(location).toBe(`${origin}/problem?error=plex_no_access`);
    expect(await browser.findUser()).toBeUndefined();
    expect(await app.context.adapter.count({ model: 'user' })).toBe(0);
    const user = await app.emulator.fetch('https://clients.plex.tv/api/v2/user', {
      headers: {
        Accept: 'application/json',
        'X-Plex-Token': token,
        'X-Plex-Client-Identifier': clientID,
      },
    });
    expect(user.status).toBe(401);
  });

  it('says so at the page that the sign-in named, among what else is in its address', async () => {
    const app = await createApp({ plex: { access } });
    const browser = app.openBrowser();
    const { code, forwardURL } = await browser.begin('/sign-in/social', {
      errorCallbackURL: '/login?from=films#top',
    });
    app.emulator.approve(code, { as: 'bob' });
    const response = await browser.visit(forwardURL);
    expect(response.headers.get('Location')).toBe('/login?from=films&error=plex_no_access#top');
  });

  it('links nobody else either', async () => {
    const app = await createApp({ plex: { access } });
    const browser = app.openBrowser();
    await browser.post('/sign-up/email', {
      name: 'Bob',
      email: 'b@example.org',
      password: 'a long password',
    });
    const { location } = await signInAs(app, 'bob', browser, '/link-social');
    expect(location).toBe(`${origin}/problem?error=plex_no_access`);
  });

  it('decides for itself where everybody comes in', async () => {
    const app = await createApp({ plex: { access: { ...access, allow: ['owner', 'member', 'none'] } } });
    const { location } = await signInAs(app, 'bob');
    expect(location).toBe('/films');
  });

  it.each([{ type: 'status', status: 503 }, { type: 'html' }, { type: 'xml' }] as const)(
    'takes an outage for no answer (%o)',
    async (fault) => {
      const app = await createApp({ plex: { access } });
      const stop = app.emulator.fault(fault, { operation: 'resources', times: 99 });
      const { browser, location } = await signInAs(app, 'ada');
      expect(location).toBe(`${origin}/problem?error=plex_unavailable`);
      expect(await browser.findUser()).toBeUndefined();
      stop();
      expect((await signInAs(app, 'ada')).location).toBe('/films');
    },
  );
});

describe('Plex', () => {
  it.each(['getToken', 'getUser', 'resources'] as const)('may fail once at %s', async (operation) => {
    const app = await createApp({ plex: { access } });
    app.emulator.fault({ type: 'status', status: 502 }, { operation });
    expect((await signInAs(app, 'ada')).location).toBe('/films');
  });

  it('may bring the token late', async () => {
    const app = await createApp({ emulator: { tokenLagMs: 2500 } });
    expect((await signInAs(app, 'ada')).location).toBe('/films');
  });

  it('brings none where nobody has approved', async () => {
    const app = await createApp();
    const browser = app.openBrowser();
    const { forwardURL } = await browser.begin();
    const response = await whileTimePasses(app, browser.visit(forwardURL));
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=plex_not_approved`);
    expect(await browser.findUser()).toBeUndefined();
  });

  it('may fail once where nobody has approved, too', async () => {
    const app = await createApp();
    const browser = app.openBrowser();
    const { forwardURL } = await browser.begin();
    app.emulator.fault({ type: 'status', status: 502 }, { operation: 'getToken' });
    const response = await whileTimePasses(app, browser.visit(forwardURL));
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=plex_not_approved`);
  });

  it('is unavailable, and not the user, where it throttles', async () => {
    const app = await createApp();
    const browser = app.openBrowser();
    const { code, forwardURL } = await browser.begin();
    app.emulator.fault({ type: 'rateLimited', retryAfter: 60 }, { operation: 'getToken' });
    app.emulator.approve(code, { as: 'ada' });
    const response = await whileTimePasses(app, browser.visit(forwardURL));
    expect(response.headers.get('Location')).toBe(`${origin}/problem?error=plex_unavailable`);
  });

  it('lets nobody begin while it is down', async () => {
    const app = await createApp();
    app.emulator.fault({ type: 'status', status: 503 }, { operation: 'getPin', times: 99 });
    const response = await app.openBrowser().post('/sign-in/social', { provider: 'plex', callbackURL: '/' });
    expect([response.status, await response.json()]).toEqual([
      503,
      { code: 'PLEX_UNAVAILABLE', message: 'Plex cannot be reached at the moment: try again' },
    ]);
  });

  it('is asked at its own pace, however many come back without an approval', async () => {
    const app = await createApp();
    const beganMs = app.time.clock.now();
    await whileTimePasses(app, Promise.all(await comeBack(app, 20)));
    const seconds = (app.time.clock.now() - beganMs) / 1000;
    const reads = app.emulator.requests.filter(({ operation }) => operation === 'getToken');
    // A second each, and a burst of five.
    expect(reads.length).toBeLessThanOrEqual(seconds + 5);
  });

  it('is too busy, and nobody has refused, where somebody gets no turn', async () => {
    const app = await createApp();
    const problems = await whileTimePasses(app, Promise.all(await comeBack(app, 30)));
    const count = (code: string) => problems.filter((problem) => problem === code).length;
    // A burst of five, and one a second in five seconds.
    expect(count('plex_not_approved')).toBeGreaterThanOrEqual(5);
    expect(count('plex_unavailable')).toBeGreaterThanOrEqual(15);
    expect(count('plex_not_approved') + count('plex_unavailable')).toBe(30);
  });
});

describe('a user of the application', () => {
  async function createSignedIn() {
    const app = await createApp({ plex: { access } });
    const { browser, token } = await signInAs(app, 'ada');
    const userId = (await browser.findUser())?.id ?? '';
    const verify = () => app.auth.api.verifyPlexUser({ body: { userId } });
    return { app, browser, token, userId, verify };
  }

  it('stays signed in while the token is good, and in an outage', async () => {
    const { app, browser, verify } = await createSignedIn();
    expect(await verify()).toMatchObject({ status: 'valid', profile: { username: 'ada', access: 'member' } });
    app.emulator.fault({ type: 'status', status: 503 }, { operation: 'getUser' });
    expect(await verify()).toMatchObject({ status: 'unknown', error: { code: 'PLEX_HTTP' } });
    expect(await browser.findUser()).toBeDefined();
  });

  it('is signed out once Plex refuses the token, and comes back as the same user', async () => {
    const { app, browser, verify, userId } = await createSignedIn();
    app.emulator.revoke({ as: 'ada' });
    expect(await verify()).toEqual({ status: 'rejected' });
    expect(await browser.findUser()).toBeUndefined();
    const again = await signInAs(app, 'ada');
    expect((await again.browser.findUser())?.id).toBe(userId);
    expect(await verify()).toMatchObject({ status: 'valid' });
  });

  it('is signed out once the server is no longer shared', async () => {
    const { app, browser, verify } = await createSignedIn();
    app.emulator.unshare('Cinema', { with: 'ada' });
    expect(await verify()).toEqual({ status: 'noAccess' });
    expect(await browser.findUser()).toBeUndefined();
  });

  it('stays signed in where another sign-in has just replaced the token', async () => {
    const { app, browser, verify } = await createSignedIn();
    const { internalAdapter } = app.context;
    const { findAccounts } = internalAdapter;
    let isFirst = true;
    internalAdapter.findAccounts = async (id) => {
      const found = structuredClone(await findAccounts(id));
      if (isFirst) {
        isFirst = false;
        await signInAs(app, 'ada');
      }
      return found;
    };
    expect(await verify()).toMatchObject({ status: 'valid' });
    expect(await browser.findUser()).toBeDefined();
  });

  it('has a token for the calls of the server alone', async () => {
    const { app, browser, token, userId } = await createSignedIn();
    const found = await app.auth.api.getPlexCredentials({ body: { userId } });
    expect(found?.token.reveal()).toBe(token);
    expect(JSON.stringify(found)).not.toContain(token);
    expect(found?.clientIdentifier).toBe(app.emulator.requests[0]?.clientIdentifier);
    for (const path of ['/get-plex-credentials', '/verify-plex-user', '/plex/verify'])
      expect((await browser.post(path, { userId })).status).toBe(404);
  });

  it('without an account at Plex has no token', async () => {
    const app = await createApp();
    const { user } = await app.auth.api.signUpEmail({
      body: { name: 'Ann', email: 'ann@example.org', password: 'a long password' },
    });
    expect(await app.auth.api.verifyPlexUser({ body: { userId: user.id } })).toEqual({ status: 'none' });
    expect(await app.auth.api.getPlexCredentials({ body: { userId: user.id } })).toBeNull();
  });
});
