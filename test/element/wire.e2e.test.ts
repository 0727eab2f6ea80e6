import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';

let browser: Browser;
let site: PageServer;

const script = `
  import 'plex-auth-flow/element';
  import { createFakeProvider } from './test/fixture/fake-provider.ts';
  const provider = createFakeProvider(Date);
  const tag = document.querySelector('plex-sign-in');
  tag.options = { wire: provider.wire };
  tag.addEventListener('authenticated', ({ detail }) => { document.title = detail.token.reveal(); });
  document.querySelector('#approve').addEventListener('click', provider.approve);
`;

beforeAll(async () => {
  browser = await launchChromium();
  site = await servePages({
    '/': {
      script,
      body: '<plex-sign-in product="Moviebox"></plex-sign-in><button id="approve">Approve</button>',
    },
  });
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe('the element, with another provider than Plex', () => {
  it('opens its consent page and signs in', async () => {
    const context = await browser.newContext();
    await context.route('https://id.example/**', (route) =>
      route.fulfill({ contentType: 'text/html', body: 'Consent' }),
    );
    const page = await context.newPage();
    await page.goto(site.url);
    const opened = page.waitForEvent('popup');
    await page.getByRole('button', { name: 'Sign in with Plex' }).click();
    const consent = await opened;
    await consent.waitForURL('https://id.example/device?user_code=WDJB-MJHT');
    await page.locator('#approve').evaluate((button) => (button as HTMLButtonElement).click());
    await expect.poll(() => page.locator('plex-sign-in #heading').textContent()).toBe('Signed in as ada');
    expect(await page.title()).toBe('token-1');
    expect(consent.isClosed()).toBe(true);
    await context.close();
  });
});
