import { describe, expect, it } from 'vitest';
import { createPlexAuthServer } from '../../src/server/index.ts';
import { createApplication, openBrowser, secret, whileTimePasses } from './sign-in-server.ts';

const cookieName = '__Host-plex-auth-attempt';

describe('an application whose onSignIn throws', () => {
  it.each([false, true])('is asked again with the same token (read once: %s)', async (readOnce) => {
    let failures = 2;
    const tokens: string[] = [];
    const app = createApplication(
      {
        onSignIn({ token, user }) {
          tokens.push(token.reveal());
          if (failures-- > 0) throw new Error('the database is down');
          return { headers: { 'Set-Cookie': `session=${user.id}` } };
        },
      },
      { readOnce },
    );
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    const token = app.emulator.link(code);
    const first = await browser.ask('/attempt');
    expect([first.status, await first.json()]).toEqual([
      500,
      {
        status: 'failed',
        error: {
          code: 'PLEX_UNEXPECTED',
          message: 'The application could not make its session',
          retryable: true,
        },
      },
    ]);
    expect([...browser.jar.keys()]).toEqual([cookieName]);
    const second = await browser.comeBack();
    expect(second.headers.get('Refresh')).toBeTruthy();
    const third = await whileTimePasses(app, browser.comeBack());
    expect([third.status, tokens, [...browser.jar.keys()]]).toEqual([
      303,
      [token, token, token],
      ['session'],
    ]);
    expect(app.errors).toEqual([new Error('the database is down'), new Error('the database is down')]);
  });

  it('keeps the token for the other machines in the store, sealed', async () => {
    const records = new Map<string, string>();
    const store = {
      getItem: (key: string) => records.get(key),
      setItem: (key: string, value: string) => void records.set(key, value),
      removeItem: (key: string) => void records.delete(key),
    };
    let isDown = true;
    const app = createApplication(
      {
        store,
        onSignIn() {
          if (isDown) throw new Error('down');
          return { headers: { 'Set-Cookie': 'session=1' } };
        },
      },
      { readOnce: true },
    );
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    const token = app.emulator.link(code);
    await browser.ask('/attempt');
    isDown = false;
    const elsewhere = openBrowser(createPlexAuthServer(app.settings).handler);
    elsewhere.jar.set(cookieName, browser.jar.get(cookieName) ?? '');
    await whileTimePasses(app, elsewhere.comeBack());
    expect([...elsewhere.jar.keys()]).toEqual(['session']);
    expect([...records.values()].join()).not.toContain(token);
  });
});

describe('a Plex that is down in the middle', () => {
  it.each(['getToken', 'getUser'] as const)('at %s costs nothing', async (operation) => {
    const app = createApplication({}, { readOnce: true });
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.fault({ type: 'status', status: 503 }, { operation });
    app.emulator.link(code);
    const failed = await browser.ask('/attempt');
    expect([failed.status, await failed.json()]).toEqual([
      502,
      { status: 'failed', error: expect.objectContaining({ code: 'PLEX_HTTP', retryable: true }) },
    ]);
    const response = await whileTimePasses(app, browser.comeBack());
    expect([response.status, [...browser.jar.keys()]]).toEqual([303, ['session']]);
  });

  it('at the begin of a form shows a page that says so', async () => {
    const app = createApplication();
    app.emulator.fault({ type: 'reset' }, { operation: 'getPin', times: 10 });
    const browser = app.openBrowser();
    const response = await browser.ask('/begin', { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringContaining('cannot be reached'),
    ]);
    expect(browser.jar.size).toBe(0);
  });

  it('keeps a token whose answer comes after the time limit', async () => {
    const app = createApplication({ requestTimeoutMs: 1000 }, { readOnce: true });
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    app.emulator.fault({ type: 'slow', delayMs: 3000 }, { operation: 'getToken' });
    const failed = await whileTimePasses(app, browser.ask('/attempt'));
    expect(failed.status).toBe(504);
    await app.time.advance(5000);
    const response = await whileTimePasses(app, browser.comeBack());
    expect([response.status, [...browser.jar.keys()]]).toEqual([303, ['session']]);
  });
});

it('a new secret in front of the old one changes nothing for those who wait', async () => {
  const app = createApplication();
  const browser = app.openBrowser();
  const { code } = await browser.begin(app);
  const rotated = createPlexAuthServer({ ...app.settings, secret: [`new ${secret}`, secret] });
  const after = openBrowser(rotated.handler);
  after.jar.set(cookieName, browser.jar.get(cookieName) ?? '');
  app.emulator.link(code);
  await after.comeBack();
  expect([...after.jar.keys()]).toEqual(['session']);
  expect(await rotated.clientIdentifier()).toBe(await app.server.clientIdentifier());
});

it('two tabs without JavaScript each end in a session', async () => {
  for (const which of [0, 1]) {
    const app = createApplication();
    const browser = app.openBrowser();
    await browser.ask('/begin?returnTo=/first', { method: 'POST' });
    await browser.ask('/begin?returnTo=/second', { method: 'POST' });
    app.emulator.link(app.emulator.pins[which]?.code ?? '');
    const response = await whileTimePasses(app, browser.comeBack());
    expect(response.headers.get('Location')).toContain(which === 0 ? '/first' : '/second');
    expect([...browser.jar.keys()]).toEqual(['session']);
  }
});

it('the page, its popup and its stream ask at once, and the application makes one session', async () => {
  const app = createApplication({}, { readOnce: true });
  const browser = app.openBrowser();
  const { code } = await browser.begin(app);
  app.emulator.link(code);
  const answers = await whileTimePasses(
    app,
    Promise.all([browser.ask('/attempt'), browser.comeBack('/popup'), browser.comeBack()]),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 303]);
  expect([app.signIns.length, [...browser.jar.keys()]]).toEqual([1, ['session']]);
});

it('a cancelled attempt asks nobody any more', async () => {
  const app = createApplication();
  const browser = app.openBrowser();
  await browser.begin(app);
  expect((await browser.ask('/attempt', { method: 'DELETE' })).status).toBe(204);
  expect(browser.jar.size).toBe(0);
  const { length } = app.emulator.requests;
  await browser.ask('/attempt');
  expect(app.emulator.requests).toHaveLength(length);
});

it('machines whose clocks differ by a minute understand one another', async () => {
  const app = createApplication();
  const browser = app.openBrowser();
  const { code } = await browser.begin(app);
  const { clock } = app.time;
  const ahead = { ...clock, now: () => clock.now() + 60_000 };
  const other = openBrowser(createPlexAuthServer({ ...app.settings, clock: ahead }).handler);
  other.jar.set(cookieName, browser.jar.get(cookieName) ?? '');
  app.emulator.link(code);
  await other.comeBack();
  expect([...other.jar.keys()]).toEqual(['session']);
});
