/** The documentation as a site: built, served, and read in a real browser. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { type ServerType, serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../fixture/page-server.ts';
import { documentationPages } from '../whole/documentation-pages.ts';

const outDir = 'node_modules/.cache/plex-auth-flow/site';
const pages = documentationPages
  .filter((page) => page.startsWith('docs/'))
  .map((page) => page.slice('docs/'.length, -'.md'.length));

let browser: Browser;
let server: ServerType;
let url = '';

beforeAll(async () => {
  // Fails for a link that leads nowhere.
  await promisify(execFile)('npm', ['run', 'docs'], { env: { ...process.env, NODE_ENV: 'production' } });
  const app = new Hono().use('*', serveStatic({ root: outDir }));
  await new Promise<void>((listening) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => listening());
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** Opens a page of the site, and notes what goes wrong in it. */
async function open(path: string): Promise<{ page: Page; mishaps: string[] }> {
  const page = await browser.newPage();
  const mishaps: string[] = [];
  page.on('pageerror', (error) => mishaps.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') mishaps.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) mishaps.push(request.url());
  });
  await page.goto(`${url}/${path}.html`, { waitUntil: 'networkidle' });
  return { page, mishaps };
}

/** A text as it is typed. */
function straight(text: string | null): string {
  return (text ?? '').trim().replaceAll('’', "'");
}

describe('the site', () => {
  it.each(pages)('shows %s with its pictures, without an error or another host', async (path) => {
    const { page, mishaps } = await open(path);
    const heading = straight(await page.locator('h1').first().textContent());
    const entry = straight(await page.locator('.VPSidebarItem.is-active .text').first().textContent());
    expect(heading).toMatch(/\w/);
    // Whoever follows an entry of the menu knows the page again.
    expect(path === 'index' ? path : heading.slice(0, entry.length)).toBe(path === 'index' ? path : entry);
    const missing = await page.evaluate(() =>
      Array.from(document.images)
        .filter(({ complete, naturalWidth }) => !complete || naturalWidth === 0)
        .map(({ src }) => src),
    );
    expect([...missing, ...mishaps]).toEqual([]);
    await page.close();
  });

  it('signs in on the playground without a server, by a code and in a window', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/play/`);
    const element = page.locator('plex-sign-in');
    expect(await page.getByRole('link', { name: 'Documentation' }).getAttribute('href')).toBe('../');
    // No phone reaches an emulator in this browser.
    await element.getByRole('link', { name: /this page$/ }).waitFor();
    expect(await element.locator('#scan').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Approve', exact: true }).click();
    await element.locator('#avatar > img').waitFor();
    await element.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Popup').check();
    const opening = context.waitForEvent('page');
    await element.getByRole('button', { name: 'Sign in with Plex' }).click();
    await (await opening).getByRole('button', { name: 'Approve' }).click();
    await element.getByRole('button', { name: 'Sign out' }).waitFor();
    await context.close();
  });

  it('finds an error by its code, without a server', async () => {
    const { page } = await open('index');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('PLEX_POPUP_BLOCKED');
    await page.locator('#localsearch-list a[href*="errors"]').first().click();
    await page.waitForURL(/errors\.html/);
    await page.close();
  });

  it('can be read by a model as one text, and page by page', () => {
    const list = readFileSync(`${outDir}/llms.txt`, 'utf8');
    for (const path of pages.filter((one) => one !== 'index')) expect(list).toContain(`/${path}.md`);
    expect(readFileSync(`${outDir}/llms-full.txt`, 'utf8')).toContain('createPlexAuthServer');
  });
});
