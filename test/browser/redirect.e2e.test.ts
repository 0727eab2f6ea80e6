import type { Browser, Page } from 'playwright-core';
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
  [browser, app] = await Promise.all([launchChromium({ bfcache: true }), serveApp()]);
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

/** Clicks, and waits for the consent page to be there in place of the application. */
async function leaveForConsent(page: Page): Promise<void> {
  await page.locator('#redirect').click();
  await approveButton(page).waitFor();
}

describe('a sign-in by redirect', () => {
  it('comes back to the same address, hash and all, and goes on by itself', () =>
    onStage(async (stage) => {
      const page = await stage.context.newPage();
      await page.goto(`${stage.addressOf('keep')}#/settings?tab=2`);
      const addresses: string[] = [];
      page.on('framenavigated', (frame) => addresses.push(frame.url()));
      await leaveForConsent(page);
      await approveButton(page).click();
      await page.waitForURL(`${stage.addressOf('keep')}#/settings?tab=2`);
      await reaches(page, 'authenticated');
      const { id = 0 } = stage.plex.emulator.pins[0] ?? {};
      expect(stage.plex.emulator.pins).toHaveLength(1);
      expect(addresses.join('\n')).not.toContain(String(id));
      // Only the token is left; nothing that would start a burst or a flow at the next load.
      expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
    }));

  it('asks a few times soon where the token lags behind the approval', () =>
    onStage(
      async (stage) => {
        const page = await stage.open();
        await leaveForConsent(page);
        const { requests } = stage.plex.emulator;
        const approvedAtMs = Date.now();
        await approveButton(page).click();
        await reaches(page, 'authenticated');
        const reads = requests
          .filter(({ method, path }) => method === 'GET' && path.includes('/pins/'))
          .map(({ atMs }) => atMs)
          .filter((atMs) => atMs > approvedAtMs);
        // At 1 Hz alone it would be three at most in that time: at once, and after one and two seconds.
        const soon = reads.filter((atMs) => atMs - (reads[0] ?? 0) < 2900);
        expect(soon.length).toBeGreaterThanOrEqual(4);
      },
      { tokenLagMs: 3500 },
    ));

  it('waits on where the user comes back by the Back button, and asks at once', () =>
    onStage(async (stage) => {
      const page = await stage.open();
      await leaveForConsent(page);
      await page.goBack({ waitUntil: 'commit' });
      await reaches(page, /awaitingLink|fetchingToken/);
      stage.plex.emulator.link(await codeOf(page));
      await reaches(page, 'authenticated');
      expect(stage.plex.emulator.pins).toHaveLength(1);
    }));

  it('refuses, and says so, where the browser keeps nothing', () =>
    onStage(async (stage) => {
      const page = await stage.context.newPage();
      await page.addInitScript(() => {
        for (const name of ['localStorage', 'sessionStorage']) {
          Object.defineProperty(window, name, {
            get() {
              throw new DOMException('denied', 'SecurityError');
            },
          });
        }
      });
      await page.goto(stage.addressOf());
      const fault = () =>
        page.evaluate(() => JSON.parse(JSON.stringify(window.auth.getSnapshot())).lastError);
      expect(await fault()).toMatchObject({ code: 'PLEX_STORE', retryable: false });
      await page.locator('#redirect').click();
      await expect
        .poll(() => page.evaluate(() => JSON.parse(JSON.stringify(window.openings))))
        .toMatchObject([{ status: 'refused', error: { code: 'PLEX_STORE' } }]);
      const popup = await openConsent(page);
      await approveButton(popup).click();
      await reaches(page, 'authenticated');
    }));
});

describe('a reload', () => {
  it('starts again in idle, and where no code was there yet', () =>
    onStage(async (stage) => {
      const page = await stage.open();
      await page.reload();
      await reaches(page, 'idle');
      stage.plex.emulator.fault({ type: 'hang' }, { operation: 'getPin' });
      await page.evaluate(() => window.auth.start());
      await reaches(page, 'requestingPin');
      await page.reload();
      await reaches(page, 'idle');
      await page.evaluate(() => window.auth.start());
      await reaches(page, /awaitingLink|fetchingToken/);
    }));

  it.each(['awaitingLink', 'fetchingToken'])('in %s continues with the same code', (status) =>
    onStage(async (stage) => {
      const page = await stage.open();
      await page.evaluate(() => window.auth.start());
      await reaches(page, /awaitingLink|fetchingToken/);
      const code = await codeOf(page);
      if (status === 'fetchingToken') stage.plex.emulator.fault({ type: 'hang' }, { operation: 'getToken' });
      await reaches(page, status);
      await page.reload();
      await reaches(page, /awaitingLink|fetchingToken/);
      expect(await codeOf(page)).toBe(code);
      // It holds: no other tab has the flow, so nobody takes it away after the wait for an answer.
      const before = stage.plex.emulator.requests.length;
      await expect
        .poll(() => stage.plex.emulator.requests.length, { timeout: 30_000 })
        .toBeGreaterThan(before + 2);
      expect(await codeOf(page)).toBe(code);
      stage.plex.emulator.link(code);
      await reaches(page, 'authenticated');
    }),
  );

  it('while signed in stays so with a store for credentials, and is signed out without', () =>
    onStage(async (stage) => {
      for (const names of [['keep'], []] as const) {
        const page = await stage.open(...names);
        await page.evaluate(() => window.auth.start());
        if (names.length > 0) {
          await reaches(page, /awaitingLink|fetchingToken/);
          stage.plex.emulator.link(await codeOf(page));
          await reaches(page, 'authenticated');
          const token = await tokenOf(page);
          await page.reload();
          await reaches(page, 'authenticated');
          expect(await tokenOf(page)).toBe(token);
          await page.evaluate(() => window.auth.signOut());
          await reaches(page, 'idle');
          await page.reload();
        } else {
          await reaches(page, /awaitingLink|fetchingToken/);
          stage.plex.emulator.link(await codeOf(page));
          await reaches(page, 'authenticated');
          await page.reload();
        }
        await reaches(page, 'idle');
      }
    }));

  // A code that is unknown long before its deadline is another client's; one that lives five seconds has just expired.
  it.each([
    ['failed', 1_800_000],
    ['expired', 5000],
  ])('in %s starts again', (status, strong) =>
    onStage(
      async (stage) => {
        const page = await stage.open();
        await page.evaluate(() => window.auth.start());
        await expect.poll(() => stage.plex.emulator.pins.length).toBe(1);
        stage.plex.emulator.expire(stage.plex.emulator.pins.at(-1)?.id ?? 0);
        await reaches(page, status);
        await page.reload();
        await reaches(page, 'idle');
      },
      { lifetimeMs: { strong } },
    ),
  );

  it('after a cancel, and while signing out, has nothing to resume', () =>
    onStage(async (stage) => {
      const page = await stage.open('keep');
      await page.evaluate(() => window.auth.start());
      await reaches(page, /awaitingLink|fetchingToken/);
      await page.locator('#cancel').click();
      await reaches(page, 'idle');
      await page.reload();
      await page.evaluate(() => window.auth.start());
      await reaches(page, /awaitingLink|fetchingToken/);
      stage.plex.emulator.link(await codeOf(page));
      await reaches(page, 'authenticated');
      stage.plex.emulator.fault({ type: 'hang' }, { operation: 'signOut' });
      await page.evaluate(() => window.auth.signOut());
      await reaches(page, 'signingOut');
      await page.reload();
      await reaches(page, 'idle');
    }));
});

describe('a page in the back/forward cache', () => {
  const wasRestored = (page: Page) => page.evaluate(() => window.wasRestored);

  it('gets in there while the flow runs, and continues at once when it is back', () =>
    onStage(async (stage) => {
      const page = await stage.open();
      await page.evaluate(() => window.auth.start());
      await reaches(page, /awaitingLink|fetchingToken/);
      const code = await codeOf(page);
      await page.goto(`${app.url}/elsewhere`);
      stage.plex.emulator.link(code);
      await page.goBack({ waitUntil: 'commit' });
      await reaches(page, 'authenticated');
      expect(await wasRestored(page)).toBe(true);
    }));

  it('leaves the flow to the tab that began one meanwhile', () =>
    onStage(async (stage) => {
      const page = await stage.open('keep');
      await page.evaluate(() => window.auth.start());
      await reaches(page, /awaitingLink|fetchingToken/);
      await page.goto(`${app.url}/elsewhere`);
      const other = await stage.open('keep');
      await other.evaluate(() => window.auth.start());
      await reaches(other, /awaitingLink|fetchingToken/);
      await page.goBack({ waitUntil: 'commit' });
      await reaches(page, 'idle');
      stage.plex.emulator.link(await codeOf(other));
      await reaches(other, 'authenticated');
      await reaches(page, 'authenticated');
      expect(await tokenOf(page)).toBe(await tokenOf(other));
      // No message of the other tab has thrown it out.
      expect(await wasRestored(page)).toBe(true);
    }));

  it('takes the token of another tab that signed in meanwhile', () =>
    onStage(async (stage) => {
      const page = await stage.open('keep');
      await page.goto(`${app.url}/elsewhere`);
      const other = await stage.open('keep');
      await other.evaluate(() => window.auth.start());
      await reaches(other, /awaitingLink|fetchingToken/);
      stage.plex.emulator.link(await codeOf(other));
      await reaches(other, 'authenticated');
      await page.goBack({ waitUntil: 'commit' });
      await reaches(page, 'authenticated');
      expect(await wasRestored(page)).toBe(true);
    }));
});
