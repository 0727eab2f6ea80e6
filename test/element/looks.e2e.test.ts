import { describe, expect, it } from 'vitest';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import type { StageState } from './stage.ts';
import { browser, openStagePage, page, show, site, text } from './stage-page.ts';

openStagePage();

describe('the looks', () => {
  const all: readonly (readonly [StageState, string])[] = [
    ...(
      [
        'idle',
        'requesting',
        'waiting',
        'lastSeconds',
        'trouble',
        'blocked',
        'signedIn',
        'signingOut',
        'expired',
        'ended',
        'offline',
        'busy',
        'broken',
        'misconfigured',
      ] as const
    ).map((state) => [state, 'popup'] as const),
    ['idle', 'redirect'],
    ['waiting', 'redirect'],
    ['unkept', 'redirect'],
    ...(
      ['idle', 'requesting', 'waiting', 'lastSeconds', 'trouble', 'expired', 'offline', 'signedIn'] as const
    ).map((state) => [state, 'code'] as const),
  ];

  it.each([
    ['light', 'none', 'en'],
    ['dark', 'none', 'en'],
    ['light', 'active', 'en'],
    ['light', 'none', 'ar'],
    ['dark', 'none', 'ar'],
    ['dark', 'active', 'en'],
  ] as const)(
    'leave axe nothing to find in any state (%s, forced colours %s, %s)',
    async (colorScheme, forcedColors, lang) => {
      await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
      await page.addScriptTag({ content: axeScript });
      const results = await page.evaluate(
        async ({ all, lang, isForced }) => {
          document.documentElement.style.colorScheme = 'light dark';
          const parent = document.querySelector('#stage') as HTMLElement;
          for (const [state, mode] of all)
            await window.stage.show(state, { attributes: { mode, lang }, parent });
          const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
          // Forced colours are the system's: what a page can read of them is not what is drawn.
          return axe.run({ rules: { 'color-contrast': { enabled: !isForced } } });
        },
        { all, lang, isForced: forcedColors === 'active' },
      );
      expectNothingFound(results, forcedColors === 'active' ? 'aria-hidden-focus' : 'color-contrast');
    },
    180_000,
  );

  it.each(['popup', 'code'])(
    'fit into 320 pixels without scrolling sideways, at twice the text size too (%s)',
    async (mode) => {
      await page.setViewportSize({ width: 320, height: 640 });
      for (const size of ['16px', '32px']) {
        await page.evaluate((size) => {
          document.querySelector<HTMLElement>('#stage')?.replaceChildren();
          document.documentElement.style.fontSize = size;
        }, size);
        for (const lang of ['en', 'de', 'ar']) {
          await show('waiting', { mode, lang });
          const widths = await page.evaluate(() => {
            const card = window.stage.partOf(window.scene.tag, 'card');
            return [document.documentElement.scrollWidth, card.scrollWidth - card.clientWidth];
          });
          expect([lang, size, ...widths]).toEqual([lang, size, 320, 0]);
        }
      }
    },
  );

  it.each(['en', 'de', 'ar'])(
    'fit at twice the zoom without scrolling sideways, on every screen (%s)',
    async (lang) => {
      const zoomed = await browser.newPage({ viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 });
      await zoomed.goto(site.url);
      const widths = await zoomed.evaluate(
        async ({ all, lang }) => {
          const found: [string, number, number][] = [];
          for (const [state, mode] of all) {
            document.querySelector('#stage')?.replaceChildren();
            const parent = document.querySelector('#stage') as HTMLElement;
            const { tag } = await window.stage.show(state, { attributes: { mode, lang }, parent });
            const card = window.stage.partOf(tag, 'card');
            const { scrollWidth } = document.documentElement;
            found.push([`${state} ${mode}`, scrollWidth, card.scrollWidth - card.clientWidth]);
          }
          return found;
        },
        { all, lang },
      );
      await zoomed.close();
      expect(widths).toEqual(all.map(([state, mode]) => [`${state} ${mode}`, 640, 0]));
    },
    120_000,
  );

  it('show the code and what to do with it on a phone on its side without scrolling', async () => {
    await page.setViewportSize({ width: 740, height: 360 });
    await page.addStyleTag({ content: 'body { margin: 0 } h1 { display: none }' });
    await show('waiting', { mode: 'code' });
    const bottoms = await page.evaluate(() =>
      ['code', 'main', 'quiet', 'qr'].map(
        (id) => window.stage.partOf(window.scene.tag, id).getBoundingClientRect().bottom,
      ),
    );
    expect(Math.max(...bottoms)).toBeLessThan(360);
  });

  it('have the first button of the mode code in sight on a phone on its side', async () => {
    const viewport = { width: 667, height: 375 };
    const phone = await browser.newPage({ viewport, isMobile: true, hasTouch: true });
    await phone.goto(site.url);
    await phone.addStyleTag({ content: 'body { margin: 0 } h1 { display: none }' });
    const bottom = await phone.evaluate(async () => {
      const parent = document.querySelector('#stage') as HTMLElement;
      const { tag } = await window.stage.show('idle', { attributes: { mode: 'code' }, parent });
      return window.stage.partOf(tag, 'main').getBoundingClientRect().bottom;
    });
    await phone.close();
    expect(bottom).toBeLessThan(viewport.height);
  });

  it('keep the button of the mode code where it is when the time has run out', async () => {
    const tops: number[] = [];
    for (const state of ['idle', 'expired'] as const) {
      await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
      await show(state, { mode: 'code' });
      tops.push(await page.locator('#main').evaluate((main) => main.getBoundingClientRect().top));
    }
    expect(tops[1]).toBeCloseTo(tops[0] ?? 0, 0);
  });

  it('show the unit of the number in a ring as a word in Arabic, within the ring', async () => {
    await show('waiting', { lang: 'ar' });
    expect([await text('number'), await text('unit')]).toEqual(['26', 'دقيقة']);
    const share = await page.evaluate(() => {
      const [unit, ring] = ['unit', 'ring'].map((id) => window.stage.partOf(window.scene.tag, id));
      const words = document.createRange();
      words.selectNodeContents(unit as HTMLElement);
      return words.getBoundingClientRect().width / (ring?.getBoundingClientRect().width ?? 0);
    });
    expect(share).toBeLessThan(0.7);
  });

  it.each([
    ['a wide card', 'card', 1280],
    ['a television', 'tv', 1280],
    ['a narrow card', 'card', 280],
  ])('show everything of a code on one axis: %s', async (_, look, width) => {
    for (const state of ['waiting', 'trouble'] as const) {
      await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
      await page.setViewportSize({ width: Math.max(width, 400), height: 900 });
      await page.locator('#stage').evaluate((stage, width) => {
        stage.style.width = `${width}px`;
      }, width);
      await show(state, { look, mode: 'code' });
      const middles = await page.evaluate(() => {
        const middleOf = ({ left, right }: DOMRect) => (left + right) / 2;
        const ids = ['heading', 'code', 'badge', 'note', 'actions'];
        return ids
          .map((id) => window.stage.partOf(window.scene.tag, id))
          .filter((node) => node.getClientRects().length > 0)
          .map((node) => {
            const words = document.createRange();
            words.selectNodeContents(node);
            // The ring has no text; what is written may be narrower than its box.
            return middleOf((node.id === 'badge' ? node : words).getBoundingClientRect());
          });
      });
      for (const middle of middles) expect(Math.abs(middle - (middles[0] ?? 0))).toBeLessThan(3);
    }
  });

  it('show the code beside its picture on one axis with what is below', async () => {
    await page.setViewportSize({ width: 400, height: 900 });
    await show('waiting', { mode: 'code', lang: 'ar' });
    const middles = await page.evaluate(() =>
      ['note', 'main', 'quiet'].map((id) => {
        const words = document.createRange();
        words.selectNodeContents(window.stage.partOf(window.scene.tag, id));
        const { left, right } = words.getBoundingClientRect();
        return (left + right) / 2;
      }),
    );
    for (const middle of middles) expect(middle).toBeCloseTo(middles[0] ?? 0, 0);
  });

  it('keep everything of a phone’s code where it is when the code comes', async () => {
    const phone = await browser.newPage({
      isMobile: true,
      hasTouch: true,
      viewport: { width: 360, height: 740 },
    });
    await phone.goto(site.url);
    const tops: number[][] = [];
    for (const state of ['requesting', 'waiting'] as const)
      tops.push(
        await phone.evaluate(async (state) => {
          document.querySelector('#stage')?.replaceChildren();
          const parent = document.querySelector<HTMLElement>('#stage') ?? document.body;
          const { tag } = await window.stage.show(state, { attributes: { mode: 'code' }, parent });
          return ['heading', 'badge', 'actions', 'code'].map(
            // Browsers place by 64ths of a pixel.
            (id) => Math.round(window.stage.partOf(tag, id).getBoundingClientRect().top * 8) / 8,
          );
        }, state),
      );
    await phone.close();
    expect(tops[1]).toEqual(tops[0]);
  });

  it.each([
    ['card', 'popup', 352],
    ['card', 'popup', 1280],
    ['card', 'redirect', 1280],
    ['card', 'code', 352],
    ['card', 'code', 1280],
    ['tv', 'code', 1280],
  ])('show who has signed in without a hole (%s, %s, %i pixels)', async (look, mode, width) => {
    await page.setViewportSize({ width, height: 900 });
    await show('signedIn', { look, mode });
    const { above, below, between, fontSize } = await page.evaluate(() => {
      const [card, badge, heading, quiet] = ['card', 'badge', 'heading', 'quiet'].map((id) =>
        window.stage.partOf(window.scene.tag, id),
      ) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement];
      const words = document.createRange();
      words.selectNodeContents(quiet);
      const box = card.getBoundingClientRect();
      return {
        above: badge.getBoundingClientRect().top - box.top,
        below: box.bottom - quiet.getBoundingClientRect().bottom,
        between: words.getBoundingClientRect().top - heading.getBoundingClientRect().bottom,
        fontSize: Number.parseFloat(getComputedStyle(card).fontSize),
      };
    });
    expect(between / fontSize).toBeLessThan(3);
    expect(Math.abs(above - below) / fontSize).toBeLessThan(2);
  });

  it('keep one height from the first screen to the last', async () => {
    const heights: number[] = [];
    for (const state of [
      'idle',
      'requesting',
      'waiting',
      'blocked',
      'signedIn',
      'expired',
      'offline',
    ] as const) {
      await show(state);
      heights.push(await page.evaluate(() => window.scene.tag.getBoundingClientRect().height));
    }
    expect(new Set(heights).size).toBe(1);
  });

  it('give fingers 44 pixels', async () => {
    for (const [state, mode] of [
      ['blocked', 'popup'],
      ['waiting', 'code'],
    ] as const) {
      await show(state, { mode });
      const heights = await page.evaluate(() =>
        [...(window.scene.tag.shadowRoot?.querySelectorAll('button, #link') ?? [])]
          .filter((control) => control.getClientRects().length > 0)
          .map((control) => control.getBoundingClientRect().height),
      );
      expect(heights.length).toBeGreaterThan(1);
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    }
  });

  it('follow the script from right to left, but for the code', async () => {
    await show('waiting', { mode: 'code', lang: 'ar' });
    const directions = await page.evaluate(() =>
      ['card', 'code', 'address'].map(
        (id) => getComputedStyle(window.stage.partOf(window.scene.tag, id)).direction,
      ),
    );
    expect(directions).toEqual(['rtl', 'ltr', 'ltr']);
    await page.locator('#main').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(() => window.scene.tag.shadowRoot?.activeElement?.id)).toBe('quiet');
  });

  it('stand still for who wants no motion', async () => {
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await show('requesting');
    const isMoving = () => page.evaluate(() => window.scene.tag.shadowRoot?.getAnimations().length !== 0);
    expect(await isMoving()).toBe(true);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await isMoving()).toBe(false);
  });

  it('take a page’s colours and shapes', async () => {
    await page.addStyleTag({
      content:
        'plex-sign-in { --plex-sign-in-accent: rgb(0, 128, 0) } plex-sign-in::part(button) { border-radius: 0 }',
    });
    await show('idle');
    const shown = await page.locator('#main').evaluate((button) => {
      const { backgroundColor, borderRadius } = getComputedStyle(button);
      const canvas = new OffscreenCanvas(1, 1).getContext('2d');
      if (!canvas) throw new Error('No canvas');
      canvas.fillStyle = backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      return { color: [...canvas.getImageData(0, 0, 1, 1).data], borderRadius };
    });
    expect(shown).toEqual({ color: [0, 128, 0, 255], borderRadius: '0px' });
  });

  it('show the QR picture of the address with the code in it', async () => {
    await show('waiting', { mode: 'code' });
    expect(await page.getByRole('img', { name: 'QR code that opens plex.tv/link' }).isVisible()).toBe(true);
    expect(await page.locator('#modules').getAttribute('d')).toMatch(/^M4 4h7v1h-7z/);
  });
});
