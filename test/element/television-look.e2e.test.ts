/** `look="tv"`: read from three metres, used by a remote control. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { StageState } from './stage.ts';
import { openStagePage, page, show, visibleButtons } from './stage-page.ts';

openStagePage();

const look = 'tv';
const states: StageState[] = ['idle', 'requesting', 'waiting', 'trouble', 'expired', 'offline', 'signedIn'];
const focused = () => page.evaluate(() => window.scene.tag.shadowRoot?.activeElement?.textContent);

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
    await expect.poll(focused).toBe('Cancel');
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

  it('does not cancel where OK is held down', async () => {
    await show('idle', { look });
    await expect.poll(focused).toBe('Get a code');
    await page.keyboard.down('Enter');
    await expect.poll(focused).toBe('Cancel');
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
