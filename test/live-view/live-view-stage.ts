import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import type { mountLiveView } from '../../live-view/index.ts';
import type { LiveView } from '../../src/inspect/live-view-module.ts';
import type { InspectionMessage } from '../../src/inspect/message.ts';
import type { DrivePlexAuthOptions } from '../../src/testing/index.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';
import { type RecordedDrive, recordDrive } from './record-drive.ts';

declare global {
  interface Window {
    liveView: LiveView;
    mountLiveView: typeof mountLiveView;
  }
}

/** The page: the view, and how to mount another. */
const script = `
  import { mountLiveView } from './live-view/index.ts';
  Object.assign(window, { mountLiveView, liveView: mountLiveView(document) });
`;

/** A live view in a page under a strict policy; a new one for each test. */
export interface LiveViewStage {
  readonly browser: Browser;
  readonly page: Page;
  /** Shows messages as if the last had just come. The end of the drive, which disposes of its engine, is left out. */
  show(messages: readonly InspectionMessage[]): Promise<void>;
  /** Waits until everything is drawn. */
  frames(): Promise<unknown>;
}

/** Sets the stage for the tests of a file. A test fails if the page logs anything or throws. */
export function setUpLiveView(): LiveViewStage {
  let browser: Browser;
  let site: PageServer;
  let page: Page;

  beforeAll(async () => {
    const policy = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'";
    site = await servePages({ '/': { script, headers: { 'Content-Security-Policy': policy } } });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(site.url);
    return async () => {
      await page.close();
      expect(complaints).toEqual([]);
    };
  });

  return {
    get browser() {
      return browser;
    },
    get page() {
      return page;
    },
    async show(messages) {
      const seen = messages.filter((one) => !('event' in one) || one.event.type !== 'xstate.stop');
      await page.evaluate(receiveAsNew, seen);
      await waitForFrames(page);
    },
    frames: () => waitForFrames(page),
  };
}

/** Records a sign-in that is still running at the end. */
export function running(
  script: DrivePlexAuthOptions['script'] = [],
  untilMs = 12_300,
): Promise<RecordedDrive> {
  return recordDrive({ script, untilMs, options: { renewals: 2 } });
}

/** Runs in the page. */
function receiveAsNew(messages: readonly InspectionMessage[]): void {
  const byMs = Date.now() - Number(messages.at(-1)?.createdAt);
  for (const message of messages) {
    const context = { ...('snapshot' in message ? message.snapshot.context : {}) } as Record<string, number>;
    for (const name of ['atMs', 'expiresAtMs']) if (context[name]) context[name] += byMs;
    const snapshot = 'snapshot' in message ? { snapshot: { ...message.snapshot, context } } : {};
    const createdAt = String(Number(message.createdAt) + byMs);
    window.liveView.receive({ ...message, ...snapshot, createdAt });
  }
}

function waitForFrames(page: Page): Promise<unknown> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
