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

/** What a film shows: as much as can be read at the width of a page on GitHub, or of a phone. */
const films = {
  '': {
    viewport: { width: 760, height: 690 },
    style: '#playground{grid-template:auto/19rem minmax(0,1fr)!important}',
  },
  '-phone': {
    viewport: { width: 390, height: 690 },
    style: '.sign-in{display:none}#playground{grid-template:auto/minmax(0,1fr)!important}',
  },
};
const filmStyle = `.top,.plex,.modes,main~*{display:none!important}body{padding:.75rem;overflow:hidden}#playground{margin:0;gap:.75rem}
  #playground .live{position:static;grid-area:auto}#live-view{height:calc(100vh - 1.6rem)}`;
/** Only the chart of the live view. */
const frameStyle = `#live-view{grid-template:minmax(0,1fr)/minmax(0,1fr)!important;padding:0!important;
    min-block-size:0!important;block-size:100vh}
  #live-view>:not(.chart){display:none}
  #live-view>.chart{grid-area:1/1!important;border:0;border-radius:0}
  .replay{visibility:hidden}`;

/** The whole sign-in, with the same fault, and the way taken once more. */
function takeMovingPicture(colorScheme: 'light' | 'dark', kind: keyof typeof films): Promise<void> {
  return withPlayground(async (url) => {
    const { viewport, style } = films[kind];
    const page = await browser.newPage({ viewport, colorScheme });
    await page.goto(url);
    await page.addStyleTag({ content: filmStyle + style });
    await page.frames()[1]?.addStyleTag({ content: frameStyle });
    // What is pressed may be out of sight.
    const pressHidden = (name: string) =>
      page
        .getByRole('button', { name, exact: true, includeHidden: true })
        .first()
        .evaluate((button) => (button as HTMLElement).click());
    const scene = async () => {
      await page.waitForTimeout(4000);
      await pressHidden('A hotel’s login page');
      await page.waitForTimeout(4000);
      await pressHidden('Approve');
      // However busy the machine is, the film ends signed in.
      const replay = page.frameLocator('#live-view').locator('.chart.replaying');
      await replay.waitFor();
      await replay.waitFor({ state: 'detached' });
    };
    const film = { everyMs: 120, restMs: 2500, width: viewport.width };
    await takeFilm(page, `${pictures}${kind}-${colorScheme}.webp`, scene, film);
    await page.close();
  });
}

try {
  for (const colorScheme of ['light', 'dark'] as const) {
    await takePicture(colorScheme);
    for (const kind of ['', '-phone'] as const) await takeMovingPicture(colorScheme, kind);
  }
} finally {
  await browser.close();
}
const tools = ['take-film', 'take-shot', 'playground'].map((name) => `tools/shots/${name}.ts`);
noteMadeFrom(pictures, {
  command: 'npm run shots:play',
  paths: ['examples/play', 'src/element', 'live-view', 'src/emulator', ...tools],
});
