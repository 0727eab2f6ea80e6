import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** How a film is taken. */
export interface FilmOptions {
  /** How long to wait from one look at the page to the next, in milliseconds. */
  readonly everyMs: number;
  /** How long the last frame stays before the film begins again, in milliseconds. */
  readonly restMs: number;
  /** In pixels; the height follows. */
  readonly width: number;
}

/** Takes an animated picture of a page until `scene` has ended. It repeats for ever. */
export async function takeFilm(
  page: Page,
  path: string,
  scene: () => Promise<void>,
  { everyMs, restMs, width }: FilmOptions,
): Promise<void> {
  const frames: Buffer[] = [];
  const delay: number[] = [];
  let isOver = false;
  const ended = scene().finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const startedAtMs = performance.now();
    const frame = await page.screenshot();
    await page.waitForTimeout(everyMs);
    const shownMs = Math.round(performance.now() - startedAtMs);
    // What stays the same stays longer.
    if (frames.at(-1)?.equals(frame)) delay[delay.length - 1] = (delay.at(-1) ?? 0) + shownMs;
    else {
      frames.push(frame);
      delay.push(shownMs);
    }
  }
  await ended;
  delay[delay.length - 1] = restMs;
  await sharp(frames, { join: { animated: true }, animated: true })
    .resize({ width })
    .webp({ loop: 0, delay, quality: 75, effort: 6, minSize: true })
    .toFile(path);
}
