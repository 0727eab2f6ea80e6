/** `npm run shots:play`: takes pictures of the playground into docs/pictures, still and moving, in light and in dark. */
import type { Locator, Page } from 'playwright-core';
import { servePlay } from '../../examples/play/serve-play.ts';
import { launchChromium } from '../../test/fixture/page-server.ts';
import { noteMadeFrom } from '../pictures/made-from.ts';
import { takeFilms } from './take-film.ts';
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

/** A low window, in which the chart has the height of the page. With the element it is as wide as GitHub shows a picture. */
const filmed = { width: 1280, height: 720 };
/** For screens with more than one pixel for each of a page. */
const scale = 1.5;
/** What a phone shows of a README. */
const phonePx = 328;

/** The whole sign-in, with the same fault, and the way taken once more: the element beside the chart, and the chart for phones. */
function takeMovingPicture(colorScheme: 'light' | 'dark'): Promise<void> {
  return withPlayground(async (url) => {
    const page = await browser.newPage({ viewport: filmed, deviceScaleFactor: scale, colorScheme });
    await page.goto(url);
    const [tag, chart] = await Promise.all([
      boxOf(page.locator('.sign-in')),
      boxOf(page.frameLocator('#live-view').locator('.chart')),
    ]);
    // A phone shows the chart without what is beside it.
    await page
      .frameLocator('#live-view')
      .locator('.replay')
      .evaluate((button: HTMLElement) => {
        button.style.visibility = 'hidden';
      });
    const { y: top, height } = chart;
    const middle = chart.x + chart.width / 2;
    const replaying = page.frameLocator('#live-view').locator('.chart.replaying');
    const scene = async (keepStill: () => void) => {
      await page.waitForTimeout(3500);
      keepStill();
      await press(page, 'A hotel’s login page');
      await page.waitForTimeout(4000);
      await press(page, 'Approve');
      await replaying.waitFor();
      await replaying.waitFor({ state: 'detached' });
    };
    const edgePx = 8;
    const left = tag.x - edgePx;
    const crops = {
      [`${pictures}-${colorScheme}`]: {
        left,
        top: tag.y - edgePx,
        width: chart.x + chart.width + edgePx - left,
        height: top + height + 2 * edgePx - tag.y,
      },
      [`${pictures}-phone-${colorScheme}`]: {
        left: middle - phonePx / 2,
        top,
        width: phonePx,
        height,
      },
    };
    await takeFilms(page, scene, { everyMs: 120, restMs: 2500, scale, crops });
    await page.close();
  });
}

async function boxOf(part: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await part.waitFor();
  const box = await part.boundingBox();
  if (!box) throw new Error('The playground does not show a part of the film');
  return box;
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
