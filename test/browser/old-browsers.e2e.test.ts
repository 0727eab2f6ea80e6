/** Whole sign-ins with the built package in real old browsers. Run `npm run build` first. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPlexEmulator, type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { launchOldChromium } from '../fixture/old-chromium.ts';
import { type PageServer, servePages } from '../fixture/page-server.ts';

let app: PageServer;

/** A node of the page or of its element. Playwright's locators need functions that these browsers do not have. */
function read(page: Page, selector: string) {
  return page.evaluate((wanted) => {
    const roots = [document, document.querySelector('plex-sign-in')?.shadowRoot];
    const node = roots.map((root) => root?.querySelector(wanted)).find((found) => found);
    const { x = 0, y = 0, width = 0, height = 0 } = node?.getBoundingClientRect() ?? {};
    return { text: node?.textContent ?? '', x: x + width / 2, y: y + height / 2, width };
  }, selector);
}

/** Clicks as a user does. */
async function press(page: Page, selector: string): Promise<void> {
  await expect.poll(async () => (await read(page, selector)).width).toBeGreaterThan(0);
  const { x, y } = await read(page, selector);
  await page.mouse.click(x, y);
}

function expectText(page: Page, selector: string) {
  return expect.poll(async () => (await read(page, selector)).text);
}

beforeAll(async () => {
  const readOptions = `const plex = new URLSearchParams(location.search).get('plex');
    const show = (text) => { document.querySelector('output').textContent = text; };`;
  app = await servePages({
    '/engine': {
      isBuilt: true,
      body: '<button id="popup">Popup</button> <button id="redirect">Redirect</button> <output></output>',
      script: `import { createBrowserPlexAuth } from 'plex-auth-flow/browser';
        import { toPromise } from 'plex-auth-flow/adapters';
        ${readOptions}
        const auth = createBrowserPlexAuth({ product: 'Old', serverURL: plex, authAppURL: plex + '/auth' });
        auth.subscribe(({ status }) => show(status));
        toPromise(auth).then(({ token }) => show('token ' + token.reveal().length));
        document.querySelector('#popup').onclick = () => auth.startInPopup();
        document.querySelector('#redirect').onclick = () => auth.startByRedirect();`,
    },
    '/inspected': {
      isBuilt: true,
      body: '<button id="inspect">Inspect</button> <output></output>',
      script: `import { createPlexAuth } from 'plex-auth-flow';
        import { toPromise } from 'plex-auth-flow/adapters';
        import { createPlexInspector } from 'plex-auth-flow/inspect';
        ${readOptions}
        document.querySelector('#inspect').onclick = () => {
          const { inspect, fetch } = createPlexInspector({ onUnavailable: show });
          const auth = createPlexAuth({ product: 'Old', serverURL: plex, inspect, fetch });
          auth.start();
          toPromise(auth).then(({ token }) => show('token ' + token.reveal().length));
        };`,
    },
    '/element': {
      isBuilt: true,
      body: '<output></output>',
      script: `import 'plex-auth-flow/element';
        ${readOptions}
        const tag = document.createElement('plex-sign-in');
        const mode = new URLSearchParams(location.search).get('mode');
        const attributes = { product: 'Old', mode, lang: 'en', 'server-url': plex, 'auth-app-url': plex + '/auth' };
        for (const [name, value] of Object.entries(attributes)) tag.setAttribute(name, value);
        tag.addEventListener('authenticated', ({ detail }) => show('token ' + detail.token.reveal().length));
        document.body.append(tag);`,
    },
  });
});

afterAll(() => app?.close());

describe.each([
  ['chromium-92', 92],
  ['chromium-108', 108],
] as const)('%s', (name, version) => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchOldChromium(name);
  }, 300_000);

  afterAll(() => browser?.close());

  async function onPage(path: string, play: (page: Page, plex: ServedPlexEmulator) => Promise<void>) {
    const plex = await servePlexEmulator({ emulator: createPlexEmulator() });
    const context: BrowserContext = await browser.newContext();
    const complaints: string[] = [];
    context.on('weberror', (error) => complaints.push(error.error().message));
    try {
      const page = await context.newPage();
      const separator = path.includes('?') ? '&' : '?';
      await page.goto(`${app.url}${path}${separator}plex=${encodeURIComponent(plex.url)}`);
      await play(page, plex);
      await expectText(page, 'output').toMatch(/^token \d+$/);
      expect(complaints).toEqual([]);
    } finally {
      await context.close();
      await plex.close();
    }
  }

  const approve = (page: Page) => press(page, 'button[value=approve]');

  async function approveInPopup(page: Page, button: string): Promise<void> {
    const [opened] = await Promise.all([page.context().waitForEvent('page'), press(page, button)]);
    await approve(opened);
  }

  it('is that old', () => {
    expect(browser.version()).toMatch(new RegExp(`^${version}\\.`));
  });

  it('signs in with an engine by popup', () => onPage('/engine', (page) => approveInPopup(page, '#popup')));

  it('signs in with an engine by redirect', () =>
    onPage('/engine', async (page) => {
      await press(page, '#redirect');
      await approve(page);
    }));

  it('shows a sign-in in the live view', () =>
    onPage('/inspected', async (page, plex) => {
      const opened = page.context().waitForEvent('page');
      await press(page, '#inspect');
      const view = await opened;
      await expectText(view, '.status h2').toBe('Waiting for approval');
      plex.emulator.link(plex.emulator.pins[0]?.code ?? '');
      await expectText(page, 'output').toMatch(/^token/);
      await expectText(view, '.status h2').toBe('Signed in');
    }));

  it('signs in with the element by popup', () =>
    onPage('/element?mode=popup', (page) => approveInPopup(page, '#main')));

  it('signs in with the element by a code', () =>
    onPage('/element?mode=code', async (page, plex) => {
      await press(page, '#main');
      await expectText(page, '#code').toMatch(/^[0-9A-Z]{4}$/);
      await expectText(page, '#number').toBe('15');
      plex.emulator.link((await read(page, '#code')).text);
    }));
});
