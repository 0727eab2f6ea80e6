import { describe, expect, it, vi } from 'vitest';
import { createPlexAuthServer, PlexAuthError } from '../../src/server/index.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { cookiesOfApp, createApplication, openBrowser, secret } from './sign-in-server.ts';

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
    expect([third.status, tokens, cookiesOfApp(browser)]).toEqual([303, [token, token, token], ['session']]);
    expect(app.errors).toEqual([new Error('the database is down'), new Error('the database is down')]);
  });

  it('is named on the waiting page in place of Plex, whose approval is there', async () => {
    const app = createApplication({
      onSignIn() {
        throw new Error('the database is down');
      },
    });
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    const page = await (await browser.comeBack()).text();
    expect(page).toContain('Cinema cannot sign you in at the moment.');
    expect(page).not.toContain('Waiting for your approval');
  });

  it.each([
    ['without onError is logged', undefined],
    ['with onError is left to it', () => {}],
  ])('%s', async (_, onError) => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    const failure = new Error('the database is down');
    const app = createApplication({
      onError,
      onSignIn() {
        throw failure;
      },
    });
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    await browser.ask('/attempt');
    expect(logged.mock.calls).toEqual(onError ? [] : [['plex-auth-flow:', failure]]);
    logged.mockRestore();
  });

  it('keeps the token for the other machines in the store, sealed', async () => {
    const store = createRecordingStore();
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
    expect(cookiesOfApp(elsewhere)).toEqual(['session']);
    expect([...store.items.values()].join()).not.toContain(token);
  });
});

it('cryptography that fails once fails no later request', async () => {
  const app = createApplication();
  const clientIdentifier = await app.server.clientIdentifier();
  const server = createPlexAuthServer({ ...app.settings, clientIdentifier });
  const failing = vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(new Error('not now'));
  const browser = openBrowser(server.handler);
  expect((await browser.ask('/attempt', { method: 'POST' })).status).toBe(500);
  failing.mockRestore();
  expect((await browser.ask('/attempt', { method: 'POST' })).status).toBe(201);
});

describe('the waiting page', () => {
  it('says that Plex cannot be reached, and looks again', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    await browser.begin(app);
    app.emulator.fault({ type: 'status', status: 503 }, { operation: 'getToken' });
    const answer = await browser.comeBack();
    expect(answer.headers.get('Refresh')).toBeTruthy();
    expect(await answer.text()).toContain('Plex cannot be reached at the moment.');
    expect(await (await whileTimePasses(app, browser.comeBack())).text()).toContain(
      'Waiting for your approval',
    );
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
    expect([response.status, cookiesOfApp(browser)]).toEqual([303, ['session']]);
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
    expect([response.status, cookiesOfApp(browser)]).toEqual([303, ['session']]);
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
  expect(cookiesOfApp(after)).toEqual(['session']);
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
    expect(cookiesOfApp(browser)).toEqual(['session']);
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
  expect([app.signIns.length, cookiesOfApp(browser)]).toEqual([1, ['session']]);
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
  expect(cookiesOfApp(other)).toEqual(['session']);
});

it('an attempt that ended in the popup is known to the page, which gets no second session', async () => {
  const app = createApplication();
  const browser = app.openBrowser();
  const { code } = await browser.begin(app);
  app.emulator.link(code);
  await browser.comeBack('/popup');
  const other = openBrowser(createPlexAuthServer(app.settings).handler);
  for (const [name, value] of browser.jar) other.jar.set(name, value);
  for (const asking of [browser, other]) {
    const answer = await whileTimePasses(app, asking.ask('/attempt'));
    expect(await answer.json()).toMatchObject({ status: 'authenticated', user: { id: 1_234_567 } });
    expect(answer.headers.getSetCookie().filter((cookie) => cookie.startsWith('session='))).toEqual([]);
  }
  expect(app.signIns).toHaveLength(1);
  await app.time.advance(61_000);
  expect((await browser.ask('/attempt')).status).toBe(404);
});

it('two machines with one store make one session, although one asks while the other makes it', async () => {
  const store = createRecordingStore();
  let finish = () => {};
  const app = createApplication({
    store,
    async onSignIn({ user }) {
      app.signIns.push({} as never);
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { headers: { 'Set-Cookie': `session=${user.id}` } };
    },
  });
  const browser = app.openBrowser();
  const { code } = await browser.begin(app);
  const elsewhere = openBrowser(createPlexAuthServer(app.settings).handler);
  for (const [name, value] of browser.jar) elsewhere.jar.set(name, value);
  app.emulator.link(code);
  const first = browser.ask('/attempt');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const second = await whileTimePasses(app, elsewhere.ask('/attempt'));
  expect(await second.json()).toMatchObject({ status: 'pending' });
  finish();
  await first;
  expect([app.signIns.length, cookiesOfApp(browser)]).toEqual([1, ['session']]);
});

describe('what an application gives that no answer can carry', () => {
  it.each([
    ['a header beyond Latin-1', { headers: { 'X-Name': 'Łucja' } }],
    ['a header with a line break', { headers: { 'X-Name': 'a\nb' } }],
  ])('is its error, and loses nothing: %s', async (_, broken) => {
    let isBroken = true;
    const app = createApplication({
      onSignIn: ({ user }) => (isBroken ? broken : { headers: { 'Set-Cookie': `session=${user.id}` } }),
    });
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    expect((await browser.ask('/attempt')).status).toBe(500);
    isBroken = false;
    await whileTimePasses(app, browser.comeBack());
    expect([cookiesOfApp(browser), app.errors.length]).toEqual([['session'], 1]);
  });

  it('leaves the attempt open where it throws an error of Plex of its own', async () => {
    let isBroken = true;
    const app = createApplication({
      onSignIn({ user }) {
        const details = { atMs: 0, retryable: false };
        if (isBroken) throw new PlexAuthError('PLEX_HTTP', 'The call of the application failed', details);
        return { headers: { 'Set-Cookie': `session=${user.id}` } };
      },
    });
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    await browser.ask('/attempt');
    isBroken = false;
    await whileTimePasses(app, browser.comeBack());
    expect([cookiesOfApp(browser), app.errors.length]).toEqual([['session'], 1]);
  });
});

it('a refusal of Plex that says nothing of the token leaves the attempt open', async () => {
  for (const operation of ['getUser', 'resources'] as const) {
    const app = createApplication(
      { access: { machineIdentifier: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00' } },
      { readOnce: true },
    );
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    app.emulator.fault({ type: 'status', status: 403 }, { operation });
    await browser.ask('/attempt');
    await whileTimePasses(app, browser.comeBack());
    expect(cookiesOfApp(browser)).toEqual(['session']);
  }
});

it('a stream asks again in peace where the application or Plex fails', async () => {
  const app = createApplication({
    onSignIn() {
      app.signIns.push({} as never);
      throw new Error('down');
    },
  });
  const browser = app.openBrowser();
  const { code } = await browser.begin(app);
  app.emulator.link(code);
  const response = await browser.ask('/attempt', { headers: { Accept: 'text/event-stream' } });
  const reader = response.body?.getReader();
  for (let event = 0; event < 4; event++) await whileTimePasses(app, Promise.resolve(reader?.read()));
  await reader?.cancel();
  const tookMs = app.time.clock.now() - Date.UTC(2026, 0, 1);
  expect(app.signIns.length).toBeLessThanOrEqual(5);
  expect(tookMs).toBeGreaterThanOrEqual(9000);
});

it('a cookie is never longer than browsers keep', async () => {
  const app = createApplication();
  const browser = app.openBrowser();
  const returnTo = encodeURIComponent(`/${'a'.repeat(500)}`);
  for (let tab = 0; tab < 4; tab++) await browser.begin(app, `?returnTo=${returnTo}`);
  expect(browser.jar.get(cookieName)?.length).toBeLessThan(3950);
});

it('a store that never answers stops nothing for good', async () => {
  const records = new Map<string, string>();
  let isHung = true;
  const answer = <T>(value: T) => (isHung ? new Promise<never>(() => {}) : value);
  const app = createApplication({
    store: {
      getItem: (key: string) => answer(records.get(key)),
      setItem: (key: string, value: string) => answer(records.set(key, value)),
      removeItem: (key: string) => answer(records.delete(key)),
    },
  });
  const browser = app.openBrowser();
  const failed = await whileTimePasses(app, browser.ask('/client'));
  expect([failed.status, await failed.json()]).toEqual([
    503,
    { status: 'failed', error: expect.objectContaining({ code: 'PLEX_STORE', retryable: true }) },
  ]);
  isHung = false;
  const { code } = await browser.begin(app);
  app.emulator.link(code);
  isHung = true;
  await whileTimePasses(app, browser.comeBack());
  expect(cookiesOfApp(browser)).toEqual(['session']);
});
