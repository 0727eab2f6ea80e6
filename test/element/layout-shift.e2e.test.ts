/** Nothing on the page moves: from the unknown tag to each state, in each look and mode, with the CSS that docs/element.md gives. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PageServer, servePages } from '../fixture/page-server.ts';
import type { StageState } from './stage.ts';
import { browser, openStagePage, page, site } from './stage-page.ts';

openStagePage();

const css =
  /```css\n(plex-sign-in:not\(:defined\)[^`]*)```/.exec(readFileSync('docs/element.md', 'utf8'))?.[1] ?? '';

const states = [
  'requesting',
  'waiting',
  'lastSeconds',
  'trouble',
  'closed',
  'blocked',
  'signedIn',
  'signingOut',
  'expired',
  'limit',
  'ended',
  'offline',
  'busy',
  'broken',
  'misconfigured',
] as const satisfies StageState[];

const looks = [
  ['card', 'popup'],
  ['card', 'redirect'],
  ['card', 'code'],
  ['button', 'popup'],
  ['button', 'code'],
  ['tv', 'code'],
  ['tv', 'popup'],
] as const;

const statesOf = (mode: string) =>
  states.filter(
    (state) => mode === 'popup' || (state !== 'blocked' && state !== 'closed' && state !== 'signingOut'),
  );

/** Starts to note what moves. `takeShifts` gives it: the score that Chromium counts, with what a press moves too. */
async function watchShifts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const scores: number[] = [];
    const take = (entries: PerformanceEntry[]) => {
      for (const entry of entries) scores.push((entry as unknown as { value: number }).value);
    };
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: 'layout-shift' });
    Object.assign(window, {
      takeShifts: async () => {
        for (let frame = 0; frame < 3; frame++) await new Promise((next) => requestAnimationFrame(next));
        await new Promise((next) => setTimeout(next, 20));
        take(observer.takeRecords());
        return scores.splice(0).reduce((sum, score) => sum + score, 0);
      },
    });
  });
}

const takeShifts = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { takeShifts(): Promise<number> }).takeShifts());

/** Where the tag is, and what stands below it. */
const boxes = (page: Page) =>
  page.evaluate(() =>
    ['plex-sign-in', '#after']
      .map((selector) => document.querySelector(selector)?.getBoundingClientRect())
      .map((box) => `${box?.x} ${box?.y} ${box?.width} × ${box?.height}`)
      .join(', '),
  );

/** Longer words, in the two looks whose headings and notes have the least room for them. */
const germanLooks = ['card popup', 'card code'];

describe.each(looks)('the look %s in the mode %s', (look, mode) => {
  const desktop = { width: 1280, height: 900 };
  const german = ['desktop', desktop, 'de'] as const;
  const phone = { width: 360, height: 740 };
  const column = { width: 216, height: 900 };
  const isCode = mode === 'code' && look === 'card';
  it.each([
    ['desktop', desktop, 'en'],
    ['a narrow column', { width: 352, height: 740 }, 'en'],
    ...(look === 'card'
      ? [['200 pixels', column, 'en'] as const, ['200 pixels', column, 'de'] as const]
      : []),
    ...(isCode ? [['a phone on its side', { width: 844, height: 390 }, 'en'] as const] : []),
    ...(isCode ? [['a page at twice its size', { width: 640, height: 400 }, 'en'] as const] : []),
    ...(look === 'card' ? [['a phone', phone, 'de'] as const, ['a phone', phone, 'es'] as const] : []),
    ...(germanLooks.includes(`${look} ${mode}`) ? [german] : []),
  ] as const)(
    'moves nothing from the first screen to any other (%s, %s, %s)',
    async (name, viewport, lang) => {
      const context = await browser.newContext(
        name.startsWith('a phone') ? { isMobile: true, hasTouch: true } : {},
      );
      const page = await context.newPage();
      await page.goto(site.url);
      await page.setViewportSize(look === 'tv' ? { width: 1920, height: 1080 } : viewport);
      const found: string[] = [];
      for (const state of statesOf(mode)) {
        await page.evaluate(
          async ({ look, mode, lang, isBlocked }) => {
            document.body.innerHTML = '<div id="stage"></div><p id="after">What stands below.</p>';
            window.scene = await window.stage.putUp({
              attributes: { look, mode, lang },
              parent: document.querySelector('#stage') as HTMLElement,
              opensWindows: !isBlocked,
            });
          },
          { look, mode, lang, isBlocked: state === 'blocked' },
        );
        await watchShifts(page);
        const before = await boxes(page);
        await page.evaluate((state) => window.stage.moves[state](window.scene), state);
        const score = await takeShifts(page);
        // In so narrow a column the words within wrap as they may; what is around it stays.
        if ((score > 0 && name !== '200 pixels') || (await boxes(page)) !== before)
          found.push(`${state}: ${score}, ${before} to ${await boxes(page)}`);
      }
      expect(found).toEqual([]);
      await context.close();
    },
    120_000,
  );
});

/** Serves a page for each look and mode, whose script comes when `release()` is called. */
function serveLatePages(bodyOf: (look: string, mode: string) => string): Promise<PageServer> {
  const script = `const released = new Promise((release) => { window.release = release; });
    await released; await import('plex-auth-flow/element');`;
  return servePages(
    Object.fromEntries(
      looks.map(([look, mode]) => [`/${look}-${mode}`, { script, body: bodyOf(look, mode) }]),
    ),
  );
}

describe('before the script is there', () => {
  let slow: PageServer;
  beforeAll(async () => {
    const tag = (look: string, mode: string) =>
      `<style>${css} body { margin: 1rem }</style><p>Above</p><plex-sign-in product="Moviebox" lang="en" ${look === 'card' ? '' : `look="${look}"`} mode="${mode}"></plex-sign-in><p id="after">Below</p>`;
    slow = await serveLatePages(tag);
  });
  afterAll(() => slow?.close());

  it.each(looks)('room is reserved for the look %s in the mode %s', async (look, mode) => {
    expect(css).toContain(':not(:defined)');
    const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
    const sizes =
      look === 'tv'
        ? [{ viewport: { width: 1920, height: 1080 } }, { viewport: { width: 1280, height: 720 } }]
        : [{ viewport: { width: 1280, height: 900 } }, { viewport: { width: 800, height: 900 } }, phone];
    for (const size of sizes) {
      const context = await browser.newContext(size);
      const slowPage = await context.newPage();
      await slowPage.goto(`${slow.url}/${look}-${mode}`);
      const topOf = () => slowPage.locator('#after').evaluate((after) => after.getBoundingClientRect().top);
      const before = await topOf();
      await watchShifts(slowPage);
      await slowPage.evaluate(() => (window as unknown as { release(): void }).release());
      await slowPage.waitForFunction(
        () => document.querySelector('plex-sign-in')?.shadowRoot?.querySelector('#heading')?.textContent,
      );
      await slowPage.waitForTimeout(200);
      expect([size.viewport.width, await takeShifts(slowPage)]).toEqual([size.viewport.width, 0]);
      expect(Math.abs((await topOf()) - before)).toBeLessThan(1);
      await context.close();
    }
  });
});

describe('at any width and margin', () => {
  let slow: PageServer;
  beforeAll(async () => {
    const tag = (look: string, mode: string) =>
      `<style>${css}</style><plex-sign-in product="Moviebox" lang="en" look="${look}" mode="${mode}"><small slot="footnote">Terms</small></plex-sign-in><p id="after">Below</p>`;
    slow = await serveLatePages(tag);
  });
  afterAll(() => slow?.close());

  const widths = [216, 250, 320, 340, 360, 390, 393, 412, 430, 600, 800, 900, 1280];
  const sizes = [
    ...widths.map((width) => ({ width, height: 900 })),
    ...[320, 420, 568, 667, 740, 844, 1280].map((width) => ({ width, height: 375 })),
  ];

  it.each(looks)(
    'moves nothing as it is defined (%s, %s)',
    async (look, mode) => {
      const found: string[] = [];
      for (const isPhone of mode === 'code' ? [false, true] : [false])
        for (const margin of [8, 24]) {
          const context = await browser.newContext({ isMobile: isPhone, hasTouch: isPhone });
          const slowPage = await context.newPage();
          await slowPage.goto(`${slow.url}/${look}-${mode}`);
          await slowPage.addStyleTag({ content: `body { margin: ${margin}px }` });
          const heightsAt = async () => {
            const heights: number[] = [];
            for (const size of sizes) {
              await slowPage.setViewportSize(size);
              heights.push(
                await slowPage.evaluate(
                  () => document.querySelector('plex-sign-in')?.getBoundingClientRect().height ?? 0,
                ),
              );
            }
            return heights;
          };
          const before = await heightsAt();
          await slowPage.evaluate(() => (window as unknown as { release(): void }).release());
          await slowPage.waitForFunction(
            () => document.querySelector('plex-sign-in')?.shadowRoot?.querySelector('#heading')?.textContent,
          );
          await slowPage.waitForTimeout(200);
          for (const [at, height] of (await heightsAt()).entries())
            if (Math.abs(height - (before[at] ?? 0)) >= 1)
              found.push(
                `${isPhone ? 'phone ' : ''}${JSON.stringify(sizes[at])} - 2 * ${margin}: ${before[at]} to ${height}`,
              );
          await context.close();
        }
      expect(found).toEqual([]);
    },
    60_000,
  );

  it.each([320, 360, 390, 420, 600, 800, 900])(
    'moves nothing as a code comes on a small television (%i pixels)',
    async (width) => {
      await page.setViewportSize({ width, height: 900 });
      await page.evaluate(async () => {
        document.body.innerHTML = '<div id="stage"></div><p id="after">What stands below.</p>';
        const parent = document.querySelector('#stage') as HTMLElement;
        window.scene = await window.stage.putUp({ attributes: { look: 'tv' }, parent });
      });
      const before = await boxes(page);
      await page.evaluate(() => window.stage.moves.requesting(window.scene));
      expect(await boxes(page)).toBe(before);
    },
  );
});

it('is watched well: what does move is seen', async () => {
  await page.evaluate(() => {
    document.body.innerHTML = '<div id="spacer"></div><p style="font-size: 8rem">What stands below.</p>';
  });
  await watchShifts(page);
  // What the page showed before may still be on its way out.
  await expect.poll(() => takeShifts(page)).toBe(0);
  await page.evaluate(() => {
    (document.querySelector('#spacer') as HTMLElement).style.height = '200px';
  });
  await expect.poll(() => takeShifts(page)).toBeGreaterThan(0.01);
});
