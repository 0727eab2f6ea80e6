/** What a page and its people do to a tag at odd moments: they move it to another page, or hold a key down. */
import { describe, expect, it } from 'vitest';
import { openStagePage, page, show, text } from './stage-page.ts';

openStagePage();

describe('a tag that goes to another document', () => {
  /** Moves the tag into a frame of the page. */
  const moveToFrame = () =>
    page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      frame.contentDocument?.body.append(window.scene.tag);
    });

  /** What the styles of the card, of its look and of what is loaded later give. */
  const dress = (look: string) =>
    page.evaluate((look) => {
      const styleOf = (id: string) => getComputedStyle(window.stage.partOf(window.scene.tag, id));
      const { borderTopWidth, paddingTop } = styleOf('card');
      return [
        borderTopWidth,
        paddingTop !== '0px',
        styleOf('badge').gridTemplateColumns !== 'none',
        look === 'card' || styleOf(look === 'tv' ? 'heading' : 'trigger').fontWeight,
      ];
    }, look);

  it.each(['card', 'button', 'tv'])('keeps its styles there, and back in the first (%s)', async (look) => {
    await show('waiting', { look, mode: 'popup' });
    const before = await dress(look);
    await moveToFrame();
    await expect.poll(() => dress(look)).toEqual(before);
    await page.evaluate(() => document.querySelector('#stage')?.append(window.scene.tag));
    await expect.poll(() => dress(look)).toEqual(before);
  });

  it('keeps its styles after a time in a document without a page', async () => {
    await show('idle');
    const before = await dress('card');
    await page.evaluate(async () => {
      document.implementation.createHTMLDocument().body.append(window.scene.tag);
      await new Promise((next) => requestAnimationFrame(next));
      document.querySelector('#stage')?.append(window.scene.tag);
    });
    await expect.poll(() => dress('card')).toEqual(before);
    expect(await page.locator('plex-sign-in').evaluate((tag) => tag.shadowRoot?.querySelector('style'))).toBe(
      null,
    );
  });

  it('continues its sign-in there, and counts on though nobody sees the first', async () => {
    await show('waiting');
    await moveToFrame();
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true });
      document.dispatchEvent(new Event('visibilitychange'));
      return window.scene.time.advance(120_000);
    });
    const note = () => page.evaluate(() => window.stage.partOf(window.scene.tag, 'note').textContent);
    await expect.poll(note).toBe('24 minutes left');
    await page.evaluate(async () => {
      const { plex, time } = window.scene;
      plex.link(plex.pins.at(-1)?.code ?? '');
      await time.advance(5000);
    });
    expect(await page.evaluate(() => window.scene.events.length)).toBe(1);
  });
});

describe('Enter that is held down', () => {
  const hold = async () => {
    for (let times = 0; times < 6; times++) await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
  };

  it.each(['card', 'button'])('opens one window (%s)', async (look) => {
    await page.evaluate(async (look) => {
      let opened = 0;
      window.scene = await window.stage.putUp({
        attributes: { look },
        parent: document.querySelector('#stage') as HTMLElement,
        options: {
          opener: () => {
            opened++;
            document.title = `${opened} opened`;
            return { closed: false, navigate() {}, close() {} };
          },
        },
      });
      window.scene.tag.focus();
    }, look);
    await hold();
    await page.evaluate(() => window.scene.time.advance(200));
    expect(await page.title()).toBe('1 opened');
  });

  it('does not begin again what its Cancel has ended', async () => {
    await show('waiting', { mode: 'code' });
    await page.locator('#quiet').focus();
    await hold();
    await page.evaluate(() => window.scene.time.advance(200));
    expect(await text('main')).toBe('Get a code');
  });
});
