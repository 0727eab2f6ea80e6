import { describe, expect, it } from 'vitest';
import type { PlexAuthServerOptions } from '../../src/server/index.ts';
import { PlexAuthError, Secret } from '../../src/server/index.ts';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { cookiesOfApp, createApplication, origin } from './sign-in-server.ts';

type OnSignIn = PlexAuthServerOptions['onSignIn'];

async function signIn(options: Partial<PlexAuthServerOptions>, path = '/callback') {
  const app = createApplication(options);
  const browser = app.openBrowser();
  const { code } = await browser.begin(app);
  app.emulator.link(code);
  const response = await whileTimePasses(app, browser.ask(path));
  return { app, browser, code, response };
}

const never = () => new Promise<never>(() => {});

describe('a callback of the application that never answers', () => {
  it('onSignIn counts as one that threw, and is called again', async () => {
    let isHung = true;
    const onSignIn: OnSignIn = () => (isHung ? never() : { headers: { 'Set-Cookie': 'session=1' } });
    const { app, browser, response } = await signIn({ onSignIn }, '/attempt');
    expect([response.status, app.errors]).toEqual([
      500,
      [new Error('onSignIn did not answer within 30000 ms')],
    ]);
    isHung = false;
    await whileTimePasses(app, browser.ask('/attempt'));
    expect(cookiesOfApp(browser)).toEqual(['session']);
  });

  it.each([
    ['getUser', 'GET', '/session'],
    ['onSignOut', 'POST', '/sign-out'],
  ])('%s ends in an error', async (name, method, path) => {
    const app = createApplication({ [name]: never });
    const response = await whileTimePasses(app, app.openBrowser().ask(path, { method }));
    expect([response.status, app.errors.length]).toEqual([500, 1]);
  });

  it('onTokenRejected makes verify reject', async () => {
    const app = createApplication({ onTokenRejected: never });
    const verified = app.server.verify({ token: 'no-such-token' });
    await expect(whileTimePasses(app, verified)).rejects.toThrow(
      'onTokenRejected did not answer within 30000 ms',
    );
  });
});

it('a refused token is no outage, although onTokenRejected throws an error of Plex of its own', async () => {
  const error = new PlexAuthError('PLEX_HTTP', 'A call of the application failed', {
    atMs: 0,
    retryable: false,
  });
  const app = createApplication({
    onTokenRejected() {
      throw error;
    },
  });
  await expect(app.server.verify({ token: 'no-such-token' })).rejects.toBe(error);
});

describe('what onSignIn returns', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'session'],
    ['a redirect to nowhere', { redirectTo: null }],
  ])('may be %s', async (_, result) => {
    const { response } = await signIn({ onSignIn: (() => result) as unknown as OnSignIn });
    expect([response.status, response.headers.get('Location')]).toEqual([303, `${origin}/`]);
  });

  const whole = () =>
    new Response('{"ok":true}', {
      status: 302,
      headers: [
        ['Location', 'https://elsewhere.example/'],
        ['Content-Type', 'application/json'],
        ['Content-Length', '11'],
        ['Content-Security-Policy', "default-src 'self'"],
        ['Cache-Control', 'public, max-age=60'],
        ['Connection', 'keep-alive'],
        ['Keep-Alive', 'timeout=5'],
        ['Proxy-Connection', 'keep-alive'],
        ['Trailer', 'X-Own'],
        ['Upgrade', 'h2c'],
        ['X-Own', 'kept'],
        ['Set-Cookie', 'session=1'],
        ['Set-Cookie', 'csrf=2'],
      ],
    });

  it.each([
    ['/callback', null],
    ['/attempt', 'application/json; charset=utf-8'],
    ['/popup', 'text/html; charset=utf-8'],
  ])('may be a whole Response, whose headers change nothing of the answer itself: %s', async (path, type) => {
    const { browser, response } = await signIn({ onSignIn: whole }, path);
    const { headers } = response;
    expect(headers.get('Content-Type')).toBe(type);
    expect(headers.get('Content-Length')).toBeNull();
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Location')).toBe(path === '/callback' ? `${origin}/` : null);
    expect(headers.get('Content-Security-Policy') ?? 'none').not.toContain('self,');
    for (const name of ['Connection', 'Keep-Alive', 'Proxy-Connection', 'Trailer', 'Upgrade'])
      expect(headers.get(name), name).toBeNull();
    expect(headers.get('X-Own')).toBe('kept');
    expect(cookiesOfApp(browser)).toEqual(['session', 'csrf']);
  });

  it.each([
    ['films', `${origin}/films`],
    ['./films?page=2#top', `${origin}/films?page=2#top`],
    ['/films', `${origin}/films`],
    ['https://other.example/x', 'https://other.example/x'],
  ])('sends the user to %s, from the root of the origin', async (redirectTo, address) => {
    const { response } = await signIn({ onSignIn: () => ({ redirectTo }) });
    expect(response.headers.get('Location')).toBe(address);
  });
});

describe('a user whom getUser gives with more than a page may know', () => {
  const row = {
    ...{ id: 7, uuid: 'u', username: 'ada', title: 'Ada', email: '', friendlyName: '', thumb: '' },
    subscription: { active: false, plan: '' },
  };
  const secretRow = { ...row, plexToken: 'SECRET', passwordHash: 'HASH', token: new Secret('t') };

  it('is shown without it', async () => {
    const app = createApplication({ getUser: () => secretRow });
    expect(await (await app.openBrowser().ask('/session')).json()).toEqual({ user: row });
  });

  it('is shown without it where the attempt is gone, too', async () => {
    const app = createApplication({ getUser: () => secretRow });
    const browser = app.openBrowser();
    const { pinID } = await browser.begin(app);
    app.emulator.expire(pinID);
    const response = await whileTimePasses(app, browser.ask('/attempt'));
    expect(await response.json()).toEqual({ status: 'authenticated', user: row, redirectTo: `${origin}/` });
  });
});

describe('a Plex that throttles who asks whose token it is', () => {
  it('is asked nothing until it allows it, however often the browser asks', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    app.emulator.link(code);
    const fault = { type: 'rateLimited', retryAfter: 30 } as const;
    app.emulator.fault(fault, { operation: 'getUser' });
    await browser.ask('/attempt');
    const { length } = app.emulator.requests;
    for (let n = 0; n < 5; n++) await whileTimePasses(app, browser.ask('/attempt'));
    expect(app.emulator.requests).toHaveLength(length);
    await app.time.advance(30_000);
    await whileTimePasses(app, browser.ask('/attempt'));
    expect(cookiesOfApp(browser)).toEqual(['session']);
  });
});

describe('a secret that is missing or short', () => {
  it.each(['', 'c0ffee00'])(
    '%j is refused with the command that makes one, and is not in the message',
    (secret) => {
      const expected =
        'plex-auth-flow: secret must be 32 bytes or more, as a text or bytes, or a list of such; `openssl rand -hex 32` makes one';
      expect(() => createApplication({ secret })).toThrow(new TypeError(expected));
    },
  );
});
