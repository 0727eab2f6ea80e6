/** The live view of a page's sign-in, in the window that the page opens. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';

const script = `
  import { createPlexAuth } from 'plex-auth-flow';
  import { createPlexInspector } from 'plex-auth-flow/inspect';
  import { createPlexEmulator } from 'plex-auth-flow/testing';
  const plex = createPlexEmulator();
  document.querySelector('button').addEventListener('click', () => {
    const { inspect, fetch } = createPlexInspector({ fetch: plex.fetch });
    createPlexAuth({ product: 'My App', inspect, fetch }).start();
  });
`;

let browser: Browser;
let site: PageServer;

beforeAll(async () => {
  site = await servePages({ '/': { script, body: '<button>Sign in</button>' } });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

it('says that the page has ended once it is gone', async () => {
  const page = await browser.newPage();
  await page.goto(site.url);
  const [view] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()]);
  await view.getByRole('heading', { name: 'Waiting for approval' }).waitFor();
  await page.goto('about:blank');
  await view.getByRole('heading', { name: 'Stopped' }).waitFor();
  await view.getByText(/The program ended in (awaitingLink|fetchingToken)\./).waitFor();
  await view.getByRole('button', { name: 'Ended' }).waitFor();
  await page.context().close();
});

it('warns where the browser opens no window', async () => {
  const page = await browser.newPage();
  const warnings: string[] = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  await page.addInitScript('window.open = () => null');
  await page.goto(site.url);
  await page.getByRole('button').click();
  await expect
    .poll(() => warnings)
    .toEqual([
      'plex-auth-flow: no live view: the browser opened no window. Create the inspector within a click',
    ]);
  await page.context().close();
});
