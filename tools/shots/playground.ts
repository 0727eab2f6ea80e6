/** `npm run shots:play`: takes a picture of the playground into docs/pictures, in light and in dark. */
import type { Page } from 'playwright-core';
import { servePlay } from '../../examples/play/serve-play.ts';
import { launchChromium } from '../../test/fixture/page-server.ts';
import { noteMadeFrom } from '../pictures/made-from.ts';
import { takeShot } from './take-shot.ts';

const pictures = 'docs/pictures/playground';
const browser = await launchChromium();

/** A sign-in with a fault on the way, and then a code that waits. */
async function begin(page: Page, url: string): Promise<void> {
  await page.goto(url);
  const press = (name: string) =>
    page.locator('#playground').getByRole('button', { name, exact: true }).click();
  await page.waitForTimeout(2500);
  await press('A hotel’s login page');
  await page.waitForTimeout(6500);
}

/** Each picture shows an emulator of its own, so that no code of the last one is in it. */
async function take(colorScheme: 'light' | 'dark'): Promise<void> {
  const play = await servePlay();
  try {
    const viewport = { width: 1440, height: 940 };
    // No arrow is half drawn.
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
    await begin(page, play.url);
    await takeShot(page, `${pictures}-${colorScheme}.png`);
    await page.close();
  } finally {
    await play.close();
  }
}

try {
  await take('light');
  await take('dark');
} finally {
  await browser.close();
}
const tools = ['take-shot', 'palette-png', 'playground'].map((name) => `tools/shots/${name}.ts`);
noteMadeFrom(pictures, {
  command: 'npm run shots:play',
  paths: ['examples/play', 'src/element', 'live-view', 'src/emulator', ...tools],
});
