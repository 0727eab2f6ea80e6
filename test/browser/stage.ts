import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import {
  createPlexEmulator,
  type PlexEmulatorOptions,
  type ServedPlexEmulator,
  servePlexEmulator,
} from '../../src/testing/index.ts';
import { type PageServer, servePages } from '../fixture/page-server.ts';

/** How the application of a test is set up. */
type AppOption = 'forward' | 'keep' | 'renew' | 'short';

/** An application, a plex.tv and one user's browser. */
export interface Stage {
  readonly plex: ServedPlexEmulator;
  readonly app: PageServer;
  readonly context: BrowserContext;
  /** What no page should have done: errors that nobody caught. */
  readonly complaints: string[];
  addressOf(...options: AppOption[]): string;
  open(...options: AppOption[]): Promise<Page>;
  close(): Promise<void>;
}

const body = `<button id="popup">Popup</button> <button id="redirect">Redirect</button>
<button id="cancel">Cancel</button> <output></output>`;

/** Serves the pages of all stages: bundled once. */
export function serveApp(): Promise<PageServer> {
  return servePages({
    '/': { entry: 'test/browser/app-page.ts', body },
    '/signed-in': {
      script: `import { finishPopup } from 'plex-auth-flow/browser';
        new BroadcastChannel('measure').postMessage(Date.now());
        finishPopup();`,
      body: '<p>You may close this window.</p>',
    },
    '/elsewhere': { script: '', body: '<p>Another page of the application.</p>' },
  });
}

/** Sets a stage up, each with storage of its own. */
export async function setStage(
  browser: Browser,
  app: PageServer,
  options: PlexEmulatorOptions = {},
  contextOptions: BrowserContextOptions = {},
): Promise<Stage> {
  const plex = await servePlexEmulator({ emulator: createPlexEmulator(options) });
  const context = await browser.newContext(contextOptions);
  const complaints: string[] = [];
  context.on('weberror', (error) => complaints.push(error.error().message));
  const addressOf = (...app_: AppOption[]) =>
    `${app.url}/?plex=${encodeURIComponent(plex.url)}${app_.map((option) => `&${option}`).join('')}`;
  return {
    plex,
    app,
    context,
    complaints,
    addressOf,
    async open(...names) {
      const page = await context.newPage();
      await page.goto(addressOf(...names));
      return page;
    },
    async close() {
      await context.close();
      await plex.close();
    },
  };
}

/** Waits for what the page shows, in as much time as a busy machine may need. */
export async function reaches(page: Page, status: string | RegExp): Promise<void> {
  const shown = expect.poll(() => page.locator('output').textContent(), { timeout: 30_000 });
  await (typeof status === 'string' ? shown.toBe(status) : shown.toMatch(status));
}

/** Clicks, and gives the window that opens, once it shows the consent. */
export async function openConsent(page: Page): Promise<Page> {
  const opened = page.context().waitForEvent('page');
  await page.locator('#popup').click();
  const popup = await opened;
  await approveButton(popup).waitFor();
  return popup;
}

export function approveButton(page: Page) {
  return page.getByRole('button', { name: 'Approve' });
}

/** The token that the page holds. */
export function tokenOf(page: Page): Promise<string | undefined> {
  return page.evaluate(() => {
    const view = window.auth.getSnapshot();
    return view.status === 'authenticated' ? view.token.reveal() : undefined;
  });
}

/** The code that the page waits for, or nothing. */
export function codeOf(page: Page): Promise<string> {
  return page.evaluate(() => {
    const view = window.auth.getSnapshot();
    return view.code ?? '';
  });
}
