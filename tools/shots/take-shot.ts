import type { Page } from 'playwright-core';
import sharp from 'sharp';

/**
 * Takes a picture of what a page shows, with a palette, so that it is small enough for a repository.
 *
 * @param options.fullPage Whether what has to be scrolled to is in it. Default: it is not.
 */
export async function takeShot(page: Page, path: string, { fullPage = false } = {}): Promise<void> {
  await sharp(await page.screenshot({ fullPage }))
    .png({ palette: true, effort: 10 })
    .toFile(path);
}

/** How pictures are put on one sheet. */
export interface Sheet {
  readonly columns: number;
  /** The width of each picture on the sheet, in pixels. */
  readonly width: number;
}

/** Writes pictures of one size as one sheet, row by row. */
export async function writeSheet(path: string, pngs: Buffer[], { columns, width }: Sheet): Promise<void> {
  const cells = await Promise.all(pngs.map((png) => sharp(png).resize({ width }).png().toBuffer()));
  await sharp(cells, { join: { across: columns, background: '#888' } })
    .png({ palette: true, effort: 10 })
    .toFile(path);
}
