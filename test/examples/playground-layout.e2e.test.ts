/** The playground has room for all of its live view, from a phone to a desktop. */
import type { Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Mishap, mishaps } from '../../examples/play/mishaps.ts';
import { patience, useExamples } from './stage.ts';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const stage = useExamples();

/** Where the live view is in sight at once, beside the element, and where its chart leads from left to right. */
const sizes = [
  { width: 1920, height: 945, isBeside: true, isWide: true },
  { width: 1440, height: 900, isBeside: true, isWide: false },
  { width: 1280, height: 720, isBeside: true, isWide: false },
  { width: 1024, height: 768, isBeside: true, isWide: false },
  { width: 390, height: 844, isBeside: false, isWide: false },
];

const parts = ['#live-view > header', '.status', '.chart', '.chips', '.rows', '.scrubber'];
/** Five rows of the timeline. */
const leastRowsPx = 5 * 32;

it.each(sizes)('fits $width × $height', async ({ isBeside, isWide, ...size }) => {
  const page = await openAt(size);
  const live = page.frameLocator('#live-view');
  const frame = await boxOf(page.locator('#live-view'));
  const boxes = await Promise.all(parts.map((part) => boxOf(live.locator(part))));
  expect(boxes.filter((box) => !isWithin(box, frame))).toEqual([]);
  for (const box of boxes) expect(boxes.filter((other) => overlap(box, other))).toEqual([box]);
  const rows = await boxOf(live.locator('.rows'));
  expect(rows.bottom - rows.top).toBeGreaterThanOrEqual(leastRowsPx);
  expect(frame.bottom <= size.height).toBe(isBeside);
  const approve = await boxOf(page.locator('.approve'));
  expect(approve.bottom).toBeLessThanOrEqual(size.height);
  if (size.width >= 1280) {
    for (const button of [page.locator('#mishaps button').last(), page.locator('#copy-test')])
      expect((await boxOf(button)).bottom).toBeLessThanOrEqual(size.height);
  }
  if (size.height >= 900 && isBeside) {
    const last = await boxOf(page.getByRole('button', { name: 'All is well again' }));
    expect(last.bottom).toBeLessThanOrEqual(size.height);
  }
  expect(await live.locator('.chart svg.wide').isVisible()).toBe(isWide);
  expect(await live.locator('.chart svg.narrow').isVisible()).toBe(!isWide);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(size.width);
  for (const part of ['#address', '#main'])
    expect([part, await linesOf(page.locator(`#playground plex-sign-in ${part}`))]).toEqual([part, 1]);
});

it.each(sizes)('moves nothing as the mishaps are told, in $width × $height', async ({ width, height }) => {
  const page = await openAt({ width, height });
  const heights = await page.evaluate(tellEach, mishaps);
  expect(heights).toEqual(heights.map(() => heights[0]));
});

/** In the page: tells each mishap with what came of it. @returns The heights of the note and of the outcome. */
function tellEach(all: readonly Mishap[]): string[] {
  const write = (selector: string, text: string) =>
    ((document.querySelector(selector) as Element).textContent = text);
  const measure = () =>
    ['#outcome', '.decide'].map((part) => document.querySelector(part)?.clientHeight).join(' ');
  const heights = [measure()];
  for (const line of document.querySelectorAll<HTMLElement>('#outcome [hidden]')) line.hidden = false;
  for (const { title, others, here, command } of all) {
    write('#mishap', title);
    write('#others', others);
    write('#here', here);
    write(
      '#measured',
      command.do === 'fault'
        ? 'PLEX_BAD_REPLY × 4. Asked again after 2.0 s, then 4.0 s, then 8.0 s, then 10.0 s.'
        : 'A new code came without a click.',
    );
    heights.push(measure());
  }
  write('#hint', '');
  for (const text of [
    'This code ends soon. Plex’s answers say when.',
    'Denied. Plex does not report this: the code runs out.',
  ]) {
    write('#decision', text);
    heights.push(measure());
  }
  return heights;
}

it('stays at its top while the examples below it load', async () => {
  const page = await stage.context.newPage();
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.goto(stage.play.url);
  const television = page.frameLocator('iframe[title*="television"]');
  await television.locator('plex-sign-in #code').waitFor();
  await expect.poll(() => page.locator('.approve').isEnabled(), patience).toBe(true);
  expect(await page.evaluate(() => [scrollY, document.activeElement?.localName])).toEqual([0, 'body']);
});

/** The playground with a sign-in that waits, at its top. */
async function openAt(size: { width: number; height: number }): Promise<Page> {
  // The examples below it need not be there: the first one that is asked for waits until all are built.
  const page = await stage.context.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize(size);
  await page.goto(stage.play.url, { waitUntil: 'commit' });
  await expect.poll(() => page.locator('.approve').isEnabled(), patience).toBe(true);
  await page.evaluate(() => scrollTo(0, 0));
  return page;
}

async function boxOf(part: Locator): Promise<Box> {
  const { x, y, width, height } = (await part.boundingBox()) ?? expect.fail('It is not shown');
  return { left: x, top: y, right: x + width, bottom: y + height };
}

/** In how many lines the text of a part is drawn. */
function linesOf(part: Locator): Promise<number> {
  return part.evaluate((node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
  });
}

function isWithin(box: Box, frame: Box): boolean {
  return (
    box.left >= frame.left && box.top >= frame.top && box.right <= frame.right && box.bottom <= frame.bottom
  );
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
