import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlexEmulatorOptions } from '../../src/testing/index.ts';
import { launchChromium, type PageServer } from '../fixture/page-server.ts';
import {
  approveButton,
  codeOf,
  openConsent,
  reaches,
  type Stage,
  serveApp,
  setStage,
  tokenOf,
} from './stage.ts';

let browser: Browser;
let app: PageServer;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), serveApp()]);
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

async function onStage(play: (stage: Stage) => Promise<void>, options?: PlexEmulatorOptions): Promise<void> {
  const stage = await setStage(browser, app, options);
  try {
    await play(stage);
    expect(stage.complaints).toEqual([]);
  } finally {
    await stage.close();
  }
}

describe('a sign-in in a popup', () => {
  it('ends on the forward page, which notifies the tab and closes itself', () =>
    onStage(async (stage) => {
      const page = await stage.open('forward');
      const popup = await openConsent(page);
      const closed = popup.waitForEvent('close');
      await approveButton(popup).click();
      await closed;
      await reaches(page, 'authenticated');
      expect(await tokenOf(page)).toHaveLength(20);
      expect(stage.plex.emulator.pins).toHaveLength(1);
    }));

  it('closes the popup from here where there is no forward page', () =>
    onStage(async (stage) => {
      const page = await stage.open();
      const popup = await openConsent(page);
      const closed = popup.waitForEvent('close');
      await approveButton(popup).click();
      await reaches(page, 'authenticated');
      await closed;
    }));

  it.each([['forward'], []] as const)(
    'goes through under COOP, where the popup reads as closed at once (%s)',
    (...names) =>
      onStage(
        async (stage) => {
          const page = await stage.open(...names);
          const popup = await openConsent(page);
          // Longer than the burst that "closed" sets off: the flow is not over for it.
          await expect
            .poll(() => stage.plex.emulator.requests.filter(({ method }) => method === 'GET').length, {
              timeout: 30_000,
            })
            .toBeGreaterThan(6);
          expect(await page.locator('output').textContent()).toMatch(/awaitingLink|fetchingToken/);
          const closed = names.length > 0 ? popup.waitForEvent('close') : undefined;
          await approveButton(popup).click();
          await reaches(page, 'authenticated');
          await closed;
        },
        { openerPolicy: 'same-origin' },
      ),
  );

  it('keeps the token where the popup is closed in the instant of the approval', () =>
    onStage(async (stage) => {
      const page = await stage.open('forward');
      const popup = await openConsent(page);
      await approveButton(popup).click({ noWaitAfter: true });
      await expect.poll(() => stage.plex.emulator.pins[0]?.state, { interval: 5 }).toBe('linked');
      await popup.close();
      await reaches(page, 'authenticated');
    }));

  it('waits on where the user closes the popup, and takes an approval given elsewhere', () =>
    onStage(async (stage) => {
      const page = await stage.open('forward');
      const popup = await openConsent(page);
      await popup.close();
      const before = stage.plex.emulator.requests.length;
      await expect.poll(() => stage.plex.emulator.requests.length).toBeGreaterThan(before + 1);
      stage.plex.emulator.link(await codeOf(page));
      await reaches(page, 'authenticated');
    }));

  it('says that the popup is blocked, continues, and offers the redirect', () =>
    onStage(async (stage) => {
      const page = await stage.open();
      await page.evaluate(() => {
        window.open = () => null;
      });
      await page.locator('#popup').click();
      await reaches(page, /awaitingLink|fetchingToken/);
      const [opening] = await page.evaluate(() => JSON.parse(JSON.stringify(window.openings)));
      expect(opening).toMatchObject({ status: 'refused', error: { code: 'PLEX_POPUP_BLOCKED' } });
      await page.locator('#redirect').click();
      await approveButton(page).click();
      await page.waitForURL(stage.addressOf());
      await reaches(page, 'authenticated');
      expect(stage.plex.emulator.pins).toHaveLength(1);
    }));

  it('opens one window for two clicks, and none while a token is held', () =>
    onStage(async (stage) => {
      const page = await stage.open('forward');
      const first = await openConsent(page);
      const firstClosed = first.waitForEvent('close');
      const second = await openConsent(page);
      await firstClosed;
      expect(stage.plex.emulator.pins).toHaveLength(1);
      await approveButton(second).click();
      await reaches(page, 'authenticated');
      await expect.poll(() => stage.context.pages().length).toBe(1);
      await page.evaluate(() => {
        const opened: unknown[] = [];
        Object.assign(window, { opened, open: (...all: unknown[]) => void opened.push(all) });
      });
      await page.locator('#popup').click();
      expect(await page.evaluate(() => window.openings.at(-1))).toEqual({ status: 'unneeded' });
      expect(await page.evaluate(() => (window as unknown as { opened: unknown[] }).opened)).toEqual([]);
    }));

  it('closes the popup on cancel', () =>
    onStage(async (stage) => {
      const page = await stage.open();
      const popup = await openConsent(page);
      const closed = popup.waitForEvent('close');
      await page.locator('#cancel').click();
      await closed;
      await reaches(page, 'idle');
    }));

  it('shows the next code in the popup where the first one expired', () =>
    onStage(
      async (stage) => {
        const page = await stage.open('renew');
        const popup = await openConsent(page);
        const { code } = stage.plex.emulator.pins[0] ?? {};
        await expect.poll(() => stage.plex.emulator.pins.length, { timeout: 30_000 }).toBeGreaterThan(1);
        await expect.poll(() => popup.url()).not.toContain(code);
        await approveButton(popup).click();
        await reaches(page, 'authenticated');
      },
      { lifetimeMs: { strong: 8000 } },
    ));

  it('says what comes while Plex has no code to show', () =>
    onStage(async (stage) => {
      stage.plex.emulator.fault({ type: 'status', status: 503 }, { operation: 'getPin', times: 2 });
      const page = await stage.open();
      const opened = page.context().waitForEvent('page');
      await page.locator('#popup').click();
      const popup = await opened;
      expect(await popup.title()).toBe('E2E → Plex …');
      expect(await popup.locator('body').textContent()).toBe('E2E → Plex …');
      await approveButton(popup).click();
      await reaches(page, 'authenticated');
    }));
});
