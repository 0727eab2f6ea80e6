/** `npm run shots`: takes pictures of the element's states into docs/element. */
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { StageState } from '../../test/element/stage.ts';
import { launchChromium, servePages } from '../../test/fixture/page-server.ts';
import { noteMadeFrom } from '../pictures/made-from.ts';
import { takeShot } from './take-shot.ts';

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
  await takeShot(page, `docs/element/${name}-${scheme}.png`, { fullPage: height === 100 });
}

const only = process.argv[2];
mkdirSync('docs/element', { recursive: true });
const site = await servePages({ '/': { entry: 'test/element/stage.ts' } });
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
  const scripts = ['tools/shots/element.ts', 'test/element/stage.ts'];
  noteMadeFrom('docs/element', { command: 'npm run shots', paths: ['src/element', ...scripts] });
}
