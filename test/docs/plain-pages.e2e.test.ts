/** What the pages about the tag say of a strict policy and of import maps, in a page on a plain file server. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/testing/index.ts';
import { launchChromium } from '../fixture/page-server.ts';

const [, documentedPolicy = ''] = /```txt\n([\s\S]*?)```/.exec(readFileSync('docs/element.md', 'utf8')) ?? [];
const [, documentedMap = ''] =
  /```html\n(<script type="importmap">[\s\S]*?)```/.exec(
    readFileSync('docs/element-in-frameworks.md', 'utf8'),
  ) ?? [];
const oneFile = '<script type="module" src="/plex-auth-flow.min.js"></script>';

let browser: Browser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

/** Serves a page and the one file of the package; Plex's hosts are emulated. A test fails if the page complains. */
async function open(body: string, policy = ''): Promise<{ page: Page; plex: PlexEmulator }> {
  const server = createServer(({ url }, response) => {
    const isScript = url === '/plex-auth-flow.min.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    if (policy) response.setHeader('Content-Security-Policy', policy);
    response.end(
      isScript
        ? readFileSync('dist/plex-auth-flow.min.js')
        : `<!doctype html><title>My App</title><link rel="icon" href="data:,">${body}`,
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const context = await browser.newContext();
  const complaints: string[] = [];
  onTestFinished(async () => {
    await context.close();
    server.close();
    expect(complaints).toEqual([]);
  });
  const plex = createPlexEmulator();
  await context.route(/^https:\/\/([\w-]+\.)?plex\.tv\//, plex.handleRoute);
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => complaints.push(message.text()));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return { page, plex };
}

it.each([
  ['card', 'popup'],
  ['card', 'redirect'],
  ['card', 'code'],
  ['button', 'popup'],
  ['tv', 'code'],
])('the documented policy lets look %s in mode %s sign in, with the picture', async (look, mode) => {
  const policy = documentedPolicy.replaceAll('\n', ' ');
  // The page's own icon is not the tag's.
  const { page, plex } = await open(
    `<plex-sign-in product="My App" look="${look}" mode="${mode}"></plex-sign-in>${oneFile}`,
    policy.replace('img-src', 'img-src data:'),
  );
  const tag = page.locator('plex-sign-in');
  const opened = mode === 'popup' ? page.context().waitForEvent('page') : page;
  await tag.getByRole('button').first().click();
  if (mode === 'code') {
    await expect.poll(() => plex.pins.length).toBe(1);
    await expect.poll(() => tag.locator('#qr').count()).toBeGreaterThan(0);
    plex.link(plex.pins[0]?.code ?? '');
  } else await (await opened).getByRole('button', { name: 'Approve' }).click();
  await expect.poll(() => tag.locator('#heading').textContent()).toBe('Signed in as emulated');
  const picture = tag.locator('#avatar > img');
  await expect.poll(() => picture.evaluate((node: HTMLImageElement) => node.naturalWidth)).toBeGreaterThan(0);
});

it('the documented import map signs in without a bundler', async () => {
  const { page } = await open(documentedMap);
  const opened = page.context().waitForEvent('page');
  const tag = page.locator('plex-sign-in');
  await tag.getByRole('button').first().click();
  await (await opened).getByRole('button', { name: 'Approve' }).click();
  await expect.poll(() => tag.locator('#heading').textContent()).toBe('Signed in as emulated');
});
