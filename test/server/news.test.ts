import { describe, expect, it } from 'vitest';
import { whileTimePasses } from '../fixture/while-time-passes.ts';
import { cookiesOfApp, createApplication } from './sign-in-server.ts';

describe('a question that waits', () => {
  it('is answered once the user has approved', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    const beganMs = app.time.clock.now();
    const answer = browser.ask('/attempt?wait=30');
    app.time.clock.setTimeout(() => app.emulator.link(code), 10_000);
    const response = await whileTimePasses(app, answer);
    expect(await response.json()).toMatchObject({ status: 'authenticated' });
    const tookMs = app.time.clock.now() - beganMs;
    expect(tookMs).toBeGreaterThanOrEqual(10_000);
    // Virtual time goes on while the machine computes: far less than the 30 seconds is enough to know.
    expect(tookMs).toBeLessThan(25_000);
  });

  it('is answered with what is known once its time is over', async () => {
    const app = createApplication();
    const browser = app.openBrowser();
    await browser.begin(app);
    const beganMs = app.time.clock.now();
    const response = await whileTimePasses(app, browser.ask('/attempt?wait=5'));
    expect(await response.json()).toMatchObject({ status: 'pending' });
    expect(app.time.clock.now() - beganMs).toBeGreaterThanOrEqual(4000);
    expect(app.time.clock.now() - beganMs).toBeLessThan(20_000);
  });

  it.each(['x', '-1', '1e3', ''])('for %j seconds is refused', async (wait) => {
    const app = createApplication();
    const response = await app.openBrowser().ask(`/attempt?wait=${wait}`);
    expect(response.status).toBe(400);
  });
});

describe('a stream of events', () => {
  async function openStream(headers: Record<string, string> = {}) {
    const app = createApplication();
    const browser = app.openBrowser();
    const { code } = await browser.begin(app);
    const response = await browser.ask('/attempt', { headers: { Accept: 'text/event-stream', ...headers } });
    return { app, browser, code, response };
  }

  it('says what happens, and ends in a ticket for the session', async () => {
    const { app, browser, code, response } = await openStream();
    expect(response.headers.get('Content-Type')).toBe('text/event-stream');
    const text = response.text();
    app.time.clock.setTimeout(() => app.emulator.link(code), 20_000);
    const events = (await whileTimePasses(app, text))
      .trim()
      .split('\n\n')
      .map((event) => JSON.parse(event.replace(/^data: /, '')));
    expect(events.map(({ status }) => status)).toEqual(['pending', 'pending', 'ready']);
    const { ticket } = events.at(-1);
    const token = app.signIns[0]?.token.reveal() ?? '';
    expect(atob(ticket.split('.')[0])).not.toContain(token);
    expect(browser.jar.has('session')).toBe(false);
    const thief = app.openBrowser();
    expect((await thief.ask('/session', { headers: { 'Plex-Auth-Ticket': ticket } })).status).toBe(403);
    const session = await browser.ask('/session', { headers: { 'Plex-Auth-Ticket': ticket } });
    expect(await session.json()).toMatchObject({ status: 'authenticated', user: { id: 1_234_567 } });
    expect(cookiesOfApp(browser)).toEqual(['session']);
    const again = await browser.ask('/session', { headers: { 'Plex-Auth-Ticket': ticket } });
    expect(again.status).toBe(403);
  });

  it('says at once how it stands, so that the answer begins', async () => {
    const { app, response } = await openStream();
    const startMs = app.time.clock.now();
    const reader = response.body?.getReader();
    const first = await whileTimePasses(app, Promise.resolve(reader?.read()));
    expect(new TextDecoder().decode(first?.value)).toMatch(/^data: {"status":"pending"/);
    expect(app.time.clock.now() - startMs).toBeLessThan(2000);
    await reader?.cancel();
  });

  it('asks nobody any more once the reader has left', async () => {
    const { app, response } = await openStream();
    const reader = response.body?.getReader();
    await whileTimePasses(app, Promise.resolve(reader?.read()));
    await reader?.cancel();
    await app.time.advance(2000);
    await new Promise((resolve) => setTimeout(resolve, 10));
    const { length } = app.emulator.requests;
    await app.time.advance(60_000);
    expect(app.emulator.requests).toHaveLength(length);
    expect(app.time.timers).toBe(0);
  });
});

describe('whose session it is', () => {
  it('is said only by an application that says so', async () => {
    const silent = createApplication();
    const answer = await silent.openBrowser().ask('/session');
    // A browser writes each 404 into the console of the page that asks.
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    const user = { id: 7 } as never;
    const app = createApplication({
      getUser: (request) => (request.headers.get('Cookie') ? user : undefined),
    });
    const browser = app.openBrowser();
    expect(await (await browser.ask('/session')).json()).toEqual({ user: null });
    browser.jar.set('session', '7');
    expect(await (await browser.ask('/session')).json()).toEqual({ user: { id: 7 } });
  });

  it('ends at the sign-out, for a page and for a form', async () => {
    const app = createApplication({
      onSignOut: () => ({ headers: { 'Set-Cookie': 'session=; Max-Age=0' } }),
    });
    const browser = app.openBrowser();
    browser.jar.set('session', '7');
    expect((await browser.ask('/sign-out', { method: 'POST' })).status).toBe(204);
    expect(browser.jar.size).toBe(0);
    const form = await browser.ask('/sign-out?returnTo=/bye', {
      method: 'POST',
      headers: { Accept: 'text/html,*/*' },
    });
    expect([form.status, form.headers.get('Location')]).toEqual([303, 'https://app.example/bye']);
  });
});

describe('the handler', () => {
  it.each([
    ['GET', '/nothing', 404],
    ['GET', '/__proto__', 404],
    ['GET', '/constructor', 404],
    ['PUT', '/attempt', 405],
    ['GET', '/begin', 405],
  ])('answers %s %s with %d', async (method, path, status) => {
    const response = await createApplication().openBrowser().ask(path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
  });

  it('is found below its address, with or without the part that a framework cuts off', async () => {
    const app = createApplication();
    for (const path of ['/auth/plex/client', '/client', '/client/'])
      expect((await app.server.handler(new Request(`http://localhost${path}`))).status).toBe(200);
  });
});
