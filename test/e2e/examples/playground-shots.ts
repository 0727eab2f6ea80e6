/** `npm run shots:play`: takes pictures of the playground, and of its live view alone, into docs/pictures. */
import type { BrowserContext, Page } from 'playwright-core';
import { servePlay } from '../../../examples/play/serve-play.ts';
import { noteMadeFrom } from '../../pictures/made-from.ts';
import { launchChromium } from '../page-server.ts';
import { takeShot } from '../take-shot.ts';

const folder = 'docs/pictures';
const play = await servePlay();
const browser = await launchChromium();

/** A sign-in with a fault on the way, and then a code that waits. */
async function begin(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(play.url);
  const press = (name: string) =>
    page.locator('#playground').getByRole('button', { name, exact: true }).click();
  await press('Get a code');
  await page.waitForTimeout(2500);
  await press('A hotel’s login page');
  await page.waitForTimeout(6500);
  return page;
}

try {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width: 1560, height: 1080 }, colorScheme });
    const page = await begin(context);
    await takeShot(page, `${folder}/playground-${colorScheme}.png`);
    await context.close();
  }
} finally {
  await browser.close();
  await play.close();
}
noteMadeFrom(`${folder}/playground`, {
  command: 'npm run shots:play',
  paths: ['examples/play', 'src/inspect/live-view', 'test/e2e/examples/playground-shots.ts'],
});
