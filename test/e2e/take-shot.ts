import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { toPalettePNG } from './palette-png.ts';

/**
 * Takes a picture of what a page shows, small enough for a repository.
 *
 * @param options.fullPage Whether what has to be scrolled to is in it. Default: it is not.
 */
export async function takeShot(page: Page, path: string, { fullPage = false } = {}): Promise<void> {
  const png = await page.screenshot({ fullPage });
  const { pixels, ...picture } = await page.evaluate(reduceColors, png.toString('base64'));
  writeFileSync(path, toPalettePNG({ ...picture, pixels: Buffer.from(pixels, 'base64') }));
}

/** In the page, which can read a picture: keeps the 256 colours that are there most, and takes the nearest for the rest. */
async function reduceColors(base64: string) {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const colors = Array.from({ length: width * height }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(at * 4, at * 4 + 3);
    return (red << 16) | (green << 8) | blue;
  });
  const counts = new Map<number, number>();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const kept = [...counts].sort(([, one], [, other]) => other - one).slice(0, 256);
  const channels = (color: number) => [color >> 16, (color >> 8) & 255, color & 255] as const;
  const palette = kept.map(([color]) => channels(color));
  const indexes = new Map<number, number>();
  for (const color of counts.keys()) {
    const [red, green, blue] = channels(color);
    let nearest = 0;
    let leastFar = Number.POSITIVE_INFINITY;
    palette.forEach(([keptRed, keptGreen, keptBlue], index) => {
      const far = (red - keptRed) ** 2 + (green - keptGreen) ** 2 + (blue - keptBlue) ** 2;
      if (far >= leastFar) return;
      leastFar = far;
      nearest = index;
    });
    indexes.set(color, nearest);
  }
  const pixels = colors.map((color) => String.fromCharCode(indexes.get(color) ?? 0)).join('');
  return { width, height, palette: palette.flat(), pixels: btoa(pixels) };
}
