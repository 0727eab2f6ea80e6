/** Pages of applications, and how a test uses them where Playwright's locators lack the functions they need. */
import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { createPlexEmulator, type ServedPlexEmulator, servePlexEmulator } from '../../src/testing/index.ts';
import { type PageServer, servePages } from '../fixture/page-server.ts';

const readOptions = `const plex = new URLSearchParams(location.search).get('plex');
    const show = (text) => { document.querySelector('output').textContent = text; };`;

/** Serves applications with the built package: `/engine`, `/inspected` and `/element`. */
export function serveOldPages(): Promise<PageServer> {
  return servePages({
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
}

/**
 * Plays a sign-in on one of the pages, until it shows that the user is signed in. Closes the context.
 *
 * @param play What the user does.
 */
export async function playOn(
  context: BrowserContext,
  address: string,
  play: (page: Page, plex: ServedPlexEmulator) => Promise<void>,
): Promise<void> {
  const plex = await servePlexEmulator({ emulator: createPlexEmulator() });
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(error.error().message));
  try {
    const page = await context.newPage();
    const separator = address.includes('?') ? '&' : '?';
    await page.goto(`${address}${separator}plex=${encodeURIComponent(plex.url)}`);
    await play(page, plex);
    await expectText(page, 'output').toMatch(/^token \d+$/);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
    await plex.close();
  }
}

/** A node of the page or of its element. */
function readNode(page: Page, selector: string) {
  return page.evaluate((wanted) => {
    const roots = [document, document.querySelector('plex-sign-in')?.shadowRoot];
    const node = roots.map((root) => root?.querySelector(wanted)).find((found) => found);
    const { x = 0, y = 0, width = 0, height = 0 } = node?.getBoundingClientRect() ?? {};
    return { text: node?.textContent ?? '', x: x + width / 2, y: y + height / 2, width };
  }, selector);
}

/** Waits for the text of a node. */
export function expectText(page: Page, selector: string) {
  return expect.poll(async () => (await readNode(page, selector)).text);
}

/** Clicks as a user does. */
export async function press(page: Page, selector: string): Promise<void> {
  await expect.poll(async () => (await readNode(page, selector)).width).toBeGreaterThan(0);
  const { x, y } = await readNode(page, selector);
  await page.mouse.click(x, y);
}

const approve = (page: Page) => press(page, 'button[value=approve]');

export async function approveInPopup(page: Page, button: string): Promise<void> {
  const [opened] = await Promise.all([page.context().waitForEvent('page'), press(page, button)]);
  await approve(opened);
}

export async function approveByRedirect(page: Page, button: string): Promise<void> {
  await press(page, button);
  await approve(page);
}

/** Approves the code that the element shows. */
export async function approveByCode(page: Page, plex: ServedPlexEmulator): Promise<void> {
  await press(page, '#main');
  await expectText(page, '#code').toMatch(/^[0-9A-Z]{4}$/);
  await expectText(page, '#number').toBe('15');
  plex.emulator.link((await readNode(page, '#code')).text);
}
