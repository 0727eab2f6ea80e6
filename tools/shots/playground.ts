/** `npm run shots:play`: takes pictures of the playground into docs/pictures, still and moving, in light and in dark. */
import type { Page } from 'playwright-core';
import { servePlay } from '../../examples/play/serve-play.ts';
import { launchChromium } from '../../test/fixture/page-server.ts';
import { noteMadeFrom } from '../pictures/made-from.ts';
import { takeFilm } from './take-film.ts';
import { takeShot } from './take-shot.ts';

const pictures = 'docs/pictures/playground';
const browser = await launchChromium();

const viewport = { width: 1440, height: 940 };

function press(page: Page, name: string): Promise<void> {
  return page.locator('#playground').getByRole('button', { name, exact: true }).click();
}

/** Each picture shows an emulator of its own, so that no code of the last one is in it. */
async function withPlayground(take: (url: string) => Promise<void>): Promise<void> {
  const play = await servePlay();
  try {
    await take(play.url);
  } finally {
    await play.close();
  }
}

/** A sign-in that began by itself, with a fault on the way, and a code that waits. */
function takePicture(colorScheme: 'light' | 'dark'): Promise<void> {
  return withPlayground(async (url) => {
    // No arrow is half drawn.
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
    await page.goto(url);
    await page.waitForTimeout(2500);
    await press(page, 'A hotel’s login page');
    await page.waitForTimeout(6500);
    await takeShot(page, `${pictures}-${colorScheme}.png`);
    await page.close();
  });
}

/** The whole sign-in, with the same fault, and the way taken once more. */
function takeMovingPicture(colorScheme: 'light' | 'dark'): Promise<void> {
  return withPlayground(async (url) => {
    const page = await browser.newPage({ viewport, colorScheme });
    await page.goto(url);
    const scene = async () => {
      await page.waitForTimeout(4000);
      await press(page, 'A hotel’s login page');
      await page.waitForTimeout(4000);
      await press(page, 'Approve');
      await page.waitForTimeout(7000);
    };
    const film = { everyMs: 120, restMs: 2500, width: 960 };
    await takeFilm(page, `${pictures}-${colorScheme}.webp`, scene, film);
    await page.close();
  });
}

try {
  for (const colorScheme of ['light', 'dark'] as const) {
    await takePicture(colorScheme);
    await takeMovingPicture(colorScheme);
  }
} finally {
  await browser.close();
}
const tools = ['take-film', 'take-shot', 'playground'].map((name) => `tools/shots/${name}.ts`);
noteMadeFrom(pictures, {
  command: 'npm run shots:play',
  paths: ['examples/play', 'src/element', 'live-view', 'src/emulator', ...tools],
});
