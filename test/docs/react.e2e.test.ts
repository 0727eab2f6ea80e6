/** The screen of docs/react.md and the component of the README, as printed, in a real browser. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { launchChromium } from '../fixture/page-server.ts';
import { buildReactApp, buildReadmeApp, printedFiles } from './react-app.ts';

const home = 'https://app.example/';
const [, credentials = ''] = /`(credentials: .+?)`/.exec(readFileSync('docs/react.md', 'utf8')) ?? [];

let browser: Browser;
const scripts: Record<string, string> = {};
let context: BrowserContext;
let page: Page;
let plex: PlexEmulator;

beforeAll(async () => {
  const engine = printedFiles()['plex-auth']?.contents ?? '';
  const keepingEngine = engine.replace('renewals: 3', `$&, ${credentials}`);
  expect(keepingEngine).not.toBe(engine);
  [browser, scripts['/app.js'], scripts['/keeping.js'], scripts['/readme.js']] = await Promise.all([
    launchChromium(),
    buildReactApp(),
    buildReactApp(keepingEngine),
    buildReadmeApp(),
  ]);
});
afterAll(() => browser?.close());

beforeEach(async () => {
  plex = createPlexEmulator({ people: ['ada'] });
  context = await browser.newContext();
  await context.route(/^https:\/\/([\w-]+\.)?plex\.tv\//, plex.handleRoute);
  await context.route(`${home}**`, (route) => {
    const { pathname } = new URL(route.request().url());
    const script = scripts[pathname];
    const document = `<!doctype html><body></body><script type="module" src="/${pathname.slice(1) || 'app'}.js"></script>`;
    return route.fulfill(
      script
        ? { contentType: 'text/javascript', body: script }
        : { contentType: 'text/html', body: document },
    );
  });
  page = await context.newPage();
  await page.goto(home);
  return () => context.close();
});

const button = (name: string) => page.getByRole('button', { name });

async function signIn(): Promise<void> {
  const opening = page.waitForEvent('popup');
  await button('Sign in with Plex').click();
  await (await opening).getByRole('button', { name: 'Approve' }).click();
  await button('Sign out').waitFor();
}

it('signs in by a window and out again, and the component around it knows', async () => {
  await signIn();
  await page.getByText('Signed in').waitFor();
  await button('Sign out').click();
  await button('Sign in with Plex').waitFor();
  expect(await page.getByText('Signed in').count()).toBe(0);
});

it('is signed out after a reload, unless it keeps the token as the page says', async () => {
  await signIn();
  await page.reload();
  await button('Sign in with Plex').waitFor();
  await page.goto(`${home}keeping`);
  await signIn();
  await page.reload();
  await button('Sign out').waitFor();
  await page.getByText('Signed in').waitFor();
});

it('shows a sign-out in another tab, around it too', async () => {
  await page.goto(`${home}keeping`);
  await signIn();
  const other = await context.newPage();
  await other.goto(`${home}keeping`);
  await other.getByRole('button', { name: 'Sign out' }).click();
  await other.getByRole('button', { name: 'Sign in with Plex' }).waitFor();
  await button('Sign in with Plex').waitFor();
  expect(await page.getByText('Signed in').count()).toBe(0);
});

it('says that Plex no longer accepts a token that it kept', async () => {
  await page.goto(`${home}keeping`);
  await signIn();
  plex.revoke();
  await page.reload();
  await page.getByText('You are signed out. Sign in again.').waitFor();
  expect(await page.getByText('Signed in', { exact: true }).count()).toBe(0);
});

it('keeps its link where it is while Plex is asked, and can be cancelled', async () => {
  const opening = page.waitForEvent('popup');
  await button('Sign in with Plex').click();
  await opening;
  const link = await page.getByRole('link', { name: 'Open Plex' }).elementHandle();
  await expect
    .poll(() => plex.requests.filter(({ operation }) => operation === 'getToken').length)
    .toBeGreaterThan(2);
  expect(await link?.evaluate((node) => node.isConnected)).toBe(true);
  await button('Cancel').click();
  await button('Sign in with Plex').waitFor();
});

it('says that Plex cannot be reached, and signs in once it is', async () => {
  plex.fault({ type: 'reset' }, { operation: 'getPin', times: 4 });
  const opening = page.waitForEvent('popup');
  await button('Sign in with Plex').click();
  await page.getByText('Plex cannot be reached. Still trying.').waitFor();
  await (await opening).getByRole('button', { name: 'Approve' }).click();
  await button('Sign out').waitFor();
});

it('can be cancelled while Plex cannot be reached, before there is a code', async () => {
  plex.fault({ type: 'reset' }, { operation: 'getPin', times: Number.POSITIVE_INFINITY });
  await button('Sign in with Plex').click();
  await button('Cancel').waitFor();
  await page.getByText('Plex cannot be reached. Still trying.').waitFor();
  await button('Cancel').click();
  await expect.poll(() => button('Sign in with Plex').isEnabled()).toBe(true);
  expect(await page.getByRole('status').textContent()).toBe('');
});

it('says that Plex cannot be reached while it waits for the approval, and keeps its link', async () => {
  await button('Sign in with Plex').click();
  await page.getByRole('link', { name: 'Open Plex' }).waitFor();
  const removeFault = plex.fault(
    { type: 'reset' },
    { operation: 'getToken', times: Number.POSITIVE_INFINITY },
  );
  await page.getByText('Plex cannot be reached. Still trying.').waitFor();
  await page.getByRole('link', { name: 'Open Plex' }).waitFor();
  removeFault();
  await expect.poll(() => page.getByText('Plex cannot be reached').count()).toBe(0);
  await button('Cancel').click();
});

it('does not blame Plex for a store that fails, which stops nothing', async () => {
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new Error('full');
    };
    const texts: (string | null)[] = [];
    Reflect.set(globalThis, 'texts', texts);
    const note = () => texts.push(document.body.textContent);
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await signIn();
  const texts = await page.evaluate(() => Reflect.get(globalThis, 'texts').join());
  expect(texts).toContain('Waiting for your approval');
  expect(texts).not.toContain('Plex cannot be reached');
});

it("signs in with the README's component alone, and hands the token over as a secret", async () => {
  const logged: string[] = [];
  page.on('console', (message) => logged.push(message.text()));
  await page.goto(`${home}readme`);
  const tag = page.locator('plex-sign-in');
  const opening = page.waitForEvent('popup');
  await tag.getByRole('button', { name: 'Sign in with Plex' }).click();
  await (await opening).getByRole('button', { name: 'Approve' }).click();
  await tag.getByText('Signed in as ada').waitFor();
  expect(logged).toEqual(['Signed in: Secret']);
});
