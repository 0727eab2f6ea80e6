/** What goes wrong around the tag: parts that do not come, attributes that do not fit, a browser that keeps nothing. */
import { resolve } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/emulator/serve-plex-emulator.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';

let browser: Browser;
let plex: ServedPlexEmulator;
let site: PageServer;
let parts: Map<string, string>;
let page: Page;
let complaints: string[];
let remarks: string[];
/** The parts that do not come. */
let missing: RegExp | undefined;

/** The element as an application's bundler cuts it, each part in a file of its own. */
async function cutIntoParts(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: { element: resolve('src/element/index.ts') },
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    outdir: 'parts',
    write: false,
  });
  return new Map(outputFiles.map(({ path, text }) => [path.slice(path.lastIndexOf('/') + 1), text]));
}

const script = `
const parts = '/parts/element.js';
window.events = [];
for (const name of ['authenticated', 'failed'])
  document.addEventListener(name, ({ detail }) => window.events.push([name, detail.error?.message]));
await import(parts);
`;

beforeAll(async () => {
  [browser, plex, parts] = await Promise.all([launchChromium(), servePlexEmulator(), cutIntoParts()]);
  site = await servePages({ '/': { script } });
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await plex?.close();
});

beforeEach(async () => {
  const context = await browser.newContext();
  page = await context.newPage();
  complaints = [];
  remarks = [];
  missing = undefined;
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => remarks.push(message.text()));
  await page.route(`${site.url}/parts/*`, (route) => {
    const name = route.request().url().split('/').at(-1) ?? '';
    if (missing?.test(name)) return route.abort();
    return route.fulfill({ contentType: 'text/javascript', body: parts.get(name) ?? '' });
  });
  return () => context.close();
});

/** Puts the tag up with these attributes, beside those that lead to the emulator. */
async function putUp(attributes: Record<string, string> = {}): Promise<void> {
  await page.goto(site.url);
  await page.evaluate(
    (all) => {
      const tag = document.createElement('plex-sign-in');
      for (const [name, value] of Object.entries(all)) tag.setAttribute(name, value);
      document.body.append(tag);
    },
    {
      product: 'Moviebox',
      lang: 'en',
      'server-url': plex.url,
      'auth-app-url': `${plex.url}/auth`,
      'link-url': `${plex.url}/link`,
      ...attributes,
    },
  );
}

const heading = () => page.locator('#heading').textContent();
const text = () => page.locator('#text').textContent();
const button = (name: string) => page.getByRole('button', { name });
const events = () => page.evaluate(() => (window as unknown as { events: unknown[] }).events);
const newestCode = () => plex.emulator.pins.at(-1)?.code ?? '';

describe('a part that does not come', () => {
  it('leaves words to sign in by where it is the language, which is tried again', async () => {
    missing = /^de-/;
    await putUp({ lang: 'de' });
    await expect.poll(heading).toBe('Sign in to Moviebox');
    const opened = page.waitForEvent('popup');
    await button('Sign In').click();
    await opened;
    await expect.poll(heading).toBe('Waiting');
    missing = undefined;
    await expect.poll(heading).toBe('Im Plex-Fenster bestätigen');
    plex.emulator.link(newestCode());
    await expect.poll(heading).toBe('Angemeldet als emulated');
  });

  it('is tried again at once where something changes', async () => {
    missing = /^fr-/;
    // It is not tried again only because 5 s passed.
    await page.addInitScript(() => {
      const { setTimeout } = window;
      window.setTimeout = ((run: () => void, ms: number) =>
        ms === 5000 ? 0 : setTimeout(run, ms)) as typeof setTimeout;
    });
    await putUp({ lang: 'fr' });
    await expect.poll(heading).toBe('Sign in to Moviebox');
    await page.waitForLoadState('networkidle');
    missing = undefined;
    await page.evaluate(() => document.querySelector('plex-sign-in')?.setAttribute('product', 'Other'));
    await expect.poll(heading).toBe('Se connecter à Other');
  });

  it('says the code in words where it is the code’s, and offers nothing to copy', async () => {
    missing = /^code-steps-/;
    await putUp({ mode: 'code' });
    await button('Get a code').click();
    const address = `${plex.url.slice('http://'.length)}/link`;
    await expect.poll(text).toContain(`Go to ${address} and enter the code`);
    expect(await text()).toBe(`Go to ${address} and enter the code ${[...newestCode()].join(' ')}`);
    expect(await page.getByRole('button').allTextContents()).toEqual(['Cancel']);
    missing = undefined;
    await expect.poll(() => page.locator('#code').textContent()).toBe(newestCode());
    await expect.poll(() => button('Copy code').isVisible()).toBe(true);
    plex.emulator.link(newestCode());
    await expect.poll(heading).toBe('Signed in as emulated');
  });

  it('hinders no sign-in where it is the picture of the code', async () => {
    missing = /^qr-picture-/;
    await putUp({ mode: 'code' });
    await button('Get a code').click();
    await expect.poll(() => page.locator('#code').textContent()).toMatch(/^[A-Z0-9]{4}$/);
    plex.emulator.link(newestCode());
    await expect.poll(heading).toBe('Signed in as emulated');
    expect(complaints).toEqual([]);
  });
});

describe('a part that comes late', () => {
  it('gets the focus that the last look had', async () => {
    await putUp();
    await button('Sign in with Plex').focus();
    await page.route(`${site.url}/parts/button-look-*`, async (route) => {
      await page.waitForTimeout(500);
      await route.fallback();
    });
    await page.evaluate(() => document.querySelector('plex-sign-in')?.setAttribute('look', 'button'));
    const focused = () =>
      page.evaluate(() => document.querySelector('plex-sign-in')?.shadowRoot?.activeElement?.id);
    await expect.poll(() => page.locator('#trigger').count()).toBe(1);
    await expect.poll(focused).toBe('trigger');
  });
});

describe('an attribute', () => {
  it('that is an address may be relative to the page', async () => {
    await putUp({ 'forward-url': '/signed-in' });
    const opened = page.waitForEvent('popup');
    await button('Sign in with Plex').click();
    const forwardURL = encodeURIComponent(`${site.url}/signed-in`);
    const popup = await opened;
    await expect.poll(() => popup.url()).toContain(`forwardUrl=${forwardURL}`);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['server-url', 'http://'],
    ['server-url', 'http://plex.example'],
    ['forward-url', 'https://other.example/signed-in'],
    ['auth-app-url', 'javascript:alert(1)'],
  ])('%s that cannot be %s is said on the screen, in the event and to the page', async (name, value) => {
    await putUp({ [name]: value });
    await expect.poll(heading).toBe('Something is set up wrong');
    const complaint = expect.stringContaining(`: ${name} must be`);
    expect(await events()).toEqual([['failed', complaint]]);
    expect(complaints).toEqual([complaint]);
    await button('Try again').click();
    await expect.poll(events).toHaveLength(2);
    const right = name === 'forward-url' ? '/signed-in' : plex.url;
    await page.evaluate(
      ([name, right]) => document.querySelector('plex-sign-in')?.setAttribute(name, right),
      [name, right] as const,
    );
    await expect.poll(heading).toBe('Sign in to Moviebox');
  });

  it('of spaces is none', async () => {
    await putUp({ product: '  ' });
    await expect.poll(heading).toBe('Something is set up wrong');
    expect(await events()).toEqual([]);
    expect(complaints).toEqual([]);
    await expect.poll(() => remarks).toContainEqual(expect.stringContaining('product'));
    await page.evaluate(() => document.querySelector('plex-sign-in')?.setAttribute('product', 'Moviebox'));
    await expect.poll(heading).toBe('Sign in to Moviebox');
  });

  it.each(['', null])('product that is taken away (%s) is as one that was never there', async (value) => {
    await putUp();
    await expect.poll(heading).toBe('Sign in to Moviebox');
    await page.evaluate((value) => {
      const tag = document.querySelector('plex-sign-in');
      if (value === null) tag?.removeAttribute('product');
      else tag?.setAttribute('product', value);
    }, value);
    await expect.poll(heading).toBe('Something is set up wrong');
    expect(await text()).toContain('Give <plex-sign-in> a product');
    expect(await page.getByRole('button').count()).toBe(0);
    expect([await events(), complaints]).toEqual([[], []]);
    await expect.poll(() => remarks).toContainEqual(expect.stringContaining('product'));
  });

  it('product that comes a moment after the tag is not missed', async () => {
    await putUp();
    await page.evaluate(async () => {
      document.querySelector('plex-sign-in')?.remove();
      const tag = document.createElement('plex-sign-in');
      document.body.append(tag);
      await new Promise((next) => setTimeout(next));
      tag.setAttribute('product', 'Moviebox');
      await new Promise((next) => setTimeout(next, 300));
    });
    expect(remarks.filter((remark) => remark.includes('product'))).toEqual([]);
  });

  it('look that is none is named in the console, and is a card', async () => {
    await putUp({ look: 'buton' });
    await expect.poll(text).toBe('Approve with your Plex account in the window that opens.');
    expect(remarks).toContainEqual(expect.stringContaining('buton'));
  });

  it('mode that is none is named in the console, and is a popup', async () => {
    await putUp({ mode: 'poppup' });
    await expect.poll(text).toBe('Approve with your Plex account in the window that opens.');
    expect(remarks).toContainEqual(expect.stringContaining('poppup'));
  });
});

describe('a browser', () => {
  it('that keeps nothing offers a new tab in place of the redirect', async () => {
    await page.addInitScript(() => {
      const denied = {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      };
      Object.defineProperties(window, { localStorage: denied, sessionStorage: denied });
    });
    await putUp({ mode: 'redirect' });
    const footnote = () => page.locator('#footnote').textContent();
    await expect.poll(footnote).toBe('Nothing can be saved here.');
    await button('Sign in with Plex').click();
    await expect.poll(heading).toBe('This page has to stay open');
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open in a new tab' }).click();
    const consent = await opened;
    await expect.poll(heading).toBe('Waiting for Plex');
    await consent.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(heading).toBe('Signed in as emulated');
    // The view has long forgotten it.
    expect(await footnote()).toBe('Nothing can be saved here.');
  });

  it('that opens no window is not spoken of once the link has opened one', async () => {
    await page.addInitScript(() => {
      window.open = () => null;
    });
    await putUp();
    await button('Sign in with Plex').click();
    await expect.poll(heading).toBe('The window was blocked');
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open in a new tab' }).click();
    const consent = await opened;
    await expect.poll(heading).toBe('Approve in the Plex window');
    expect(consent.url()).toContain(`${plex.url}/auth#?clientID=`);
  });

  it('that is offline says so, and continues when it is back', async () => {
    await putUp();
    await button('Sign in with Plex').waitFor();
    await page.context().setOffline(true);
    await expect.poll(() => page.evaluate(() => navigator.onLine)).toBe(false);
    const opened = page.waitForEvent('popup');
    await button('Sign in with Plex').click();
    await expect.poll(text).toBe('You are offline. Waiting for the connection.');
    await page.context().setOffline(false);
    await (await opened).getByRole('button', { name: 'Approve' }).click();
    await expect.poll(heading).toBe('Signed in as emulated');
    expect(complaints).toEqual([]);
  });
});
