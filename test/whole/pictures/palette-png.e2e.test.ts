/** Pictures of few colours keep those that say something. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { toPalettePNG } from '../../../tools/shots/palette-png.ts';
import { readPicture } from '../../../tools/shots/take-shot.ts';
import { launchChromium } from '../../fixture/page-server.ts';

type Color = [red: number, green: number, blue: number];

let page: Page;

beforeAll(async () => {
  page = await (await launchChromium()).newPage();
});
afterAll(() => page?.context().browser()?.close());

const red: Color = [192, 122, 116];

/** A line of red on 1000 shades that nobody can tell apart, each of which is there more often. */
function drawLine(): Color[] {
  const shades = Array.from({ length: 1000 }, (_, at): Color => {
    const gray = 240 + (at % 10);
    return [gray, gray - (Math.floor(at / 10) % 10), gray - Math.floor(at / 100)];
  });
  return [...shades, ...shades, red];
}

/** What a browser sees in a PNG one pixel high. */
async function look(png: Buffer): Promise<Color[]> {
  const { pixels, width } = await readPicture(page, png);
  return Array.from({ length: width }, (_, at) => [...pixels.subarray(at * 4, at * 4 + 3)] as Color);
}

const toPNG = (colors: Color[]) =>
  toPalettePNG({
    width: colors.length,
    height: 1,
    pixels: Uint8Array.from(colors.flatMap((color) => [...color, 255])),
  });

it('keeps every colour where there are few', async () => {
  const colors = Array.from({ length: 256 }, (_, at): Color => [at, 255 - at, at >> 1]);
  expect(await look(toPNG(colors))).toEqual(colors);
});

it('keeps the colour of a thin line, and moves no other by more than an eye would see', async () => {
  const colors = drawLine();
  const seen = await look(toPNG(colors));
  expect(seen.at(-1)).toEqual(red);
  const moved = seen.map((color, at) =>
    Math.hypot(...color.map((value, channel) => value - (colors[at]?.[channel] ?? 0))),
  );
  expect(Math.max(...moved)).toBeLessThanOrEqual(6);
});
