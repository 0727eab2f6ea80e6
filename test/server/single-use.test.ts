import { describe, expect, it } from 'vitest';
import { createPlexAuthServer } from '../../src/server/index.ts';
import { createRecordingStore } from '../fixture/recording-store.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import {
  type Application,
  type Browser,
  cookiesOfApp,
  createApplication,
  handOver,
  openBrowser,
} from './sign-in-server.ts';

/** The same browser, at another machine. */
function copyTo(handler: Parameters<typeof openBrowser>[0], { jar }: Browser): Browser {
  const copy = openBrowser(handler);
  for (const [name, value] of jar) copy.jar.set(name, value);
  return copy;
}

/** An application whose onSignIn waits until it may go on. */
function createSlowApplication(options: Parameters<typeof createApplication>[0] = {}) {
  const gate = { calls: 0, open: () => {} };
  const app = createApplication({
    ...options,
    async onSignIn({ user }) {
      gate.calls += 1;
      await new Promise<void>((resolve) => {
        gate.open = resolve;
      });
      return { headers: { 'Set-Cookie': `session=${user.id}` } };
    },
  });
  return { app, gate };
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function beginApproved(app: Application, strong = true) {
  const browser = app.openBrowser();
  const { code, pinID } = await browser.begin(app, '', strong);
  app.emulator.link(code);
  return { browser, code, pinID };
}

describe('with several machines and one store', () => {
  it('a machine whose own try has failed makes no second session once another one has signed the user in', async () => {
    let failures = 1;
    const app = createApplication({
      store: createRecordingStore(),
      onSignIn(signIn) {
        if (failures-- > 0) throw new Error('down');
        app.signIns.push(signIn);
        return { headers: { 'Set-Cookie': 'session=1' } };
      },
    });
    const { browser } = await beginApproved(app);
    const thief = copyTo(app.server.handler, browser);
    await browser.ask('/attempt');
    const elsewhere = copyTo(createPlexAuthServer(app.settings).handler, browser);
    await whileTimePasses(app, elsewhere.comeBack());
    expect(cookiesOfApp(elsewhere)).toEqual(['session']);
    await app.time.advance(61_000);
    await whileTimePasses(app, thief.comeBack());
    expect([app.signIns.length, cookiesOfApp(thief)]).toEqual([1, []]);
  });

  it('makes one session while another machine makes it, although its clock is a minute ahead', async () => {
    const { app, gate } = createSlowApplication({ store: createRecordingStore() });
    const { browser } = await beginApproved(app);
    const { clock } = app.time;
    const ahead = { ...clock, now: () => clock.now() + 60_000 };
    const elsewhere = copyTo(createPlexAuthServer({ ...app.settings, clock: ahead }).handler, browser);
    const first = browser.ask('/attempt');
    await until(() => gate.calls > 0);
    const second = elsewhere.ask('/attempt');
    const answer = await Promise.race([second, until(() => gate.calls > 1)]);
    expect(await answer?.json()).toMatchObject({ status: 'pending' });
    gate.open();
    await first;
    expect([gate.calls, cookiesOfApp(browser)]).toEqual([1, ['session']]);
  });

  it('answers that the store is down, and drops nothing, where only the store knows the token', async () => {
    const store = createRecordingStore();
    let isDown = true;
    const onSignIn = () => {
      if (isDown) throw new Error('down');
      return { headers: { 'Set-Cookie': 'session=1' } };
    };
    const app = createApplication({ store, onSignIn }, { readOnce: true });
    const { browser } = await beginApproved(app);
    await browser.ask('/attempt');
    isDown = false;
    const brokenStore = { ...store, getItem: (key: string) => failOnce() ?? store.getItem(key) };
    let failures = 1;
    const failOnce = () => {
      if (failures-- > 0) throw new Error('the store is away');
    };
    const clientIdentifier = await app.server.clientIdentifier();
    const other = createPlexAuthServer({ ...app.settings, clientIdentifier, store: brokenStore });
    const elsewhere = copyTo(other.handler, browser);
    const failed = await whileTimePasses(app, elsewhere.ask('/attempt'));
    expect([failed.status, await failed.json()]).toEqual([
      502,
      { status: 'failed', error: expect.objectContaining({ code: 'PLEX_STORE', retryable: true }) },
    ]);
    await whileTimePasses(app, elsewhere.ask('/attempt'));
    expect(cookiesOfApp(elsewhere)).toEqual(['session']);
  });
});

describe('a PIN that was handed over twice', () => {
  it('makes one session, although the second browser asks while the application makes the first one', async () => {
    const { app, gate } = createSlowApplication();
    const { browser, code, pinID } = await beginApproved(app);
    const second = app.openBrowser();
    await second.ask('/attempt', { method: 'POST', headers: handOver(pinID, code) });
    const first = browser.ask('/attempt');
    await until(() => gate.calls > 0);
    const answer = await Promise.race([second.ask('/attempt'), until(() => gate.calls > 1)]);
    expect(await answer?.json()).toMatchObject({ status: 'pending' });
    gate.open();
    await first;
    expect([gate.calls, cookiesOfApp(browser), cookiesOfApp(second)]).toEqual([1, ['session'], []]);
  });

  it('is redeemed by nobody who tries all short codes', async () => {
    const app = createApplication({ strong: false, readsPerSecond: Infinity });
    const { pinID, code } = await beginApproved(app, false);
    const guesses = Array.from({ length: 40 }, (_, n) => `X${n}XX`);
    for (const guess of [...guesses, code]) {
      const stranger = app.openBrowser();
      await stranger.ask('/attempt', { method: 'POST', headers: handOver(pinID, guess) });
      await whileTimePasses(app, stranger.ask('/attempt'));
      expect(cookiesOfApp(stranger)).toEqual([]);
    }
    expect(app.signIns).toEqual([]);
  });

  it('is still its owner’s after a few wrong codes', async () => {
    const app = createApplication({ strong: false, readsPerSecond: Infinity });
    const { browser, pinID } = await beginApproved(app, false);
    for (let n = 0; n < 5; n++) {
      const stranger = app.openBrowser();
      await stranger.ask('/attempt', { method: 'POST', headers: handOver(pinID, `X${n}XX`) });
      for (let again = 0; again < 5; again++) await whileTimePasses(app, stranger.ask('/attempt'));
    }
    await whileTimePasses(app, browser.ask('/attempt'));
    expect(cookiesOfApp(browser)).toEqual(['session']);
  });
});

describe('a browser that leaves', () => {
  it('before the application was asked gets its session by the next question', async () => {
    const app = createApplication();
    const { browser } = await beginApproved(app);
    const leaving = new AbortController();
    const careful = createPlexAuthServer({
      ...app.settings,
      async fetch(input, init) {
        const response = await app.emulator.fetch(input, init);
        if (String(input).endsWith('/user')) leaving.abort();
        return response;
      },
    });
    const cookies = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const popup = new Request('https://app.example/auth/plex/popup', {
      headers: { Cookie: cookies },
      signal: leaving.signal,
    });
    await whileTimePasses(app, careful.handler(popup));
    expect(app.signIns).toEqual([]);
    const page = copyTo(careful.handler, browser);
    await whileTimePasses(app, page.ask('/attempt'));
    expect([app.signIns.length, cookiesOfApp(page)]).toEqual([1, ['session']]);
  });
});

describe('a sign-in that is cancelled', () => {
  it.each([
    ['DELETE', '/attempt'],
    ['POST', '/cancel'],
  ])('while the application makes the session brings none (%s %s)', async (method, path) => {
    const { app, gate } = createSlowApplication();
    const { browser } = await beginApproved(app);
    const page = browser.ask('/attempt');
    await until(() => gate.calls > 0);
    await browser.ask(path, { method });
    gate.open();
    expect(await (await page).json()).toEqual({ status: 'gone' });
    expect([...browser.jar.keys()]).toEqual([]);
  });

  it.each([
    ['a stream', { Accept: 'text/event-stream' }, ''],
    ['a question that waits', {}, '?wait=40'],
  ])('is over for %s that was open, too', async (_, headers, query) => {
    const app = createApplication();
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    const open = browser.ask(`/attempt${query}`, { headers }).then((response) => response.text());
    await until(() => app.emulator.requests.some(({ operation }) => operation === 'getToken'));
    await browser.ask('/attempt', { method: 'DELETE' });
    app.emulator.link(code);
    expect(await whileTimePasses(app, open)).toContain('"status":"gone"');
    expect([app.signIns, [...browser.jar.keys()]]).toEqual([[], []]);
  });

  it('before the application was asked does not ask it', async () => {
    const app = createApplication();
    const { browser } = await beginApproved(app);
    app.emulator.fault({ type: 'slow', delayMs: 500 }, { operation: 'getUser' });
    const page = browser.ask('/attempt');
    await until(() => app.emulator.requests.some(({ operation }) => operation === 'getUser'));
    await browser.ask('/attempt', { method: 'DELETE' });
    await whileTimePasses(app, page);
    expect([app.signIns, [...browser.jar.keys()]]).toEqual([[], []]);
  });
});

it('a browser that has signed out is not told that it is signed in', async () => {
  const app = createApplication({
    onSignOut: () => ({ headers: { 'Set-Cookie': 'session=; Max-Age=0' } }),
  });
  const { browser } = await beginApproved(app);
  await browser.ask('/attempt');
  await browser.ask('/sign-out', { method: 'POST' });
  expect([...browser.jar.keys()]).toEqual([]);
  expect((await browser.ask('/attempt')).status).toBe(404);
});

it('a sign-out leaves what waits in another tab', async () => {
  const app = createApplication({ onSignOut: () => ({}) });
  const { browser } = await beginApproved(app);
  await browser.ask('/sign-out', { method: 'POST' });
  await whileTimePasses(app, browser.ask('/attempt'));
  expect(cookiesOfApp(browser)).toEqual(['session']);
});
