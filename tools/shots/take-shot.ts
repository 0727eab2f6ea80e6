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

/** How pictures are put on one sheet. */
export interface Sheet {
  readonly columns: number;
  /** The width of each picture on the sheet, in pixels. */
  readonly width: number;
}

/** Writes pictures of one size as one sheet, row by row. */
export async function writeSheet(page: Page, path: string, pngs: Buffer[], sheet: Sheet): Promise<void> {
  const texts = pngs.map((png) => png.toString('base64'));
  const { pixels, ...size } = await page.evaluate(decode, { pngs: texts, ...sheet });
  writeFileSync(path, toPalettePNG({ ...size, pixels: Buffer.from(pixels, 'base64') }));
}

/** Reads a PNG by the browser. */
export async function readPicture(page: Page, png: Buffer): Promise<Picture> {
  const { pixels, ...size } = await page.evaluate(decode, { pngs: [png.toString('base64')], columns: 1 });
  return { ...size, pixels: Buffer.from(pixels, 'base64') };
}

/** In the page, which can read pictures. */
async function decode({ pngs, columns, width }: { pngs: string[]; columns: number; width?: number }) {
  const images = await Promise.all(
    pngs.map(async (png) => createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob())),
  );
  const [first] = images as [ImageBitmap];
  const share = (width ?? first.width) / first.width;
  const [cellWidth, cellHeight] = [Math.round(first.width * share), Math.round(first.height * share)];
  const size = { width: cellWidth * columns, height: cellHeight * Math.ceil(images.length / columns) };
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.imageSmoothingQuality = 'high';
  context.fillStyle = '#888';
  context.fillRect(0, 0, size.width, size.height);
  images.forEach((image, at) => {
    const [x, y] = [(at % columns) * cellWidth, Math.floor(at / columns) * cellHeight];
    context.drawImage(image, x, y, cellWidth, cellHeight);
  });
  const { data } = context.getImageData(0, 0, size.width, size.height);
  const reader = new FileReader();
  await new Promise((read) => {
    reader.onload = read;
    reader.readAsDataURL(new Blob([data]));
  });
  return { ...size, pixels: String(reader.result).replace(/^.*,/, '') };
}
