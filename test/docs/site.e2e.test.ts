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

/** Where it is published, it is not at the top of its host either. */
const base = '/plex-auth-flow';
const outDir = 'node_modules/.cache/plex-auth-flow/site';
const pages = documentationPages
  .filter((page) => page.startsWith('docs/'))
  .map((page) => page.slice('docs/'.length, -'.md'.length));

let browser: Browser;
let server: ServerType;
let url = '';

beforeAll(async () => {
  // Fails for a link that leads nowhere.
  await promisify(execFile)('npm', ['run', 'docs'], {
    env: { ...process.env, NODE_ENV: 'production', DOCS_BASE: `${base}/` },
  });
  const rewriteRequestPath = (path: string) => path.slice(base.length);
  const app = new Hono().use(`${base}/*`, serveStatic({ root: outDir, rewriteRequestPath }));
  app.notFound((context) => context.html(readFileSync(`${outDir}/404.html`, 'utf8'), 404));
  await new Promise<void>((listening) => {
    server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => listening());
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`;
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

/** In the page: the links to a part of a page of the site that has no such part, and pictures of the page that are not there. */
async function linksToNothing(): Promise<string[]> {
  const documents = new Map([[location.pathname, document]]);
  const found: string[] = [];
  for (const { href } of document.querySelectorAll<HTMLAnchorElement>('.vp-doc a[href*="#"]')) {
    const { origin, pathname, hash } = new URL(href);
    if (origin !== location.origin) continue;
    if (!documents.has(pathname)) {
      const text = await (await fetch(pathname)).text();
      documents.set(pathname, new DOMParser().parseFromString(text, 'text/html'));
    }
    if (!documents.get(pathname)?.getElementById(decodeURIComponent(hash.slice(1)))) found.push(href);
  }
  for (const { href } of document.querySelectorAll<HTMLLinkElement>('link[rel=icon]'))
    if (!(await fetch(href)).ok) found.push(href);
  return found;
}

/** A text as it is typed. */
function straight(text: string | null): string {
  return (text ?? '').trim().replaceAll('’', "'");
}

/** In the page: the page itself, and each code block, whose end is out of sight. */
function partsThatScrollSideways(): string[] {
  return [document.documentElement, ...document.querySelectorAll('.vp-doc pre')]
    .filter((part) => part.scrollWidth > part.clientWidth)
    .map((part) => part.textContent?.slice(0, 80) ?? '');
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
    missing.push(...(await page.evaluate(linksToNothing)));
    expect([...missing, ...mishaps]).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 720 });
    expect(await page.evaluate(partsThatScrollSideways)).toEqual([]);
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

  it('has its playground again after a reload that asks for everything anew', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/play/`);
    const approve = page.getByRole('button', { name: 'Approve', exact: true });
    const isReady = () => approve.isEnabled();
    await expect.poll(isReady).toBe(true);
    const browserTools = await context.newCDPSession(page);
    await browserTools.send('Page.reload', { ignoreCache: true });
    await page.waitForURL(`${url}/play/`);
    await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated');
    await expect.poll(isReady).toBe(true);
    await context.close();
  });

  it('says that its playground needs what a browser does not give it', async () => {
    const page = await browser.newPage();
    await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
    await page.goto(`${url}/play/`);
    await expect
      .poll(() => page.locator('#refusal').textContent())
      .toMatch(/^This browser runs no service worker/);
    expect(await page.locator('#hint').textContent()).toBe('');
    await page.close();
  });

  it('leads on from an address that it does not have', async () => {
    const page = await browser.newPage();
    const answer = await page.goto(`${url}/nowhere`);
    expect(answer?.status()).toBe(404);
    await page.getByText('This page does not exist').waitFor();
    await page.getByRole('link', { name: 'To the start' }).click();
    await page.waitForURL(`${url}/`);
    await page.close();
  });

  it('leads from the first page, by its picture and by a link, to its own playground', async () => {
    const { page } = await open('index');
    const links = page.locator('.vp-doc a[href*="play/"]');
    expect(await links.count()).toBe(2);
    expect(await links.first().locator('img').count()).toBe(1);
    for (const index of [0, 1]) {
      await page.goto(`${url}/index.html`);
      await links.nth(index).click();
      await page.waitForURL(`${url}/play/index.html`);
      await page.locator('plex-sign-in').waitFor();
    }
    await page.close();
  });

  it('finds an error by its code, without a server', async () => {
    const { page } = await open('index');
    const search = page.locator('#localsearch-input');
    // The page listens once its script has run, and loads the box after the key.
    const pressUntilSeen = async () => {
      await page.keyboard.press('Control+k');
      return search.isVisible();
    };
    await expect.poll(pressUntilSeen, { timeout: 10_000 }).toBe(true);
    await search.fill('PLEX_POPUP_BLOCKED');
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
