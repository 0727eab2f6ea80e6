/** The colours: any accent is legible, and every line that says something stands out. */
import { beforeEach, describe, expect, it } from 'vitest';
import { openStagePage, page, show } from './stage-page.ts';

openStagePage();

const accents = [
  'rgb(0 0 0 / 10%)',
  'transparent',
  '#e5a00d',
  'white',
  'black',
  'yellow',
  'rebeccapurple',
  'navy',
  'red',
  'lime',
  'blue',
  '#777',
  '#767676',
  '#ff6347',
  '#00bcd4',
  'hotpink',
  'hsl(210 90% 55%)',
  'oklch(70% 0.2 150)',
  'oklch(70% 0.3 150)',
  'color(display-p3 1 0 0)',
  'color(rec2020 0 0 1)',
];

beforeEach(() =>
  page.evaluate(() => {
    document.documentElement.style.colorScheme = 'light dark';
    /** The luminance of what is drawn, by WCAG 2.2. */
    const luminance = (color: string) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = [...context.getImageData(0, 0, 1, 1).data].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    Object.assign(window, {
      contrast: (one: string, other: string) => {
        const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
        return (light + 0.05) / (dark + 0.05);
      },
      colorOf: (id: string, property: string) =>
        getComputedStyle(window.stage.partOf(window.scene.tag, id)).getPropertyValue(property),
    });
  }),
);

/** The contrast between what two properties of two parts draw. */
const contrast = (one: readonly [string, string], other: readonly [string, string]) =>
  page.evaluate(
    ([one, other]) => {
      const tools = window as unknown as Record<
        'contrast' | 'colorOf',
        (one: string, other: string) => number
      >;
      return tools.contrast(`${tools.colorOf(...one)}`, `${tools.colorOf(...other)}`);
    },
    [one, other] as const,
  );

describe.each(['light', 'dark'] as const)('on a page that is %s', (colorScheme) => {
  it.each(accents)('the accent %s is legible', async (accent) => {
    await page.emulateMedia({ colorScheme });
    await page.addStyleTag({ content: `plex-sign-in { --plex-sign-in-accent: ${accent} }` });
    await show('idle');
    const surface = ['card', 'background-color'] as const;
    expect(await contrast(['main', 'color'], ['main', 'background-color'])).toBeGreaterThanOrEqual(4.5);
    expect(await contrast(['main', 'border-top-color'], surface)).toBeGreaterThanOrEqual(3);
    expect(await contrast(['arc', 'stroke'], surface)).toBeGreaterThanOrEqual(3);
    await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
    await show('waiting', { mode: 'code' });
    expect(await contrast(['address', 'color'], surface)).toBeGreaterThanOrEqual(4.5);
    await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
    await show('idle', { look: 'button' });
    expect(await contrast(['trigger', 'color'], ['trigger', 'background-color'])).toBeGreaterThanOrEqual(4.5);
    expect(await contrast(['trigger', 'border-top-color'], surface)).toBeGreaterThanOrEqual(3);
  });

  it('the edges of controls and of the code stand out', async () => {
    await page.emulateMedia({ colorScheme });
    await show('waiting', { mode: 'code' });
    const surface = ['card', 'background-color'] as const;
    expect(await contrast(['main', 'border-top-color'], surface)).toBeGreaterThanOrEqual(3);
    const tile = await page
      .locator('#code > span')
      .first()
      .evaluate((node) => getComputedStyle(node).borderTopColor);
    expect(
      await page.evaluate((tile) => {
        const tools = window as unknown as Record<
          'contrast' | 'colorOf',
          (one: string, other: string) => number
        >;
        return tools.contrast(tile, `${tools.colorOf('card', 'background-color')}`);
      }, tile),
    ).toBeGreaterThanOrEqual(3);
    await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
    await show('waiting', { look: 'button' });
    expect(
      await contrast(['trigger', 'border-top-color'], ['trigger', 'background-color']),
    ).toBeGreaterThanOrEqual(3);
    for (const state of ['signedIn', 'offline'] as const) {
      await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
      await show(state);
      expect(await contrast(['track', 'stroke'], surface)).toBeGreaterThanOrEqual(3);
    }
  });
});

const readValue = (id: string, property: string) =>
  page.evaluate(
    ([id, property]) =>
      getComputedStyle(window.stage.partOf(window.scene.tag, id)).getPropertyValue(property),
    [id, property] as const,
  );

it('each line has a colour of its own, and one colour still colours them all', async () => {
  await page.addStyleTag({ content: 'plex-sign-in { --plex-sign-in-line: rgb(1, 2, 3) }' });
  await show('waiting');
  const lines = async () => [
    await readValue('card', 'border-top-color'),
    await readValue('main', 'border-top-color'),
    await readValue('track', 'stroke'),
  ];
  expect(await lines()).toEqual(['rgb(1, 2, 3)', 'rgb(1, 2, 3)', 'rgb(1, 2, 3)']);
  await page.addStyleTag({
    content:
      'plex-sign-in { --plex-sign-in-border: rgb(4, 4, 4); --plex-sign-in-control-border: rgb(5, 5, 5); --plex-sign-in-track: rgb(6, 6, 6) }',
  });
  expect(await lines()).toEqual(['rgb(4, 4, 4)', 'rgb(5, 5, 5)', 'rgb(6, 6, 6)']);
});

it('what stands on the accent can still be set', async () => {
  await page.addStyleTag({
    content:
      'plex-sign-in { --plex-sign-in-accent: navy; --plex-sign-in-on-accent: rgb(250, 250, 210); --plex-sign-in-accent-text: rgb(0, 0, 99) }',
  });
  await show('waiting', { mode: 'code' });
  expect(await readValue('address', 'color')).toBe('rgb(0, 0, 99)');
  await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
  await show('idle');
  expect(await readValue('main', 'color')).toBe('rgb(250, 250, 210)');
});

it.each([
  ['rebeccapurple', 'rgb(255, 255, 255)'],
  ['gold', 'rgb(0, 0, 0)'],
])('a browser that cannot work colours out gets what is legible on %s', async (accent, onAccent) => {
  await page.addStyleTag({ content: `plex-sign-in { --plex-sign-in-accent: ${accent} }` });
  await page.evaluate(() => {
    CSS.supports = () => false;
  });
  await show('idle');
  await expect.poll(() => readValue('main', 'color')).toBe(onAccent);
});

it('an error has no green ring where the system’s colours are forced', async () => {
  await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
  await show('offline');
  const gray = await page.evaluate(() => {
    document.body.style.color = 'GrayText';
    return getComputedStyle(document.body).color;
  });
  expect(await readValue('track', 'stroke')).not.toBe(gray);
  expect(await readValue('track', 'stroke')).toBe(await readValue('heading', 'color'));
});
