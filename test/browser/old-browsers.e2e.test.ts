/** Whole sign-ins with the built package in real old browsers. Run `npm run build` first. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchOldChromium } from '../fixture/old-chromium.ts';
import type { PageServer } from '../fixture/page-server.ts';
import {
  approveByCode,
  approveByRedirect,
  approveInPopup,
  expectText,
  playOn,
  press,
  serveOldPages,
} from './old-page.ts';

let app: PageServer;

beforeAll(async () => {
  app = await serveOldPages();
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

  const onPage = async (path: string, play: Parameters<typeof playOn>[2]) =>
    playOn(await browser.newContext(), app.url + path, play);

  it('is that old', () => {
    expect(browser.version()).toMatch(new RegExp(`^${version}\\.`));
  });

  it('signs in with an engine by popup', () => onPage('/engine', (page) => approveInPopup(page, '#popup')));

  it('signs in with an engine by redirect', () =>
    onPage('/engine', (page) => approveByRedirect(page, '#redirect')));

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

  it('signs in with the element by a code', () => onPage('/element?mode=code', approveByCode));
});
