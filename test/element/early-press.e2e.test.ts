/** The engine's code is loaded after the first screen. A user may press before it is there. */
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';

let browser: Browser;
let site: PageServer;
let parts: Map<string, string>;
let page: Page;
/** Lets the engine's code through, or not. Set once the element has asked for it. */
let answer: ((how: 'load' | 'fail') => Promise<void>) | undefined;

/** The page's script as an application's bundler splits it. */
const script = `
  import './src/element/index.ts';
  import { createFakeProvider } from './test/fixture/fake-provider.ts';
  const provider = createFakeProvider(Date);
  const tag = document.querySelector('plex-sign-in');
  tag.options = { wire: provider.wire };
  tag.addEventListener('failed', ({ detail }) => { document.title = 'failed ' + detail.error.code; });
  document.addEventListener('approve', provider.approve);
`;

beforeAll(async () => {
  browser = await launchChromium();
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: '.' },
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: 'parts',
    write: false,
  });
  parts = new Map(outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text]));
  site = await servePages({
    '/': {
      script: "const script = '/parts/stdin.js'; await import(script);",
      body: '<plex-sign-in product="Moviebox" lang="en"></plex-sign-in>',
    },
  });
});

afterEach(() => page.context().close());

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

/** Opens the page. The engine's code waits for {@link answer}. */
async function open(): Promise<void> {
  const context = await browser.newContext();
  await context.route('https://id.example/**', (route) =>
    route.fulfill({ contentType: 'text/html', body: 'Consent' }),
  );
  page = await context.newPage();
  answer = undefined;
  await page.route(`${site.url}/parts/*`, async (route) => {
    const name = route.request().url().split('/').at(-1) ?? '';
    const fulfill = () => route.fulfill({ contentType: 'text/javascript', body: parts.get(name) ?? '' });
    if (!name.startsWith('own-engine-')) return fulfill();
    answer = (how) => (how === 'load' ? fulfill() : route.abort());
  });
  await page.goto(site.url);
  await expect.poll(heading).toBe('Sign in to Moviebox');
  await expect.poll(() => answer !== undefined).toBe(true);
}

const heading = () => page.locator('plex-sign-in #heading').textContent();
const press = (name: string) => page.getByRole('button', { name }).click();
const windows = () =>
  page
    .context()
    .pages()
    .filter((one) => one !== page);

describe('a press that comes before the engine', () => {
  it('opens one window within the click, and the engine takes that over', async () => {
    await open();
    await press('Sign in with Plex');
    expect(windows()).toHaveLength(1);
    expect(await heading()).toBe('Contacting Plex');
    await answer?.('load');
    await windows()[0]?.waitForURL('https://id.example/device?user_code=WDJB-MJHT');
    expect(windows()).toHaveLength(1);
    await page.evaluate(() => document.dispatchEvent(new Event('approve')));
    await expect.poll(heading).toBe('Signed in as ada');
    await expect.poll(windows).toEqual([]);
  });

  it('can be cancelled: its window closes, and nothing starts', async () => {
    await open();
    await press('Sign in with Plex');
    await press('Cancel');
    await expect.poll(windows).toEqual([]);
    await answer?.('load');
    await expect.poll(heading).toBe('Sign in to Moviebox');
    expect(windows()).toEqual([]);
  });

  it('says so if the code cannot be loaded, and closes its window', async () => {
    await open();
    await press('Sign in with Plex');
    await answer?.('fail');
    await expect.poll(heading).toBe('Plex cannot be reached');
    await expect.poll(windows).toEqual([]);
    expect(await page.evaluate(() => document.title)).toBe('failed PLEX_NETWORK');
  });

  it('ends with the tag', async () => {
    await open();
    await press('Sign in with Plex');
    await page.evaluate(() => document.querySelector('plex-sign-in')?.remove());
    await expect.poll(windows).toEqual([]);
  });
});
