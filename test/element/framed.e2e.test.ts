/** The tag on a page that stands in a frame of another site, such as a dashboard. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/emulator/serve-plex-emulator.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';

let browser: Browser;
let plex: ServedPlexEmulator;
let site: PageServer;
let dashboard: PageServer;

beforeAll(async () => {
  [browser, plex] = await Promise.all([launchChromium(), servePlexEmulator()]);
  const tag = (mode: string) =>
    `<plex-sign-in product="Moviebox" lang="en" mode="${mode}" server-url="${plex.url}" auth-app-url="${plex.url}/auth"></plex-sign-in>`;
  const script = `import 'plex-auth-flow/element';`;
  site = await servePages({
    '/popup': { script, body: tag('popup') },
    '/redirect': { script, body: tag('redirect') },
  });
  // Another site: to a browser, localhost is none of 127.0.0.1.
  const framed = site.url.replace('127.0.0.1', 'localhost');
  dashboard = await servePages({
    '/popup': { script: '', body: `<iframe width="500" height="600" src="${framed}/popup"></iframe>` },
    '/redirect': { script: '', body: `<iframe width="500" height="600" src="${framed}/redirect"></iframe>` },
  });
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([site, dashboard, plex].map((server) => server?.close()));
});

describe('a tag in a frame', () => {
  it.each(['popup', 'redirect'])('stays there, and signs in by a new tab, in the mode %s', async (mode) => {
    const page = await browser.newPage();
    await page.addInitScript('window.open = () => null');
    await page.goto(`${dashboard.url}/${mode}`);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Sign in with Plex' }).click();
    const link = frame.getByRole('link', { name: 'Open in a new tab' });
    await link.waitFor();
    expect(await frame.getByRole('button').allTextContents()).toEqual(['Cancel']);
    const [consent] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
    await consent.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => frame.locator('#heading').textContent()).toBe('Signed in as emulated');
    await page.close();
  });
});
