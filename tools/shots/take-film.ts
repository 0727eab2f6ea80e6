import type { Page } from 'playwright-core';
import sharp from 'sharp';

/** A part of the page, in pixels of the page. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How a film is taken. */
export interface FilmOptions {
  /** How long to wait from one look at the page to the next, in milliseconds. */
  readonly everyMs: number;
  /** How long the last frame stays before the film begins again, in milliseconds. */
  readonly restMs: number;
  /** How many pixels of the film are one of the page, as the page was opened. */
  readonly scale: number;
  /** What each film shows, by its path without the ending. Next to each film, `-still` shows one moment of it. */
  readonly crops: Readonly<Record<string, Crop>>;
}

/**
 * Takes animated pictures of parts of a page until `scene` has ended. They repeat for ever.
 *
 * @param scene Calls `keepStill` at the moment that a reader who wants no motion sees.
 */
export async function takeFilms(
  page: Page,
  scene: (keepStill: () => void) => Promise<void>,
  { everyMs, restMs, scale, crops }: FilmOptions,
): Promise<void> {
  const looks: Look[] = [];
  let still = 0;
  let isOver = false;
  const ended = scene(() => {
    still = looks.length - 1;
  }).finally(() => {
    isOver = true;
  });
  while (!isOver) {
    const startedAtMs = performance.now();
    const picture = await page.screenshot();
    await page.waitForTimeout(everyMs);
    looks.push({ picture, shownMs: Math.round(performance.now() - startedAtMs) });
  }
  await ended;
  for (const [path, crop] of Object.entries(crops)) {
    const frames = await framesOf(looks, scaled(crop, scale));
    const delay = frames.map(({ shownMs }) => shownMs);
    delay[delay.length - 1] = restMs;
    await sharp(
      frames.map(({ picture }) => picture),
      { join: { animated: true }, animated: true },
    )
      .webp({ loop: 0, delay, quality: 75, effort: 6, minSize: true })
      .toFile(`${path}.webp`);
    const moment = sharp(looks[still]?.picture).extract(scaled(crop, scale));
    await moment.webp({ quality: 85, effort: 6 }).toFile(`${path}-still.webp`);
  }
}

/** A picture, and how long it was to be seen. */
interface Look {
  readonly picture: Buffer;
  readonly shownMs: number;
}

/** Cuts the same part out of each picture. What stays the same stays longer. */
async function framesOf(looks: readonly Look[], crop: Crop): Promise<Look[]> {
  const frames: Look[] = [];
  for (const { picture, shownMs } of looks) {
    const cut = await sharp(picture).extract(crop).png().toBuffer();
    const last = frames.at(-1);
    if (last?.picture.equals(cut)) frames[frames.length - 1] = { ...last, shownMs: last.shownMs + shownMs };
    else frames.push({ picture: cut, shownMs });
  }
  return frames;
}

function scaled({ left, top, width, height }: Crop, scale: number): Crop {
  const [x, y, wide, high] = [left, top, width, height].map((px) => Math.round(px * scale)) as [
    number,
    number,
    number,
    number,
  ];
  return { left: x, top: y, width: wide, height: high };
}
