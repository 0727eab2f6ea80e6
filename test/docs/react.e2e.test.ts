/** The screen of docs/react.md, as printed, in a real browser. */
import { readFileSync } from 'node:fs';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/index.ts';
import { browserAliases } from '../../tools/own-sources.ts';
import { launchChromium } from '../fixture/page-server.ts';

const home = 'https://app.example/';
const text = readFileSync('docs/react.md', 'utf8');
const printed = /```tsx\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
const printedApp = /```jsx\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
const around = `
import { createRoot } from 'react-dom/client';
globalThis.tokens = [];
${printedApp.replace(/^import \{ SignIn \}.*\n/m, '').replace('export default ', '')}
const keep = (token) => tokens.push(token);
createRoot(document.body).render(location.search === '?app' ? <App /> : <SignIn onToken={keep} />);`;

let browser: Browser;
let script = '';
let context: BrowserContext;
let page: Page;
let plex: PlexEmulator;

beforeAll(async () => {
  const stdin = { contents: printed + around, loader: 'tsx', resolveDir: '.' } as const;
  const options = {
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    alias: browserAliases,
  } as const;
  const built = await build({ stdin, ...options, define: { 'process.env.NODE_ENV': '"production"' } });
  script = built.outputFiles[0]?.text ?? '';
  browser = await launchChromium();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  plex = createPlexEmulator({ people: ['ada'] });
  context = await browser.newContext();
  await context.route(/^https:\/\/([\w-]+\.)?plex\.tv\//, plex.handleRoute);
  await context.route(`${home}**`, (route) => {
    const isScript = route.request().url().endsWith('/app.js');
    const document = '<!doctype html><body></body><script type="module" src="/app.js"></script>';
    return route.fulfill(
      isScript
        ? { contentType: 'text/javascript', body: script }
        : { contentType: 'text/html', body: document },
    );
  });
  page = await context.newPage();
  await page.goto(home);
  return () => context.close();
});

const button = (name: string) => page.getByRole('button', { name });
const tokens = () => page.evaluate(() => Reflect.get(globalThis, 'tokens') as string[]);

it('signs in by a window, hands the token over once, and signs out', async () => {
  const opening = page.waitForEvent('popup');
  await button('Sign in with Plex').click();
  await (await opening).getByRole('button', { name: 'Approve' }).click();
  await button('Sign out').waitFor();
  expect(await tokens()).toHaveLength(1);
  await button('Sign out').click();
  await button('Sign in with Plex').waitFor();
});

it('is shown by a component of the application, which takes the token', async () => {
  await page.goto(`${home}?app`);
  const opening = page.waitForEvent('popup');
  await button('Sign in with Plex').click();
  await (await opening).getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Signed in').waitFor();
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
