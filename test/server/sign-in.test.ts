import { describe, expect, it } from 'vitest';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { cookiesOfApp, createApplication, handOver, origin } from './sign-in-server.ts';

describe('a sign-in on the server', () => {
  it('ends in the session of the application, with the PIN that the page made', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const { code, response } = await browser.begin(app);
    expect([response.status, await response.json()]).toEqual([
      201,
      { status: 'pending', expiresInMs: 1_800_000 },
    ]);
    const waiting = await browser.ask('/attempt');
    expect([waiting.status, await waiting.json()]).toEqual([
      200,
      { status: 'pending', expiresInMs: 1_800_000 },
    ]);
    const token = app.emulator.link(code);
    const answer = await whileTimePasses(app, browser.ask('/attempt'));
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { status: 'authenticated', user: expect.objectContaining({ id: 1_234_567 }), redirectTo: `${origin}/` },
    ]);
    expect(browser.jar.get('session')).toBe('1234567');
    expect(app.signIns).toHaveLength(1);
    expect(app.signIns[0]?.token.reveal()).toBe(token);
    expect(app.errors).toEqual([]);
  });

  it('ends at the callback, which sends the user to where the sign-in began', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const { code } = await browser.begin(app, '?returnTo=/films?page=2');
    app.emulator.link(code);
    const response = await browser.comeBack();
    expect([response.status, response.headers.get('Location')]).toEqual([303, `${origin}/films?page=2`]);
    expect(cookiesOfApp(browser)).toEqual(['session']);
  });

  it('needs no JavaScript: a form, Plex, the callback', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const page = await browser.ask('/');
    expect(await page.text()).toContain('action="/auth/plex/begin?returnTo=%2F"');
    const begun = await browser.ask('/begin?returnTo=/x', { method: 'POST' });
    expect(begun.status).toBe(303);
    const address = new URL(begun.headers.get('Location') ?? '');
    expect(address.origin).toBe('https://app.plex.tv');
    const parameters = new URLSearchParams(address.hash.slice(2));
    expect(parameters.get('forwardUrl')).toBe(`${origin}/auth/plex/callback`);
    const waiting = await whileTimePasses(app, browser.comeBack());
    expect(waiting.headers.get('Refresh')).toBe('3; url=/auth/plex/callback?again');
    app.emulator.link(parameters.get('code') ?? '');
    const response = await whileTimePasses(app, browser.comeBack());
    expect([response.status, response.headers.get('Location')]).toEqual([303, `${origin}/x`]);
    expect(cookiesOfApp(browser)).toEqual(['session']);
  });
});

it.each([
  ['nothing', {}],
  ['no JSON', { 'Plex-Auth-Pin': 'x' }],
  ['a text for the id', handOver('7', 'abcd')],
  ['a code with a line break', handOver(7, 'a\nb')],
  ['no life', handOver(7, 'abcd', 0)],
])('refuses a PIN handed over as %s', async (what, headers) => {
  const app = createApplication();
  const response = await app.openBrowser().ask('/attempt', { method: 'POST', headers });
  // Without the header the server makes a PIN.
  expect(response.status).toBe(what === 'nothing' ? 201 : 400);
});
