import { describe, expect, it } from 'vitest';
import { createPlexAuthServer } from '../../src/server/index.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { cookiesOfApp, createApplication, handOver, openBrowser, origin } from './sign-in-server.ts';

describe('HEAD', () => {
  it.each(['/', '/client', '/attempt', '/callback', '/popup', '/session', '/nothing', '/begin'])(
    'of %s answers as GET does, without a body',
    async (path) => {
      const app = createApplication({ getUser: () => null });
      const [get, head] = await Promise.all([
        app.openBrowser().ask(path),
        app.openBrowser().ask(path, { method: 'HEAD' }),
      ]);
      expect([head.status, head.body, await head.text()]).toEqual([get.status, null, '']);
      expect([...head.headers.keys()]).toEqual([...get.headers.keys()]);
    },
  );

  it('is refused from another site where GET is', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site' };
    const response = await createApplication().openBrowser().ask('/attempt', { method: 'HEAD', headers });
    expect(response.status).toBe(403);
  });

  it('of a stream ends no attempt', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    await browser.ask('/attempt', { method: 'HEAD', headers: { Accept: 'text/event-stream' } });
    await app.time.advance(1000);
    expect(app.signIns).toEqual([]);
    await whileTimePasses(app, browser.ask('/attempt'));
    expect(cookiesOfApp(browser)).toEqual(['session']);
  });
});

it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'a request with the method %s is refused',
  async (method) => {
    const response = await createApplication().openBrowser().ask('/attempt', { method });
    expect([response instanceof Response, response.status]).toEqual([true, 405]);
  },
);

describe('the address where the handler is mounted', () => {
  it.each([
    ['https://app.example//', '/auth/plex'],
    ['https://app.example///auth//plex//', '/auth/plex'],
    ['https://app.example/plex/', '/plex'],
  ])('is read from %s', async (baseURL, path) => {
    const app = createApplication({ baseURL });
    const ask = (rest: string) => app.server.handler(new Request(`${origin}${path}${rest}`));
    expect((await ask('/client')).status).toBe(200);
    expect(await (await ask('')).text()).toContain(`action="${path}/begin?`);
  });
});

it('an address of slashes costs no more than any other', async () => {
  const app = createApplication();
  const address = `${origin}/${'/'.repeat(60_000)}x`;
  const beganMs = performance.now();
  for (let n = 0; n < 5; n++) await app.server.handler(new Request(address));
  expect(performance.now() - beganMs).toBeLessThan(500);
});

describe('a form of a page that sends no referrer', () => {
  it.each([
    ['same-origin', 303],
    ['cross-site', 403],
    ['same-site', 403],
    ['none', 403],
    ['', 403],
  ])('has the origin null, and is answered from %s with %d', async (site, status) => {
    const app = createApplication({ onSignOut: () => ({}) });
    for (const path of ['/begin', '/cancel', '/sign-out']) {
      const headers = { Origin: 'null', Accept: 'text/html', ...(site && { 'Sec-Fetch-Site': site }) };
      const response = await app.server.handler(
        new Request(`${origin}/auth/plex${path}`, { method: 'POST', headers }),
      );
      expect([path, response.status]).toEqual([path, status]);
    }
  });
});

describe('returnTo in another alphabet', () => {
  it('leads back where browsers keep the cookie', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const path = `/${'映'.repeat(220)}`;
    const { response, code } = await browser.begin(app, `?returnTo=${encodeURIComponent(path)}`);
    expect((response.headers.get('Set-Cookie') ?? '').length).toBeLessThan(4096);
    app.emulator.link(code);
    const back = await whileTimePasses(app, browser.comeBack());
    expect(back.headers.get('Location')).toBe(`${origin}${encodeURI(path)}`);
    for (const cookie of back.headers.getSetCookie()) expect(cookie.length).toBeLessThan(4096);
  });

  it('is refused where they would not', async () => {
    const app = createApplication();
    const returnTo = encodeURIComponent(`/${'映'.repeat(240)}`);
    const headers = handOver(7, 'abcd');
    const response = await app
      .openBrowser()
      .ask(`/attempt?returnTo=${returnTo}`, { method: 'POST', headers });
    expect(response.status).toBe(400);
  });
});

describe('the budget of reads', () => {
  const hint = { 'Plex-Auth-Hint': '1' };

  it('gives all hints of one browser one place', async () => {
    const app = createApplication();
    const hog = app.openBrowser();
    await hog.begin(app);
    // The first ones use up what may go ahead.
    for (let n = 0; n < 5; n++) await hog.ask('/attempt', { headers: hint });
    const hogs = Array.from({ length: 20 }, () => hog.ask('/attempt', { headers: hint }));
    await cryptographyEnds();
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    const answer = await whileTimePasses(app, browser.ask('/attempt', { headers: hint }));
    expect(await answer.json()).toMatchObject({ status: 'authenticated' });
    await whileTimePasses(app, Promise.all(hogs));
  });

  it.each([
    ['/callback?again', 1],
    ['/callback', 4],
  ])('lets %s not go ahead, or go ahead: %d reads at once', async (path, reads) => {
    const app = createApplication();
    const browsers = Array.from({ length: 4 }, () => app.openBrowser());
    for (const browser of browsers) await browser.begin(app);
    const answers = browsers.map((browser) => browser.comeBack(path));
    const sent = () => app.emulator.requests.filter(({ operation }) => operation === 'getToken').length;
    await expect.poll(sent).toBe(reads);
    await cryptographyEnds();
    expect(sent()).toBe(reads);
    await whileTimePasses(app, Promise.all(answers));
  });
});

/** No time passes meanwhile but the platform's own. */
const cryptographyEnds = () => new Promise((resolve) => setTimeout(resolve, 50));

describe('a clock that is set back', () => {
  it('keeps no question open for longer than it asked', async () => {
    const app = createApplication();
    let shiftMs = 0;
    const clock = { ...app.time.clock, now: () => app.time.clock.now() + shiftMs };
    const browser = openBrowser(createPlexAuthServer({ ...app.settings, clock }).handler);
    await browser.begin(app);
    const beganMs = app.time.clock.now();
    const answer = browser.ask('/attempt?wait=5');
    app.time.clock.setTimeout(() => {
      shiftMs = -3_600_000;
    }, 2000);
    await whileTimePasses(app, answer);
    expect(app.time.clock.now() - beganMs).toBeLessThan(20_000);
  });
});
