/** Every look in every state, one by one, as axe sees it. */
import { expect, it } from 'vitest';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import type { StageState } from './stage.ts';
import { openStagePage, page, show } from './stage-page.ts';

openStagePage();

const popup = [
  'idle',
  'requesting',
  'waiting',
  'closed',
  'trouble',
  'blocked',
  'signedIn',
  'signingOut',
  'limit',
  'ended',
  'offline',
  'busy',
  'broken',
  'misconfigured',
] as const satisfies StageState[];
const code = ['idle', 'requesting', 'waiting', 'trouble', 'expired', 'offline', 'signedIn'] as const;

const looks = [
  ['card', 'popup', popup],
  ['card', 'code', code],
  ['button', 'popup', popup],
  ['button', 'code', code],
  ['tv', 'code', code],
  ['tv', 'popup', popup],
] as const;

const conditions = [
  ['light', 'en', 'none'],
  ['dark', 'en', 'none'],
  ['light', 'ar', 'none'],
  ['dark', 'en', 'active'],
] as const;

/** Puts a tag up in a state, alone on the stage. */
async function showAlone(state: StageState, attributes: Record<string, string>): Promise<void> {
  await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
  await show(state, attributes);
}

/** Waits until the tag speaks another language. What it shows stays. */
async function speak(lang: string): Promise<void> {
  await page.evaluate(async (lang) => {
    const { tag } = window.scene;
    tag.lang = lang;
    await window.stage.until(() => window.stage.partOf(tag, 'card').lang === lang);
  }, lang);
}

it.each(looks)(
  'leaves axe nothing to find in the look %s in the mode %s',
  async (look, mode, states) => {
    await page.addScriptTag({ content: axeScript });
    await page.evaluate(() => {
      document.documentElement.style.colorScheme = 'light dark';
    });
    for (const state of states) {
      await showAlone(state, { look, mode, lang: 'en' });
      for (const [colorScheme, lang, forcedColors] of conditions) {
        await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
        await speak(lang);
        const isForced = forcedColors === 'active';
        const results = await page.evaluate(
          async ({ look, isForced }) => {
            if (look === 'button') window.stage.openPanel(window.scene.tag);
            const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
            // Forced colours are the system's: what a page can read of them is not what is drawn.
            const rules = { 'color-contrast': { enabled: !isForced } };
            return axe.run({ rules, resultTypes: ['violations'] });
          },
          { look, isForced },
        );
        const where = `${state}, ${colorScheme}, ${lang}, forced colours ${forcedColors}`;
        expectNothingFound(results, isForced ? 'aria-hidden-focus' : 'color-contrast', where);
      }
    }
  },
  180_000,
);

it.each(looks)(
  'fits at twice the size of text, and at twice the zoom, in the look %s in the mode %s',
  async (look, mode, states) => {
    await page.setViewportSize({ width: 640, height: 700 });
    const found: unknown[] = [];
    for (const state of states) {
      await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
      await showAlone(state, { look, mode, lang: 'en' });
      for (const lang of ['en', 'de', 'ar']) {
        await speak(lang);
        for (const size of ['16px', '32px']) {
          const [pageOver, cardOver] = await page.evaluate(measureOverflow, size);
          if (pageOver > 0 || cardOver > 0) found.push([size, lang, state, pageOver, cardOver]);
        }
      }
    }
    expect(found).toEqual([]);
  },
  120_000,
);

/** In the page: how many pixels too wide the page and the card are at a size of text. */
function measureOverflow(size: string): [page: number, card: number] {
  const { tag } = window.scene;
  const root = document.documentElement;
  root.style.fontSize = size;
  const isPanel = tag.look === 'button';
  if (isPanel) window.stage.openPanel(tag);
  const card = window.stage.partOf(tag, 'card');
  const over: [number, number] = [root.scrollWidth - innerWidth, card.scrollWidth - card.clientWidth];
  // The next one is opened, and placed, at its own size.
  if (isPanel && card.hasAttribute('data-open')) window.stage.partOf(tag, 'trigger').click();
  return over;
}
