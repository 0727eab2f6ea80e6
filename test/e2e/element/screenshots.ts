/** `npm run shots`: takes pictures of the element's states into docs/element. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { noteMadeFrom } from '../../pictures/made-from.ts';
import { launchChromium, servePages } from '../page-server.ts';
import { toPalettePNG } from './palette-png.ts';
import type { StageState } from './stage.ts';

interface Shot {
  readonly name: string;
  readonly states: readonly (readonly [StageState, Record<string, string>])[];
  readonly width: number;
  readonly columns: number;
  readonly height?: number;
  readonly density?: number;
}

const popup: StageState[] = ['idle', 'requesting', 'waiting', 'trouble', 'blocked', 'signedIn'];
const ends: StageState[] = ['expired', 'ended', 'offline', 'busy', 'broken', 'misconfigured'];
const code: StageState[] = ['requesting', 'trouble', 'idle', 'expired'];
const inMode = (mode: string, states: StageState[], more = {}) =>
  states.map((state) => [state, { mode, ...more }] as const);

const shots: readonly Shot[] = [
  { name: 'popup-desktop', states: inMode('popup', popup), width: 1240, columns: 3 },
  { name: 'ends-desktop', states: inMode('popup', ends), width: 1240, columns: 3 },
  {
    name: 'popup-phone',
    states: inMode('popup', ['idle', 'waiting', 'blocked', 'offline']),
    width: 360,
    columns: 1,
  },
  { name: 'code-desktop', states: inMode('code', ['waiting']), width: 960, columns: 1 },
  { name: 'code-phone', states: inMode('code', ['waiting']), width: 360, columns: 1 },
  { name: 'code-states', states: inMode('code', code), width: 1280, columns: 2 },
  { name: 'code-television', states: inMode('code', ['waiting']), width: 1280, height: 720, columns: 1 },
  {
    name: 'arabic',
    states: [...inMode('popup', ['waiting'], { lang: 'ar' }), ...inMode('code', ['waiting'], { lang: 'ar' })],
    width: 820,
    columns: 2,
  },
];

async function take(
  page: Page,
  { name, states, width, columns, height = 100 }: Shot,
  scheme: 'light' | 'dark',
) {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await page.evaluate(
    async ({ states, columns, isFull }) => {
      document.body.replaceChildren();
      document.documentElement.style.colorScheme = 'light dark';
      Object.assign(document.body.style, {
        display: 'grid',
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        justifyItems: 'center',
        gap: '20px',
        margin: '0',
        padding: isFull ? '32px 40px' : '20px',
        minHeight: isFull ? '100vh' : '',
        boxSizing: 'border-box',
        alignItems: isFull ? 'center' : '',
        background: 'light-dark(#f4f4f6, #0f1013)',
      });
      for (const [state, attributes] of states) await window.stage.show(state, { attributes });
      (document.activeElement as HTMLElement | null)?.blur();
    },
    { states, columns, isFull: height > 100 },
  );
  const png = await page.screenshot({ fullPage: height === 100 });
  const { pixels, ...picture } = await page.evaluate(reduceColors, png.toString('base64'));
  const path = `docs/element/${name}-${scheme}.png`;
  writeFileSync(path, toPalettePNG({ ...picture, pixels: Buffer.from(pixels, 'base64') }));
}

/** In the page, which can read a picture: keeps the 256 colours that are there most, and takes the nearest for the rest. */
async function reduceColors(base64: string) {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, width, height);
  const colors = Array.from({ length: width * height }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(at * 4, at * 4 + 3);
    return (red << 16) | (green << 8) | blue;
  });
  const counts = new Map<number, number>();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const kept = [...counts].sort(([, one], [, other]) => other - one).slice(0, 256);
  const channels = (color: number) => [color >> 16, (color >> 8) & 255, color & 255] as const;
  const palette = kept.map(([color]) => channels(color));
  const indexes = new Map<number, number>();
  for (const color of counts.keys()) {
    const [red, green, blue] = channels(color);
    let nearest = 0;
    let leastFar = Number.POSITIVE_INFINITY;
    palette.forEach(([keptRed, keptGreen, keptBlue], index) => {
      const far = (red - keptRed) ** 2 + (green - keptGreen) ** 2 + (blue - keptBlue) ** 2;
      if (far >= leastFar) return;
      leastFar = far;
      nearest = index;
    });
    indexes.set(color, nearest);
  }
  const pixels = colors.map((color) => String.fromCharCode(indexes.get(color) ?? 0)).join('');
  return { width, height, palette: palette.flat(), pixels: btoa(pixels) };
}

const only = process.argv[2];
mkdirSync('docs/element', { recursive: true });
const site = await servePages({ '/': { entry: 'test/e2e/element/stage.ts' } });
const browser = await launchChromium();
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(site.url);
  for (const shot of shots) {
    if (only && !shot.name.includes(only)) continue;
    for (const scheme of ['light', 'dark'] as const) await take(page, shot, scheme);
  }
} finally {
  await browser.close();
  await site.close();
}
if (!only) {
  const scripts = ['palette-png', 'screenshots', 'stage'].map((name) => `test/e2e/element/${name}.ts`);
  noteMadeFrom('docs/element', { command: 'npm run shots', paths: ['src/element', ...scripts] });
}
