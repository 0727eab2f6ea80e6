import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const stage = await setStage(browser, app);
  try {
    await play(stage);
    expect(stage.complaints).toEqual([]);
  } finally {
    await stage.close();
  }
}

const running = /awaitingLink|fetchingToken/;

async function startIn(page: Page): Promise<void> {
  await page.evaluate(() => window.auth.start());
  await reaches(page, running);
}

describe('two tabs', () => {
  it('run one flow where both start in the same moment', () =>
    onStage(async (stage) => {
      const pages = [await stage.open('keep'), await stage.open('keep')];
      await Promise.all(pages.map((page) => page.evaluate(() => window.auth.start())));
      const statuses = () => Promise.all(pages.map((page) => page.locator('output').textContent()));
      await expect
        .poll(async () =>
          (await statuses()).map((status) => (running.test(status ?? '') ? 'running' : status)).sort(),
        )
        .toEqual(['idle', 'running']);
      // At rest: nothing has changed for longer than one tab waits for another.
      let before = '';
      await expect
        .poll(
          async () => {
            const codes = (await Promise.all(pages.map(codeOf))).join();
            const isSame = codes === before && codes.length > 1;
            before = codes;
            return isSame;
          },
          { interval: 700 },
        )
        .toBe(true);
      stage.plex.emulator.link(stage.plex.emulator.pins.at(-1)?.code ?? '');
      for (const page of pages) await reaches(page, 'authenticated');
      expect(await tokenOf(pages[0] as Page)).toBe(await tokenOf(pages[1] as Page));
      expect(stage.plex.emulator.pins.filter(({ state }) => state === 'linked')).toHaveLength(1);
    }));

  it('hand the PIN on: the second to start continues with it, and the first one stops and closes its popup', () =>
    onStage(async (stage) => {
      const first = await stage.open('keep', 'forward');
      const popup = await openConsent(first);
      const closed = popup.waitForEvent('close');
      const code = await codeOf(first);
      const second = await stage.open('keep', 'forward');
      const consent = await openConsent(second);
      await closed;
      await reaches(first, 'idle');
      expect(await codeOf(second)).toBe(code);
      expect(stage.plex.emulator.pins).toHaveLength(1);
      // What was handed over outlives this tab's page as well.
      await second.reload();
      await reaches(second, running);
      expect(await codeOf(second)).toBe(code);
      await approveButton(consent).click();
      await reaches(second, 'authenticated');
      await reaches(first, 'authenticated');
    }));

  it('see each other sign in and out', () =>
    onStage(async (stage) => {
      const first = await stage.open('keep');
      const second = await stage.open('keep');
      await startIn(first);
      stage.plex.emulator.link(await codeOf(first));
      await reaches(first, 'authenticated');
      await reaches(second, 'authenticated');
      expect(await tokenOf(second)).toBe(await tokenOf(first));
      await first.evaluate(() => window.auth.signOut());
      await reaches(first, 'idle');
      await reaches(second, 'expired');
      await startIn(second);
      stage.plex.emulator.link(await codeOf(second));
      await reaches(second, 'authenticated');
      await reaches(first, 'authenticated');
    }));

  it('go out together where Plex does not take the revocation', () =>
    onStage(async (stage) => {
      const first = await stage.open('keep');
      const second = await stage.open('keep');
      await startIn(first);
      stage.plex.emulator.link(await codeOf(first));
      await reaches(second, 'authenticated');
      stage.plex.emulator.fault({ type: 'status', status: 500 }, { operation: 'signOut', times: 10 });
      // Not the one that signed in.
      await second.evaluate(() => window.auth.signOut());
      await reaches(second, 'idle');
      await reaches(first, 'expired');
      await first.reload();
      await reaches(first, 'idle');
    }));

  it('run a flow each where one shows codes to type, and see each other sign in', () =>
    onStage(async (stage) => {
      const first = await stage.open('keep');
      const second = await stage.open('keep', 'short');
      await startIn(first);
      await startIn(second);
      await first.reload();
      await reaches(first, running);
      const codes = await Promise.all([first, second].map(codeOf));
      expect(codes.map((code) => code.length > 4)).toEqual([true, false]);
      expect(stage.plex.emulator.pins.map(({ code }) => code)).toEqual(codes);
      stage.plex.emulator.link(codes[1] ?? '');
      await reaches(second, 'authenticated');
      await reaches(first, 'authenticated');
      expect(await tokenOf(first)).toBe(await tokenOf(second));
    }));

  it('leave the flow to the original where one is its duplicate, session storage and all', () =>
    onStage(async (stage) => {
      const original = await stage.open('keep');
      await startIn(original);
      const code = await codeOf(original);
      const opened = stage.context.waitForEvent('page');
      await original.evaluate(() => window.open(location.href));
      const duplicate = await opened;
      await expect.poll(() => duplicate.evaluate(() => window.statuses)).toContain('fetchingToken');
      await reaches(duplicate, 'idle');
      expect(await codeOf(original)).toBe(code);
      stage.plex.emulator.link(code);
      await reaches(original, 'authenticated');
      await reaches(duplicate, 'authenticated');
    }));

  it('take the lead from a tab that answers nobody', () =>
    onStage(async (stage) => {
      const stuck = await stage.context.newPage();
      await stuck.goto(`${app.url}/elsewhere`);
      await stuck.evaluate(
        (server) =>
          new Promise<void>((taken) => {
            void navigator.locks
              .request(`plex-auth-flow.E2E.${server}`, () => {
                taken();
                return new Promise(() => {});
              })
              .catch(() => {});
          }),
        stage.plex.url,
      );
      const page = await stage.open();
      await startIn(page);
      stage.plex.emulator.link(await codeOf(page));
      await reaches(page, 'authenticated');
    }));

  it('run a flow each, and see each other sign in, where the browser has no locks', () =>
    onStage(async (stage) => {
      await stage.context.addInitScript(() =>
        Object.defineProperty(navigator, 'locks', { value: undefined }),
      );
      const first = await stage.open('keep');
      const second = await stage.open('keep');
      await startIn(first);
      await startIn(second);
      stage.plex.emulator.link(await codeOf(first));
      await reaches(first, 'authenticated');
      await reaches(second, 'authenticated');
      expect(await tokenOf(second)).toBe(await tokenOf(first));
    }));
});
