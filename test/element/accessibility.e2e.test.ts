/** Every look in every state, one by one, as axe sees it. */
import { describe, expect, it } from 'vitest';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import type { StageState } from './stage.ts';
import { openStagePage, page } from './stage-page.ts';

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

describe.each(looks)('the look %s in the mode %s', (look, mode, states) => {
  it.each([
    ['light', 'en', 'none'],
    ['dark', 'en', 'none'],
    ['light', 'ar', 'none'],
    ['dark', 'en', 'active'],
  ] as const)(
    'leaves axe nothing to find (%s, %s, forced colours %s)',
    async (colorScheme, lang, forcedColors) => {
      await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
      await page.addScriptTag({ content: axeScript });
      const isForced = forcedColors === 'active';
      for (const state of states) {
        const results = await page.evaluate(
          async ({ state, attributes, isForced }) => {
            document.documentElement.style.colorScheme = 'light dark';
            const parent = document.querySelector('#stage') as HTMLElement;
            parent.replaceChildren();
            const { tag } = await window.stage.show(state, { attributes, parent });
            if (attributes.look === 'button') window.stage.openPanel(tag);
            const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
            // Forced colours are the system's: what a page can read of them is not what is drawn.
            return axe.run({ rules: { 'color-contrast': { enabled: !isForced } } });
          },
          { state, attributes: { look, mode, lang }, isForced },
        );
        expectNothingFound(results, isForced ? 'aria-hidden-focus' : 'color-contrast');
      }
    },
    180_000,
  );
});

it('fits at twice the size of text, and at twice the zoom, in every look', async () => {
  await page.setViewportSize({ width: 640, height: 700 });
  const found: unknown[] = [];
  for (const size of ['16px', '32px'])
    for (const [look, mode, states] of looks)
      for (const lang of ['en', 'de', 'ar'])
        found.push(
          ...(await page.evaluate(
            async ({ size, states, attributes }) => {
              document.documentElement.style.fontSize = size;
              const wide: unknown[] = [];
              for (const state of states) {
                const parent = document.querySelector('#stage') as HTMLElement;
                parent.replaceChildren();
                const { tag } = await window.stage.show(state, { attributes, parent });
                if (attributes.look === 'button') window.stage.openPanel(tag);
                const card = window.stage.partOf(tag, 'card');
                const over = card.scrollWidth - card.clientWidth;
                if (document.documentElement.scrollWidth > innerWidth || over > 0)
                  wide.push([size, state, attributes, document.documentElement.scrollWidth, over]);
              }
              return wide;
            },
            { size, states: [...states], attributes: { look, mode, lang } },
          )),
        );
  expect(found).toEqual([]);
}, 240_000);
