import type { FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { EmulatorRequest } from '../../src/testing/index.ts';
import { type ExampleStage, patience, useExamples } from './stage.ts';

/** A playground in a page of its own. */
export interface Playground {
  readonly page: Page;
  /** The live view. */
  readonly live: FrameLocator;
  control(name: string): Locator;
  press(name: string): Promise<void>;
  /** Waits for the element's heading. */
  says(heading: string | RegExp): Promise<void>;
  /** Waits for what a part of the playground reads. */
  reads(selector: string, text: string | RegExp): Promise<void>;
  /** Waits for the state that is lit in the chart. */
  lights(state: string): Promise<void>;
  /** Waits until there is a code that the user can approve. */
  waitForCode(): Promise<void>;
  /** What the playground's emulator was asked for about PINs since `since`. */
  pinRequests(since?: number): EmulatorRequest[];
}

/** How a playground is opened. */
interface PlaygroundOptions {
  /** Runs in the page before anything else. */
  readonly first?: () => void;
  /** Whether its user wants no motion: what moves costs a machine without a GPU half a core. */
  readonly isStill?: boolean;
}

/** The playground, for the tests of a file. */
export interface PlaygroundStage extends ExampleStage {
  openPlayground(options?: PlaygroundOptions): Promise<Playground>;
}

/** Sets everything up around the tests of a file, which may break requests. */
export function usePlayground(): PlaygroundStage {
  const stage = useExamples({
    allow: /ERR_(FAILED|CONTENT_LENGTH_MISMATCH|INCOMPLETE_CHUNKED_ENCODING)|status of (404|429|503)/,
  });
  return Object.assign(Object.create(stage) as ExampleStage, {
    async openPlayground({ first, isStill }: PlaygroundOptions = {}) {
      const page = await stage.context.newPage();
      if (isStill) await page.emulateMedia({ reducedMotion: 'reduce' });
      if (first) await page.addInitScript(first);
      // The examples below it need not be there.
      await page.goto(stage.play.url, { waitUntil: 'commit' });
      return toPlayground(page, stage);
    },
  });
}

function toPlayground(page: Page, { play }: ExampleStage): Playground {
  const live = page.frameLocator('#live-view');
  const longer = { timeout: 60_000 };
  const control = (name: string) => page.locator('#playground').getByRole('button', { name, exact: true });
  return {
    page,
    live,
    control,
    press: (name) => control(name).click(),
    async says(heading) {
      const title = page.locator('#playground plex-sign-in').getByRole('heading');
      await expect.poll(() => title.textContent(patience), longer).toMatch(heading);
    },
    async reads(selector, text) {
      const part = page.locator(selector);
      await expect.poll(() => part.textContent(patience), longer).toMatch(text);
    },
    async lights(state) {
      const chart = live.getByRole('img', { name: `The chart of the sign-in: ${state}`, exact: true });
      await expect.poll(() => chart.count(), patience).toBe(1);
    },
    async waitForCode() {
      await expect.poll(() => control('Approve').isEnabled(), patience).toBe(true);
    },
    pinRequests(since = 0) {
      const { requests } = play.playgroundPlex.emulator;
      return requests
        .slice(since)
        .filter(({ operation }) => operation === 'getPin' || operation === 'getToken');
    },
  };
}
