import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type ServedPlay, servePlay } from '../../examples/play/serve-play.ts';
import { launchChromium } from '../fixture/page-server.ts';

/** The examples, as `npm run play` serves them, and one user's browser. */
export interface ExampleStage {
  readonly play: ServedPlay;
  readonly context: BrowserContext;
  open(page: string): Promise<Page>;
  /** How many PINs were made since the test began. */
  pinsMade(): number;
}

/**
 * Sets everything up around the tests of a file. No page may complain in any of them.
 *
 * @param options.allow What the browser may remark: a refused request, where a test asks for one.
 */
export function useExamples({ allow = /status of 400/ } = {}): ExampleStage {
  let browser: Browser;
  let play: ServedPlay;
  let context: BrowserContext;
  let complaints: string[];
  let pinsBefore: number;

  beforeAll(async () => {
    [browser, play] = await Promise.all([launchChromium(), servePlay()]);
  });
  afterAll(async () => {
    await browser?.close();
    await play?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    complaints = [];
    pinsBefore = play.plex.emulator.pins.length;
    context.on('weberror', (error) => complaints.push(error.error().message));
    context.on('console', (message) => {
      if (message.type() === 'error' && !allow.test(message.text())) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  return {
    get play() {
      return play;
    },
    get context() {
      return context;
    },
    async open(name) {
      const page = await context.newPage();
      await page.goto(play.addressOf(name));
      return page;
    },
    pinsMade: () => play.plex.emulator.pins.length - pinsBefore,
  };
}

/** In as much time as a busy machine may need. */
export const patience = { timeout: 30_000 };

/** A page, or a part of one. */
type Scope = Pick<Page, 'getByRole'>;

/** Waits for what the status says. */
export async function reaches(scope: Scope, status: string | RegExp): Promise<void> {
  await expect.poll(() => scope.getByRole('status').textContent(patience), patience).toMatch(status);
}

/** While the user has a code, whether a read is out or not. */
export const waiting = /^(awaitingLink|fetchingToken)$/;

export function buttonIn(scope: Scope, name: string): Locator {
  return scope.getByRole('button', { name });
}

/** Clicks, and approves in the window that opens. */
export async function signInIn(page: Page, button: Locator): Promise<void> {
  const opened = page.context().waitForEvent('page');
  await button.click();
  await buttonIn(await opened, 'Approve').click();
}
