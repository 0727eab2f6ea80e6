import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { renderPlexSignIn } from '../../src/element/render-plex-sign-in.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';
import type { StageState } from './stage.ts';

/** The browser of this file, its server, and the page of the test that runs. */
export let browser: Browser;
export let site: PageServer;
export let page: Page;
/** Errors that nobody caught on the page. */
export let complaints: string[];

/** Opens the stage before each test of a file. */
export function openStagePage(): void {
  beforeAll(async () => {
    const product = 'Moviebox';
    const script = `import 'plex-auth-flow/element';`;
    const policy = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'";
    site = await servePages({
      '/': {
        entry: 'test/element/stage.ts',
        body: '<main><h1 style="font-size: 1rem">Moviebox</h1><div id="stage"></div></main>',
      },
      '/strict': {
        script,
        body: `<plex-sign-in product="${product}"></plex-sign-in>`,
        headers: { 'Content-Security-Policy': policy },
      },
      '/server/button': {
        script,
        body: await renderPlexSignIn({ product, look: 'button', headingLevel: 3 }),
      },
      '/server/en': { script, body: await renderPlexSignIn({ product, mode: 'code' }) },
      '/server/ar': { script, body: await renderPlexSignIn({ product, mode: 'code', lang: 'ar' }) },
    });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  beforeEach(async () => {
    page = await browser.newPage();
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(site.url);
    return () => page.close();
  });
}

/** Puts a tag up in a state; `window.scene` is what there is to it. */
export async function show(state: StageState, attributes: Record<string, string> = {}) {
  await page.evaluate(
    async ([state, attributes]) => {
      const parent = document.querySelector<HTMLElement>('#stage') ?? document.body;
      window.scene = await window.stage.show(state, { attributes, parent });
    },
    [state, attributes] as const,
  );
}

export const text = (id: string) => page.locator(`#${id}`).textContent();

export const visibleButtons = () => page.locator('plex-sign-in').getByRole('button').allTextContents();
