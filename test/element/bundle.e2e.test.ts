/** A page without a bundler: two files on a plain file server, and plex.tv by Playwright's routes. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { createPlexEmulator } from '../../src/testing/index.ts';
import { launchChromium } from '../fixture/page-server.ts';

const html = `<!doctype html><meta charset="utf-8"><title>My App</title>
<script type="module" src="/plex-auth-flow.min.js"></script>
<plex-sign-in product="My App"></plex-sign-in>`;

it('signs in with the one file of the package, in a popup that a test drives', async ({ onTestFinished }) => {
  const server = createServer(({ url }, response) => {
    const isScript = url === '/plex-auth-flow.min.js';
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? readFileSync('dist/plex-auth-flow.min.js') : html);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const browser = await launchChromium();
  onTestFinished(async () => {
    await browser.close();
    server.close();
  });
  const context = await browser.newContext();
  const plex = createPlexEmulator();
  await context.route(/^https:\/\/([\w-]+\.)?plex\.tv\//, plex.handleRoute);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const signedIn = page.evaluate(
    () =>
      new Promise((resolve) => {
        const tag = document.querySelector('plex-sign-in');
        tag?.addEventListener('authenticated', ({ detail }) => resolve(`${detail.token}`));
      }),
  );

  const [popup] = await Promise.all([
    context.waitForEvent('page'),
    page.locator('plex-sign-in').getByRole('button').first().click(),
  ]);
  await popup.waitForURL(/^https:\/\/app\.plex\.tv\/auth/);
  await popup.getByRole('button', { name: /allow|approve|continue/i }).click();
  expect(await signedIn).toBe('[redacted]');
  expect(complaints).toEqual([]);
});
