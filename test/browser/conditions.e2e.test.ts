import { type Browser, devices, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, type PageServer } from '../fixture/page-server.ts';
import { approveButton, codeOf, reaches, type Stage, serveApp, setStage } from './stage.ts';

let browser: Browser;
let app: PageServer;

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), serveApp()]);
});

afterAll(async () => {
  await browser?.close();
  await app?.close();
});

async function onStage(
  play: (stage: Stage) => Promise<void>,
  device?: (typeof devices)[string],
): Promise<void> {
  const stage = await setStage(browser, app, {}, device);
  try {
    await play(stage);
    expect(stage.complaints).toEqual([]);
  } finally {
    await stage.close();
  }
}

const running = /awaitingLink|fetchingToken/;

/** A page that waits for its user, in time that only the test moves. */
async function openWaiting(stage: Stage): Promise<Page> {
  const page = await stage.context.newPage();
  await page.clock.install();
  await page.goto(stage.addressOf());
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.evaluate(() => window.auth.start());
  await reaches(page, 'awaitingLink');
  return page;
}

/** Headless Chromium shows every page: what a page behind another one sees is put in. */
async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true });
    Object.defineProperty(document, 'visibilityState', {
      value: value ? 'hidden' : 'visible',
      configurable: true,
    });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

/** Moves the page's time on, second by second, and lets each answer come before the next. */
async function pass(page: Page, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await page.clock.runFor(1000);
    await reaches(page, 'awaitingLink');
  }
}

const readsOf = (stage: Stage) =>
  stage.plex.emulator.requests.filter(({ path }) => path.includes('/pins/')).length;

describe('a page that waits', () => {
  it('asks at most half as often as once a second while nobody sees it, and catches up at once', () =>
    onStage(async (stage) => {
      const page = await openWaiting(stage);
      await setHidden(page, true);
      await pass(page, 60);
      console.info(`hidden for 60 s: ${readsOf(stage)} reads, where a poller at 1 Hz makes 60`);
      expect(readsOf(stage)).toBeLessThanOrEqual(30);
      expect(readsOf(stage)).toBeGreaterThan(5);
      stage.plex.emulator.link(await codeOf(page));
      // Not a timer's doing: time stands still.
      await setHidden(page, false);
      await reaches(page, 'authenticated');
    }));

  it('catches up at once where the browser ran none of its timers', () =>
    onStage(async (stage) => {
      const page = await openWaiting(stage);
      await setHidden(page, true);
      stage.plex.emulator.link(await codeOf(page));
      await page.evaluate(() => new BroadcastChannel('plex-auth-flow').postMessage({ type: 'returned' }));
      // The callback's message counts behind other windows, too.
      await reaches(page, 'authenticated');
    }));

  it('asks at most every ten seconds while it is offline, and at once when it is on again', () =>
    onStage(async (stage) => {
      const page = await openWaiting(stage);
      const failed: string[] = [];
      page.on('requestfailed', (request) => failed.push(request.url()));
      await stage.context.setOffline(true);
      await expect.poll(() => page.evaluate(() => navigator.onLine)).toBe(false);
      await pass(page, 60);
      // One whose wait had begun before, and each is repeated at Plex's other name.
      expect(failed.length).toBeLessThanOrEqual(2 * (1 + 6));
      expect(failed.length).toBeGreaterThan(0);
      stage.plex.emulator.link(await codeOf(page));
      await stage.context.setOffline(false);
      await reaches(page, 'authenticated');
    }));

  it('continues after the machine slept for twenty minutes, and for longer than the code lives', () =>
    onStage(async (stage) => {
      for (const minutes of [20, 50]) {
        const page = await openWaiting(stage);
        const code = await codeOf(page);
        if (minutes > 30) stage.plex.emulator.link(code);
        await page.clock.fastForward(minutes * 60_000);
        if (minutes < 30) {
          await reaches(page, running);
          stage.plex.emulator.link(code);
          await page.evaluate(() => window.dispatchEvent(new Event('focus')));
        }
        await reaches(page, 'authenticated');
        await page.close();
      }
    }));
});

describe('a phone', () => {
  it('signs in by touch, in a tab of its own and by redirect', () =>
    onStage(async (stage) => {
      const page = await stage.open('forward');
      const opened = stage.context.waitForEvent('page');
      await page.locator('#popup').tap();
      const popup = await opened;
      const closed = popup.waitForEvent('close');
      await approveButton(popup).tap();
      await closed;
      await reaches(page, 'authenticated');
      await page.reload();
      await reaches(page, 'idle');
      await page.locator('#redirect').tap();
      await approveButton(page).tap();
      await page.waitForURL(stage.addressOf('forward'));
      await reaches(page, 'authenticated');
      const { scrollWidth, clientWidth } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        clientWidth: document.documentElement.clientWidth,
      }));
      expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    }, devices['iPhone 14']));
});
