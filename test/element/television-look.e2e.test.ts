/** `look="tv"`: read from three metres, used by a remote control. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { StageState } from './stage.ts';
import { openStagePage, page, show, visibleButtons } from './stage-page.ts';

openStagePage();

const look = 'tv';
const states: StageState[] = ['idle', 'requesting', 'waiting', 'trouble', 'expired', 'offline', 'signedIn'];
const focused = () => page.evaluate(() => window.scene.tag.shadowRoot?.activeElement?.textContent);
const statusOfScene = () => page.evaluate(() => window.scene.tag.auth?.getSnapshot().status);

beforeEach(async () => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.addStyleTag({ content: 'body { margin: 0 } h1 { display: none }' });
});

describe('on a television', () => {
  it('is the mode code, unless the page wants another', async () => {
    await show('idle', { look });
    expect(await page.evaluate(() => window.scene.tag.mode)).toBe('code');
    expect(await visibleButtons()).toEqual(['Get a code']);
    expect(
      await page.evaluate(() => {
        window.scene.tag.mode = 'redirect';
        return window.scene.tag.mode;
      }),
    ).toBe('redirect');
  });

  it('has no text below 24 pixels, 80 % of the width, and fits the screen', async () => {
    for (const state of states) {
      await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
      await show(state, { look });
      const seen = await page.evaluate(() => {
        const root = window.scene.tag.shadowRoot as ShadowRoot;
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        const sizes: number[] = [];
        while (walker.nextNode()) {
          const parent = walker.currentNode.parentElement;
          const isSeen = parent?.getClientRects().length && !parent.closest('.heard, style');
          if (parent && isSeen && walker.currentNode.textContent?.trim())
            sizes.push(Number.parseFloat(getComputedStyle(parent).fontSize));
        }
        const { width, height } = window.scene.tag.getBoundingClientRect();
        return { least: Math.min(...sizes), width, isInside: height <= innerHeight, texts: sizes.length };
      });
      expect([state, seen.least >= 24, seen.width, seen.isInside, seen.texts > 2]).toEqual([
        state,
        true,
        1536,
        true,
        state === 'signedIn' ? seen.texts > 1 : true,
      ]);
    }
  });

  it.each([420, 600, 780])('has no hole in a window of %i pixels', async (width) => {
    await page.setViewportSize({ width, height: 700 });
    await show('waiting', { look });
    const boxes = await Promise.all(
      ['heading', 'text', 'address', 'enter', 'code', 'scan'].map((id) =>
        page.locator(`#${id}`).boundingBox(),
      ),
    );
    for (const [at, box] of boxes.entries()) {
      const before = boxes[at - 1];
      if (box && before) expect(box.y - before.y - before.height).toBeLessThan(16);
    }
    const [card, heading, scan] = [await page.locator('#card').boundingBox(), boxes[0], boxes.at(-1)];
    if (!card || !heading || !scan) throw new Error('Nothing is shown');
    const above = heading.y - card.y;
    const below = card.y + card.height - scan.y - scan.height;
    expect(above).toBeLessThan(70);
    expect(below).toBeLessThan(70);
  });

  it('shows nothing that only a pointer can use, and nothing to copy', async () => {
    await show('waiting', { look });
    expect(await visibleButtons()).toEqual(['Cancel']);
    expect(await page.locator('plex-sign-in').getByRole('link').count()).toBe(0);
    expect(await page.locator('#address').textContent()).toBe('plex.tv/link');
    expect(await page.locator('#caption').textContent()).toBe('Scan: the code is filled in');
  });

  it('has the focus where a remote control presses next, from the start and after each change', async () => {
    await show('idle', { look });
    await expect.poll(focused).toBe('Get a code');
    await page.keyboard.press('Enter');
    await page.evaluate(() => window.stage.until(() => window.scene.plex.pins.length > 0));
    await page.evaluate(() => window.scene.time.advance(200));
    // Not Cancel: whoever presses OK once more is not asking for that.
    await expect.poll(focused).toBe('Sign in to Moviebox');
    await page.evaluate(() => window.scene.plex.expire(window.scene.plex.pins[0]?.id ?? 0));
    await page.evaluate(() => window.scene.time.advance(60_000));
    await expect.poll(focused).toBe('Try again');
  });

  it('takes the focus from nothing else on the page', async () => {
    await page.evaluate(() => {
      const field = document.createElement('input');
      document.body.prepend(field);
      field.focus();
    });
    await show('idle', { look });
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('input');
  });

  it('does not cancel where OK is pressed twice, and cancels after an arrow key', async () => {
    await show('idle', { look });
    await expect.poll(focused).toBe('Get a code');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    // A start waits for its turn among the page's tabs.
    await expect.poll(statusOfScene).toMatch(/^(requestingPin|awaitingLink)$/);
    await page.evaluate(() => window.scene.time.advance(200));
    await page.keyboard.press('Enter');
    expect(await statusOfScene()).toBe('awaitingLink');
    for (const arrow of ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight']) {
      await page.evaluate(() => window.scene.tag.focus());
      expect(await focused()).toBe('Sign in to Moviebox');
      await page.keyboard.press(arrow);
      expect([arrow, await focused()]).toEqual([arrow, 'Cancel']);
    }
    await page.keyboard.press('Enter');
    expect(await statusOfScene()).toBe('idle');
    await expect.poll(focused).toBe('Get a code');
  });

  it('does not cancel where the second OK comes before the start has had its turn among the tabs', async () => {
    await show('idle', { look });
    await expect.poll(focused).toBe('Get a code');
    await page.evaluate(() => {
      const { locks } = navigator;
      const request = locks.request.bind(locks) as (...all: unknown[]) => Promise<unknown>;
      const turn = new Promise((resolve) => Object.assign(window, { giveTurn: resolve }));
      Object.assign(locks, {
        request: async (...all: unknown[]) => {
          await turn;
          return request(...all);
        },
      });
    });
    for (let times = 0; times < 3; times++) await page.keyboard.press('Enter');
    expect(await statusOfScene()).toBe('idle');
    await page.evaluate(() => (window as unknown as { giveTurn(): void }).giveTurn());
    await expect.poll(statusOfScene).toBe('awaitingLink');
    await page.keyboard.press('Enter');
    expect([await statusOfScene(), await focused()]).toEqual(['awaitingLink', 'Sign in to Moviebox']);
    expect(await page.evaluate(() => window.scene.plex.pins.length)).toBe(1);
  });

  it('shows Cancel as what few people want: no border, no color, and no ring until an arrow key', async () => {
    await show('idle', { look });
    await expect.poll(focused).toBe('Get a code');
    await page.keyboard.press('Enter');
    await page.evaluate(() => window.stage.until(() => window.scene.plex.pins.length > 0));
    await page.evaluate(() => window.scene.time.advance(200));
    const { border, background, outline } = await page.locator('#quiet').evaluate((quiet) => {
      const { borderColor, backgroundColor, outlineStyle } = getComputedStyle(quiet);
      return { border: borderColor, background: backgroundColor, outline: outlineStyle };
    });
    expect([border, background, outline]).toEqual(['rgba(0, 0, 0, 0)', 'rgba(0, 0, 0, 0)', 'none']);
    const heading = page.locator('#heading');
    expect(await heading.evaluate((node) => getComputedStyle(node).textDecorationLine)).toBe('none');
  });

  it('does not cancel where OK is held down', async () => {
    await show('idle', { look });
    await expect.poll(focused).toBe('Get a code');
    await page.keyboard.down('Enter');
    await expect.poll(focused).toBe('Sign in to Moviebox');
    for (let times = 0; times < 5; times++) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(await visibleButtons()).toEqual(['Cancel']);
  });

  it('rings the focus thick enough to be seen at three metres', async () => {
    await show('idle', { look });
    await page.keyboard.press('Shift');
    const width = await page.locator('#main').evaluate((main) => {
      main.blur();
      main.focus();
      return Number.parseFloat(getComputedStyle(main).outlineWidth);
    });
    expect(width).toBeGreaterThanOrEqual(6);
  });
});
