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
