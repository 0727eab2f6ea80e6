import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../../src/testing/serve-plex-emulator.ts';
import { launchChromium, type PageServer, servePages } from '../page-server.ts';

let browser: Browser;
let plex: ServedPlexEmulator;
let site: PageServer;
let page: Page;
let complaints: string[];

/** Tells the test what happened, over a reload too. */
const script = `
import 'plex-auth-flow/element';
for (const name of ['authenticated', 'expired', 'failed'])
  document.addEventListener(name, (event) => console.info(name, JSON.stringify(event.detail), event.detail.token?.reveal().length ?? ''));
`;

beforeAll(async () => {
  plex = await servePlexEmulator();
  const tag = (mode: string, more = '') =>
    `<h1>Moviebox</h1><plex-sign-in product="Moviebox" mode="${mode}" server-url="${plex.url}" auth-app-url="${plex.url}/auth" link-url="${plex.url}/link" ${more}></plex-sign-in>`;
  site = await servePages({
    '/popup': { script, body: tag('popup') },
    '/redirect': { script, body: tag('redirect') },
    '/code': { script, body: tag('code', 'autofocus') },
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await plex?.close();
});

let news: string[];
beforeEach(async () => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  page = await context.newPage();
  complaints = [];
  news = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'info') news.push(message.text());
  });
  return () => context.close();
});

const button = (name: string) => page.getByRole('button', { name });
const heading = () => page.locator('plex-sign-in').getByRole('heading');

async function expectSignedIn() {
  await expect.poll(() => heading().textContent(), { timeout: 15_000 }).toBe('You are signed in');
  expect(news).toHaveLength(1);
  expect(news[0]).toMatch(/^authenticated \{"token":"\[redacted\]","clientIdentifier":"[^"]+"\} [1-9]\d*$/);
  expect(complaints).toEqual([]);
}

describe('the tag alone', () => {
  it('signs in through a window', async () => {
    await page.goto(`${site.url}/popup`);
    const popup = page.waitForEvent('popup');
    await button('Sign in with Plex').click();
    await (await popup).getByRole('button', { name: 'Approve' }).click();
    await expectSignedIn();
  });

  it('signs in by touch, on a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const context = await browser.newContext(phone);
    const small = await context.newPage();
    await small.goto(`${site.url}/popup`);
    const popup = small.waitForEvent('popup');
    await small.getByRole('button', { name: 'Sign in with Plex' }).tap();
    await (await popup).getByRole('button', { name: 'Approve' }).tap();
    await expect
      .poll(() => small.locator('#heading').textContent(), { timeout: 15_000 })
      .toBe('You are signed in');
    expect(await small.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await context.close();
  });

  it('signs in by leaving the page and coming back', async () => {
    await page.goto(`${site.url}/redirect`);
    await button('Sign in with Plex').click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.waitForURL(`${site.url}/redirect`);
    await expectSignedIn();
  });

  it('signs in by a code that is typed on another device', async () => {
    await page.goto(`${site.url}/code`);
    await button('Get a code').click();
    const link = page.getByRole('link', { name: /\/link$/ });
    const other = page.waitForEvent('popup');
    await link.click();
    await (await other).getByRole('button', { name: 'Continue' }).click();
    await (await other).getByRole('button', { name: 'Approve' }).click();
    await (await other).close();
    await expectSignedIn();
  });

  it('offers this tab where the browser blocks the window', async () => {
    await page.addInitScript(() => {
      window.open = () => null;
    });
    await page.goto(`${site.url}/popup`);
    await button('Sign in with Plex').click();
    await expect.poll(() => heading().textContent()).toBe('The window was blocked');
    const link = page.getByRole('link', { name: 'Open in a new tab' });
    await expect.poll(() => link.getAttribute('href')).toContain(`${plex.url}/auth#?clientID=`);
    await button('Continue in this tab').click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await expectSignedIn();
  });

  it('is used by the keyboard alone, as by a remote control', async () => {
    await page.goto(`${site.url}/code`);
    await expect.poll(() => focused()).toBe('Get a code');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused()).toBe('Copy code');
    const code = await shownCode();
    await page.keyboard.press('Enter');
    await expect.poll(() => focused()).toBe('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(`${plex.url.slice('http://'.length)}/link`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Cancel');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Cancel');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused()).toBe('Get a code');
    await page.keyboard.press('Enter');
    plex.emulator.link(await shownCode({ otherThan: code }));
    await expectSignedIn();
    expect(await focused()).toBe('Sign out');
  });

  it('shows the token nowhere in the page', async () => {
    await page.goto(`${site.url}/code`);
    await button('Get a code').click();
    const token = plex.emulator.link(await shownCode());
    await expectSignedIn();
    const html = await page.evaluate(
      () =>
        document.documentElement.outerHTML + document.querySelector('plex-sign-in')?.shadowRoot?.innerHTML,
    );
    expect(html).toContain('You are signed in');
    expect(html).not.toContain(token);
    await button('Sign out').click();
    await expect.poll(() => heading().textContent()).toBe('Sign in to Moviebox');
    expect(plex.emulator.requests.at(-1)).toMatchObject({ method: 'DELETE', status: 204 });
  });
});

/** The code on the screen; after a cancel the last one is in the page until the next one has come. */
async function shownCode({ otherThan = '' } = {}): Promise<string> {
  const code = async () => (await page.locator('#code').textContent()) ?? '';
  await expect
    .poll(async () => /^[A-Z0-9]{4}$/.test(await code()) && (await code()) !== otherThan)
    .toBe(true);
  return code();
}

function focused(): Promise<string | null | undefined> {
  return page.evaluate(() => document.querySelector('plex-sign-in')?.shadowRoot?.activeElement?.textContent);
}
