/** `npm run shots`: takes pictures of the element's looks and states into docs/element. `npm run shots -- NAME` takes some of them. */
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { StageState } from '../../test/element/stage.ts';
import { launchChromium, servePages } from '../../test/fixture/page-server.ts';
import { noteMadeFrom } from '../pictures/made-from.ts';
import { loginForm } from './login-form.ts';
import { type Sheet, takeShot, writeSheet } from './take-shot.ts';

type Cell = readonly [StageState, Record<string, string>];

interface Shot {
  readonly name: string;
  readonly states: readonly Cell[];
  readonly width: number;
  /** Default: as high as what is shown. */
  readonly height?: number;
  /** How many stand side by side on one page. */
  readonly columns?: number;
  /** Whether the page is on a phone. */
  readonly isPhone?: boolean;
  /** Each state on a page of its own, and all of them on one sheet. */
  readonly sheet?: Sheet;
  readonly isInForm?: boolean;
  /** Whether the panel of the button is opened where it is closed. */
  readonly isOpened?: boolean;
}

const popup: StageState[] = ['idle', 'requesting', 'waiting', 'closed', 'blocked', 'signedIn'];
const ends: StageState[] = ['limit', 'ended', 'offline', 'busy', 'broken', 'misconfigured'];
const code: StageState[] = ['requesting', 'trouble', 'idle', 'expired'];
const inMode = (mode: string, states: StageState[], more = {}) =>
  states.map((state) => [state, { mode, ...more }] as const);

const button = { look: 'button' };
const buttonStates: Cell[] = [
  ...inMode('popup', [...popup, 'lastSeconds', 'offline', 'limit', 'ended', 'signingOut'], button),
  ...inMode('popup', ['idle'], { ...button, product: '' }),
];
const opened: Cell[] = [
  ...inMode('popup', ['requesting', 'waiting', 'closed', 'signedIn'], button),
  ...inMode('code', ['requesting', 'waiting'], button),
];
const arabic = { lang: 'ar' };

const shots: readonly Shot[] = [
  { name: 'popup-desktop', states: inMode('popup', popup), width: 1240, columns: 3 },
  {
    // For README on a phone: as wide as GitHub leaves room there, one below another.
    name: 'popup-narrow',
    states: inMode('popup', ['idle', 'waiting', 'signedIn']),
    width: 360,
    columns: 1,
    isPhone: true,
  },
  { name: 'ends-desktop', states: inMode('popup', ends), width: 1240, columns: 3 },
  {
    name: 'popup-phone',
    states: inMode('popup', [...popup, 'offline', 'limit']),
    width: 360,
    height: 504,
    sheet: { columns: 4, width: 360 },
    isPhone: true,
  },
  { name: 'code-desktop', states: inMode('code', ['waiting']), width: 960, columns: 1 },
  { name: 'code-states', states: inMode('code', code), width: 1280, columns: 2 },
  {
    name: 'code-narrow',
    states: inMode('code', ['idle', 'waiting', 'trouble', 'expired']),
    width: 1280,
    columns: 4,
  },
  {
    name: 'code-phone',
    states: inMode('code', ['idle', 'requesting', 'waiting', 'trouble', 'expired', 'signedIn']),
    width: 360,
    height: 640,
    sheet: { columns: 3, width: 360 },
    isPhone: true,
  },
  {
    name: 'button-desktop',
    states: buttonStates,
    width: 440,
    height: 640,
    sheet: { columns: 4, width: 440 },
    isInForm: true,
  },
  {
    name: 'button-open-desktop',
    states: opened,
    width: 720,
    height: 760,
    sheet: { columns: 3, width: 480 },
    isInForm: true,
    isOpened: true,
  },
  {
    name: 'button-phone',
    states: [...inMode('popup', ['idle', 'waiting', 'blocked', 'signedIn', 'offline'], button), ...opened],
    width: 360,
    height: 640,
    sheet: { columns: 5, width: 360 },
    isInForm: true,
    isOpened: true,
    isPhone: true,
  },
  {
    name: 'television',
    states: [
      ...inMode('code', ['idle', 'requesting', 'waiting', 'trouble', 'expired', 'signedIn'], { look: 'tv' }),
      ...inMode('popup', ['idle', 'blocked'], { look: 'tv' }),
    ],
    width: 1920,
    height: 1080,
    sheet: { columns: 2, width: 960 },
  },
  { name: 'code-television', states: inMode('code', ['waiting'], { look: 'tv' }), width: 1280, height: 720 },
  {
    name: 'arabic',
    states: [...inMode('popup', ['waiting'], arabic), ...inMode('code', ['waiting'], arabic)],
    width: 820,
    columns: 2,
  },
  {
    name: 'right-to-left',
    states: [
      ...inMode('popup', ['idle', 'waiting', 'offline', 'signedIn'], { ...button, ...arabic }),
      ...inMode('code', ['waiting'], { ...button, ...arabic }),
    ],
    width: 440,
    height: 640,
    sheet: { columns: 5, width: 440 },
    isInForm: true,
    isOpened: true,
  },
];

type Scheme = 'light' | 'dark';

/** Puts tags on an empty page. */
async function putUp(page: Page, states: readonly Cell[], shot: Shot): Promise<void> {
  const { columns = 1, isInForm = false, isOpened = false, height } = shot;
  await page.evaluate(
    async ({ states, columns, form, isOpened, isFull }) => {
      document.body.replaceChildren();
      document.documentElement.style.colorScheme = 'light dark';
      Object.assign(document.body.style, {
        display: 'grid',
        gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        justifyItems: 'center',
        gap: '20px',
        margin: '0',
        padding: isFull && innerWidth > 1000 ? '0' : '20px',
        minHeight: isFull ? '100vh' : '',
        boxSizing: 'border-box',
        alignItems: isFull && innerWidth > 1000 ? 'center' : 'start',
        background: 'light-dark(#f4f4f6, #0f1013)',
      });
      if (form) document.body.innerHTML = form;
      const parent = document.querySelector<HTMLElement>('#slot') ?? document.body;
      for (const [state, attributes] of states) {
        const { tag } = await window.stage.show(state, { attributes, parent });
        if (isOpened) await window.stage.openPanel(tag);
        const isRemote = tag.getAttribute('look') === 'tv';
        if (!isRemote) (document.activeElement as HTMLElement | null)?.blur();
      }
    },
    { states, columns, form: isInForm ? loginForm : '', isOpened, isFull: height !== undefined },
  );
}

async function take(page: Page, shot: Shot, scheme: Scheme): Promise<void> {
  const { name, states, width, height = 100, sheet } = shot;
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  const path = `docs/element/${name}-${scheme}.png`;
  if (!sheet) {
    await putUp(page, states, shot);
    return takeShot(page, path, { fullPage: shot.height === undefined });
  }
  const pngs: Buffer[] = [];
  for (const state of states) {
    await putUp(page, [state], shot);
    pngs.push(await page.screenshot());
  }
  await writeSheet(path, pngs, sheet);
}

async function openPage(browser: Browser, url: string, isPhone: boolean): Promise<Page> {
  const context = await browser.newContext(isPhone ? { isMobile: true, hasTouch: true } : {});
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error));
  await page.goto(url);
  return page;
}

const only = process.argv[2];
mkdirSync('docs/element', { recursive: true });
const site = await servePages({ '/': { entry: 'test/element/stage.ts' } });
const browser = await launchChromium();
try {
  const pages = {
    desktop: await openPage(browser, site.url, false),
    phone: await openPage(browser, site.url, true),
  };
  for (const shot of shots) {
    if (only && !shot.name.includes(only)) continue;
    for (const scheme of ['light', 'dark'] as const)
      await take(shot.isPhone ? pages.phone : pages.desktop, shot, scheme);
  }
} finally {
  await browser.close();
  await site.close();
}
if (!only) {
  const tools = ['element', 'login-form', 'take-shot'].map((name) => `tools/shots/${name}.ts`);
  noteMadeFrom('docs/element', {
    command: 'npm run shots',
    paths: ['src/element', 'test/element/stage.ts', ...tools],
  });
}
