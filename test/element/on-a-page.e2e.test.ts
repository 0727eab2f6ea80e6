/** What a page and its people do with the tag: own words, levels, columns, the clipboard, fingers. */
import { describe, expect, it } from 'vitest';
import { browser, openStagePage, page, show, site, text } from './stage-page.ts';

openStagePage();

const clear = () => page.evaluate(() => document.querySelector('#stage')?.replaceChildren());

describe('the application’s own words', () => {
  const content =
    '<b slot="logo">M</b><span slot="intro">Bring your libraries along.</span><small slot="footnote">Terms</small>';

  it.each(['card', 'tv'])('stand on the first screen, and on no later one (%s)', async (look) => {
    await page.evaluate(
      async ([content, look]) => {
        window.scene = await window.stage.putUp({
          attributes: { look, mode: 'popup' },
          content,
          parent: document.querySelector('#stage') as HTMLElement,
        });
      },
      [content, look] as const,
    );
    const seen = () =>
      page
        .locator('plex-sign-in > [slot]')
        .evaluateAll((nodes) => nodes.map((node) => node.getClientRects().length > 0));
    expect(await seen()).toEqual([true, true, true]);
    expect([await page.locator('#text').isVisible(), await page.locator('#glyph').isVisible()]).toEqual([
      false,
      false,
    ]);
    await page.evaluate(() => window.stage.moves.waiting(window.scene));
    expect(await seen()).toEqual([false, false, false]);
    expect(await page.locator('#text').isVisible()).toBe(true);
  });

  it('leave the logo to the button', async () => {
    await page.evaluate(async (content) => {
      window.scene = await window.stage.putUp({
        attributes: { look: 'button' },
        content,
        parent: document.querySelector('#stage') as HTMLElement,
      });
    }, content);
    const [logo, trigger] = [
      await page.locator('[slot=logo]').boundingBox(),
      await page.locator('#trigger').boundingBox(),
    ];
    expect(logo && trigger && logo.y >= trigger.y && logo.y + logo.height <= trigger.y + trigger.height).toBe(
      true,
    );
  });
});

it('its heading has the level that the page needs, and keeps its words', async () => {
  await show('idle');
  const level = () =>
    page.locator('plex-sign-in').evaluate((tag) => tag.shadowRoot?.getElementById('heading')?.localName);
  expect(await level()).toBe('h2');
  await page.evaluate(() => window.scene.tag.setAttribute('heading-level', '3'));
  await expect.poll(level).toBe('h3');
  expect(await text('heading')).toBe('Sign in to Moviebox');
  expect(await page.getByRole('heading', { level: 3 }).getAttribute('part')).toBe('heading');
  for (const none of ['0', '7', 'three', '']) {
    await page.evaluate((none) => window.scene.tag.setAttribute('heading-level', none), none);
    await expect.poll(level).toBe('h2');
  }
  await page.evaluate(() => {
    window.scene.tag.headingLevel = 1;
  });
  await expect.poll(level).toBe('h1');
});

it('a code that is copied by hand is one line', async () => {
  await show('waiting', { mode: 'code' });
  const copied = await page.evaluate(() => {
    const code = window.stage.partOf(window.scene.tag, 'code');
    const selection = getSelection() as Selection;
    selection.selectAllChildren(code);
    return `${selection}`;
  });
  expect(copied).toMatch(/^[A-Z0-9]{4}$/);
});

it.each(['card', 'button'])(
  'the look %s shrinks to 200 pixels in a grid and overflows nothing',
  async (look) => {
    await page.evaluate(() => {
      const stage = document.querySelector('#stage') as HTMLElement;
      Object.assign(stage.style, { display: 'grid', gridTemplateColumns: '1fr', width: '200px' });
    });
    for (const mode of ['popup', 'code'])
      for (const lang of ['en', 'de', 'ar'])
        for (const state of ['idle', 'waiting', 'trouble', 'offline', 'signedIn'] as const) {
          await clear();
          await show(state, { look, mode, lang });
          const seen = await page.evaluate(() => {
            const card = window.stage.partOf(window.scene.tag, 'card');
            return [window.scene.tag.getBoundingClientRect().width, card.scrollWidth - card.clientWidth];
          });
          expect([state, mode, lang, ...seen]).toEqual([state, mode, lang, 200, 0]);
        }
  },
);

describe('under a pointer', () => {
  it('underlines a quiet button, and not the main one', async () => {
    await show('requesting');
    const lineUnder = (id: string) =>
      page.locator(`#${id}`).evaluate((node) => getComputedStyle(node).textDecorationLine);
    await page.locator('#quiet').hover();
    expect(await lineUnder('quiet')).toBe('underline');
    await page.locator('#main').hover({ force: true });
    expect(await lineUnder('main')).toBe('none');
  });

  it('changes nothing where a finger was', async () => {
    const context = await browser.newContext({
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 740 },
    });
    const phone = await context.newPage();
    await phone.goto(site.url);
    await phone.evaluate(async () => {
      window.scene = await window.stage.show('waiting', {});
    });
    const looksOf = (id: string) =>
      phone.locator(`#${id}`).evaluate((node) => {
        const { textDecorationLine, filter, backgroundColor } = getComputedStyle(node);
        return [textDecorationLine, filter, backgroundColor];
      });
    const before = await looksOf('main');
    await phone.locator('#main').hover();
    expect(await looksOf('main')).toEqual(before);
    await phone.locator('#quiet').hover();
    expect((await looksOf('quiet'))[0]).toBe('none');
    await context.close();
  });
});

describe('where nothing can be copied, in the mode code', () => {
  it('does not cancel where Enter is pressed twice', async () => {
    await page.evaluate(() => Reflect.deleteProperty(Navigator.prototype, 'clipboard'));
    await show('idle', { mode: 'code' });
    await page.locator('#main').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.evaluate(() => window.stage.until(() => window.scene.plex.pins.length > 0));
    await page.evaluate(() => window.scene.time.advance(200));
    await page.keyboard.press('Enter');
    const [status, focused] = await page.evaluate(() => {
      const { tag } = window.scene;
      return [tag.auth?.getSnapshot().status, tag.shadowRoot?.activeElement?.id];
    });
    expect([status, focused, page.context().pages().length]).toEqual(['awaitingLink', 'heading', 1]);
  });
});

describe('on a phone, in the mode code', () => {
  it('opens Plex’s page by its main button, and shows no picture of itself', async () => {
    const context = await browser.newContext({
      hasTouch: true,
      isMobile: true,
      viewport: { width: 360, height: 740 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const phone = await context.newPage();
    await phone.goto(site.url);
    await phone.evaluate(async () => {
      window.scene = await window.stage.show('waiting', { attributes: { mode: 'code' } });
    });
    const main = phone.getByRole('link', { name: 'Open Plex' });
    const [note, link] = [await phone.locator('#note').boundingBox(), await main.boundingBox()];
    // The time left is no part of the button below it.
    expect((link?.y ?? 0) - (note?.y ?? 0) - (note?.height ?? 0)).toBeGreaterThanOrEqual(8);
    const code = (await phone.locator('#code').textContent()) ?? '';
    expect(await main.getAttribute('href')).toMatch(new RegExp(`plex\\.tv/link/?\\?.*${code}`));
    expect(await main.getAttribute('target')).toBe('_blank');
    expect(await main.getAttribute('class')).toBe('main');
    expect(await phone.locator('#scan').isVisible()).toBe(false);
    expect(await phone.getByRole('img', { name: /QR/ }).count()).toBe(0);
    // In the order of reading too: the button first, then the code for another device.
    const order = await phone.evaluate(() => {
      const [link, steps] = ['link', 'steps'].map((id) => window.stage.partOf(window.scene.tag, id));
      return link?.compareDocumentPosition(steps as Node);
    });
    expect(order).toBe(4);
    await phone.getByRole('button', { name: 'Copy code' }).tap();
    await expect.poll(() => phone.locator('#copy').textContent()).toBe('Copied');
    expect(await phone.evaluate(() => navigator.clipboard.readText())).toBe(code);
    await context.close();
  });
});
