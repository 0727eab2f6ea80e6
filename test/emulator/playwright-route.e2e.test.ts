import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { launchChromium } from '../fixture/page-server.ts';

const home = 'https://app.example';
let browser: Browser;
let context: BrowserContext;
let page: Page;
let plex: PlexEmulator;

beforeAll(async () => {
  browser = await launchChromium();
}, 60_000);
afterAll(() => browser?.close());

beforeEach(async () => {
  plex = createPlexEmulator({ people: ['ada', 'bob'] });
  context = await browser.newContext();
  await context.route(/^https:\/\/([\w-]+\.)?plex\.tv\//, plex.handleRoute);
  await context.route(`${home}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><h1>App</h1>' }),
  );
  page = await context.newPage();
  await page.goto(home);
  return () => context.close();
});

/** Asks as an application in the page would. */
function ask(
  path: string,
  method = 'GET',
  token = '',
): Promise<{ status: number; json: Record<string, unknown> }> {
  return page.evaluate(
    async ([url, init]) => {
      const response = await fetch(url, init);
      return { status: response.status, json: (await response.json()) as Record<string, unknown> };
    },
    [
      `https://clients.plex.tv/api/v2${path}`,
      {
        method,
        headers: { Accept: 'application/json', 'X-Plex-Client-Identifier': 'tv', 'X-Plex-Token': token },
      },
    ] as const,
  );
}

describe('the emulator behind a route of Playwright', () => {
  it('signs in across origins, by Plex’s own page at its own address, and leads back', async () => {
    const { status, json: pin } = await ask('/pins?strong=true', 'POST');
    expect(status).toBe(201);
    const parameters = new URLSearchParams({
      clientID: 'tv',
      code: String(pin['code']),
      forwardUrl: `${home}/back`,
    });
    await page.goto(`https://app.plex.tv/auth#?${parameters}`);
    await page.getByLabel('Account').selectOption('bob');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.waitForURL(`${home}/back`);
    const { json } = await ask(`/pins/${pin['id']}`);
    expect((await ask('/user', 'GET', String(json['authToken']))).json).toMatchObject({ username: 'bob' });
  });

  it('records the origin of the page, so that another one is not led to', async () => {
    const { json: pin } = await ask('/pins?strong=true', 'POST');
    expect(plex.requests[0]?.origin).toBe(home);
    const parameters = new URLSearchParams({
      code: String(pin['code']),
      forwardUrl: 'https://evil.example/',
    });
    await page.goto(`https://app.plex.tv/auth#?${parameters}`);
    await page.getByRole('button', { name: 'Approve' }).click();
    await expect
      .poll(() => page.locator('#result .warning').textContent())
      .toContain('leads to evil.example');
  });

  it.each(['reset', 'truncated'] as const)('breaks the connection for the fault %s', async (type) => {
    plex.fault({ type });
    await expect(ask('/ping')).rejects.toThrow('Failed to fetch');
    expect((await ask('/ping')).status).toBe(200);
  });
});
