import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { type Picture, toPalettePNG } from './palette-png.ts';

/**
 * Takes a picture of what a page shows, small enough for a repository.
 *
 * @param options.fullPage Whether what has to be scrolled to is in it. Default: it is not.
 */
export async function takeShot(page: Page, path: string, { fullPage = false } = {}): Promise<void> {
  const png = await page.screenshot({ fullPage });
  writeFileSync(path, toPalettePNG(await readPicture(page, png)));
}

/** Reads a PNG by the browser. */
export async function readPicture(page: Page, png: Buffer): Promise<Picture> {
  const { pixels, ...size } = await page.evaluate(decode, png.toString('base64'));
  return { ...size, pixels: Buffer.from(pixels, 'base64') };
}

/** In the page, which can read a picture. */
async function decode(png: string): Promise<{ width: number; height: number; pixels: string }> {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const reader = new FileReader();
  await new Promise((read) => {
    reader.onload = read;
    reader.readAsDataURL(new Blob([data]));
  });
  return { width, height, pixels: String(reader.result).replace(/^.*,/, '') };
}
