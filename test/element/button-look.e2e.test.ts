/** `look="button"`: one control that says where the sign-in stands, and its panel. */
import { describe, expect, it } from 'vitest';
import type { StageState } from './stage.ts';
import { complaints, openStagePage, page, show, text, visibleButtons } from './stage-page.ts';

openStagePage();

const look = 'button';
const label = () =>
  page.locator('#label > *').evaluateAll((nodes) =>
    nodes
      .filter((node) => node.getClientRects().length > 0)
      .map((node) => node.textContent?.trim())
      .filter(Boolean)
      .join(' '),
  );
const isOpen = () => page.locator('#card').isVisible();
const press = () => page.locator('#trigger').click();
const focusedID = () => page.evaluate(() => window.scene.tag.shadowRoot?.activeElement?.id);

describe('the button', () => {
  it.each([
    ['idle', 'Sign in with Plex'],
    ['requesting', 'Contacting Plex…'],
    ['waiting', 'Waiting · 26 min'],
    ['lastSeconds', 'Waiting · 42 sec'],
    ['trouble', 'Poor connection'],
    ['throttled', 'Plex is busy'],
    ['closed', 'Still waiting… · 26 min'],
    ['blocked', 'The window was blocked'],
    ['signedIn', 'Signed in as ada'],
    ['signingOut', 'Signing out…'],
    ['expired', 'Try again The time ran out'],
    ['ended', 'Try again Your sign-in has ended'],
    ['offline', 'Try again Plex cannot be reached'],
    ['busy', 'Try again Plex is busy'],
  ] as const)('says in the state %s: "%s"', async (state, words) => {
    await show(state, { look });
    await expect.poll(label).toBe(words);
    expect(complaints).toEqual([]);
  });

  it('says the time again once nothing hinders the sign-in', async () => {
    await show('waiting', { look });
    await page.evaluate(async () => {
      window.scene.plex.fault({ type: 'rateLimited', retryAfter: 60 }, { operation: 'getToken' });
      await window.scene.time.advance(20_000);
    });
    await expect.poll(label).toBe('Plex is busy');
    await page.evaluate(() => window.scene.time.advance(90_000));
    await expect.poll(label).toMatch(/^Waiting · \d+ min$/);
  });

  it('is one control of 44 pixels and as wide as its container, in every state', async () => {
    for (const width of [200, 358]) {
      await page.evaluate((width) => {
        const stage = document.querySelector('#stage') as HTMLElement;
        stage.style.width = `${width}px`;
      }, width);
      for (const state of [
        'idle',
        'requesting',
        'waiting',
        'closed',
        'blocked',
        'signedIn',
        'offline',
      ] as const) {
        await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
        await show(state, { look });
        const box = await page.locator('plex-sign-in').boundingBox();
        expect([state, box?.width, box?.height]).toEqual([state, width, 44]);
        // Words of two lines are there in full: a third line, even an empty one, would end them with an ellipsis.
        const lines = await page.locator('#label').evaluate((label) => {
          const { scrollHeight, clientHeight, children } = label;
          const shown = [...children].filter((child) => getComputedStyle(child).display === 'block');
          return [scrollHeight - clientHeight, shown.filter((child) => !child.textContent).length];
        });
        expect([state, ...lines]).toEqual([state, 0, 0]);
      }
    }
  });

  it('starts by one press, and opens nothing on the page', async () => {
    await show('idle', { look });
    await press();
    await expect.poll(label).toContain('Waiting');
    expect(await isOpen()).toBe(false);
  });

  it('starts again by one press after an error', async () => {
    await show('offline', { look });
    const before = await page.evaluate(() => window.scene.plex.requests.length);
    await press();
    await expect.poll(() => page.evaluate(() => window.scene.plex.requests.length)).toBeGreaterThan(before);
  });

  it.each([
    ['blocked', 'popup', true],
    ['waiting', 'code', true],
    ['offline', 'popup', true],
    ['limit', 'popup', true],
    ['waiting', 'popup', false],
    ['closed', 'popup', false],
    ['signedIn', 'popup', false],
    ['ended', 'popup', false],
  ] as const)(
    'in the state %s and the mode %s is its panel open by itself: %s',
    async (state, mode, opens) => {
      await show(state as StageState, { look, mode });
      expect(await isOpen()).toBe(opens);
    },
  );

  it('stands again as a card where the look changes, and the other way round', async () => {
    await show('waiting', { look });
    await page.evaluate(() => window.scene.tag.setAttribute('look', 'card'));
    await expect.poll(isOpen).toBe(true);
    expect(await page.locator('#card #badge').isVisible()).toBe(true);
    expect(await page.locator('#trigger').count()).toBe(0);
    await page.evaluate(() => {
      window.scene.tag.look = 'button';
    });
    await expect.poll(isOpen).toBe(false);
    expect(await page.locator('#trigger #badge').isVisible()).toBe(true);
  });
});

/** How browsers before 2024 do it. */
const withoutPopovers = () =>
  page.evaluate(() => {
    Reflect.deleteProperty(HTMLElement.prototype, 'showPopover');
    Reflect.deleteProperty(HTMLElement.prototype, 'popover');
  });

describe.each([
  ['a popover', async () => {}],
  ['a box of its own', withoutPopovers],
] as const)('its panel, as %s', (_, prepare) => {
  it('opens and closes by the button, and takes what the user has to do', async () => {
    await prepare();
    await show('waiting', { look });
    await press();
    await expect.poll(isOpen).toBe(true);
    expect(await page.locator('#trigger').getAttribute('aria-expanded')).toBe('true');
    expect(await visibleButtons()).toEqual([
      expect.stringContaining('Waiting'),
      'Open the window again',
      'Cancel',
    ]);
    await press();
    await expect.poll(isOpen).toBe(false);
    expect(await page.locator('#trigger').getAttribute('aria-expanded')).toBe('false');
  });

  it('closes by Escape with the focus back at the button, and by a press elsewhere', async () => {
    await prepare();
    await show('waiting', { look });
    await press();
    await page.locator('#quiet').focus();
    await page.keyboard.press('Escape');
    await expect.poll(isOpen).toBe(false);
    expect(await focusedID()).toBe('trigger');
    await press();
    await expect.poll(isOpen).toBe(true);
    await page.mouse.click(2, 2);
    await expect.poll(isOpen).toBe(false);
  });

  it('is reached by the Tab key after the button', async () => {
    await prepare();
    await show('waiting', { look });
    await page.locator('#trigger').focus();
    await page.keyboard.press('Enter');
    await expect.poll(isOpen).toBe(true);
    await page.keyboard.press('Tab');
    expect(await focusedID()).toBe('main');
  });

  it('closes, and keeps the focus at the button, where its Cancel ends the sign-in', async () => {
    await prepare();
    await show('waiting', { look });
    await press();
    await page.locator('#quiet').click();
    await expect.poll(isOpen).toBe(false);
    await expect.poll(label).toBe('Sign in with Plex');
    expect(await focusedID()).toBe('trigger');
  });

  it('stays closed once the user has closed it, until there is something else to do', async () => {
    await prepare();
    await show('waiting', { look, mode: 'code' });
    await page.mouse.click(2, 2);
    await expect.poll(isOpen).toBe(false);
    await page.evaluate(() => window.scene.time.advance(20_000));
    expect(await isOpen()).toBe(false);
    await press();
    await expect.poll(isOpen).toBe(true);
    expect(await page.locator('#code').textContent()).toMatch(/^[A-Z0-9]{4}$/);
  });

  it('stays on its side of the button while it is open, and scrolls where its words grow', async () => {
    await prepare();
    await page.setViewportSize({ width: 600, height: 800 });
    // Just enough room below, and more above.
    await page.evaluate(() => {
      const stage = document.querySelector('#stage') as HTMLElement;
      Object.assign(stage.style, { position: 'fixed', inset: '450px 8px auto' });
    });
    await show('waiting', { look });
    await press();
    await expect.poll(isOpen).toBe(true);
    const sideOf = () =>
      page.evaluate(() => {
        const [panel, trigger] = ['card', 'trigger'].map((id) =>
          window.stage.partOf(window.scene.tag, id).getBoundingClientRect(),
        ) as [DOMRect, DOMRect];
        return [
          panel.top > trigger.bottom ? 'below' : 'above',
          panel.top >= 0 && panel.bottom <= innerHeight,
        ];
      });
    await expect.poll(sideOf).toEqual(['below', true]);
    await page.evaluate(() => {
      window.scene.tag.strings = { waitingText: 'More to read than there is room for. '.repeat(30) };
    });
    await expect.poll(() => text('text')).toMatch(/^More/);
    expect(await sideOf()).toEqual(['below', true]);
    // The user moves the window, and leaves no room on that side.
    await page.setViewportSize({ width: 600, height: 600 });
    await expect.poll(sideOf).toEqual(['above', true]);
    // Opened again, it is as for the first time.
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 600, height: 1400 });
    await press();
    await expect.poll(sideOf).toEqual(['below', true]);
  });

  it('keeps its buttons where they are, whatever its text says', async () => {
    await prepare();
    await page.evaluate(() => {
      (document.querySelector('#stage') as HTMLElement).style.width = '336px';
    });
    await show('waiting', { look });
    await page.evaluate(() => {
      // Two lines in every font.
      window.scene.tag.strings = {
        waitingText: 'You will be signed in here, and need not press anything at all.',
      };
    });
    await press();
    const topsOf = () => {
      const tops = ['main', 'quiet'].map((id) => page.locator(`#card #${id}`).boundingBox());
      return Promise.all(tops.map(async (box) => (await box)?.y));
    };
    await expect.poll(isOpen).toBe(true);
    const before = await topsOf();
    await page.evaluate(async () => {
      window.scene.opened.closed = true;
      await window.scene.time.advance(5000);
    });
    await expect.poll(() => text('heading')).toBe('Still waiting for Plex');
    expect(await topsOf()).toEqual(before);
    await page.context().setOffline(true);
    await expect.poll(() => text('text')).toBe('You are offline. Waiting for the connection.');
    expect(await topsOf()).toEqual(before);
    await page.context().setOffline(false);
  });

  it.each([
    [1280, 720],
    [720, 760],
    [440, 640],
    [360, 640],
  ])('of a code leaves its button in sight, and begins with its heading (%i × %i)', async (width, height) => {
    await prepare();
    await page.setViewportSize({ width, height });
    await page.evaluate(() => {
      const stage = document.querySelector('#stage') as HTMLElement;
      Object.assign(stage.style, { position: 'fixed', inset: '380px 20px auto' });
    });
    await show('waiting', { look, mode: 'code' });
    await expect.poll(isOpen).toBe(true);
    const [panel, trigger, heading] = [
      await page.locator('#card').boundingBox(),
      await page.locator('#trigger').boundingBox(),
      await page.locator('#heading').boundingBox(),
    ];
    if (!panel || !trigger || !heading) throw new Error('Nothing is shown');
    expect(panel.y >= trigger.y + trigger.height || panel.y + panel.height <= trigger.y).toBe(true);
    expect(heading.y).toBeGreaterThanOrEqual(panel.y);
    const hidden = await page.locator('#card').evaluate((card) => card.scrollHeight - card.clientHeight);
    expect(hidden).toBe(0);
    // What is not beside the picture is in the middle.
    const [note, scan] = [await page.locator('#note').boundingBox(), page.locator('#scan')];
    const middle = ({ x = 0, width = 0 } = {}) => Math.round(x + width / 2);
    if (!(await scan.isVisible())) expect(middle(note ?? {})).toBe(middle(panel));
  });

  it('does not say again what its button says', async () => {
    for (const state of ['requesting', 'signedIn'] as const) {
      await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
      await show(state, { look });
      await press();
      await expect.poll(isOpen).toBe(true);
      expect(await page.locator('#card #heading').isVisible()).toBe(false);
    }
  });

  it('lies within the window, below the button or above', async () => {
    await prepare();
    await page.setViewportSize({ width: 360, height: 640 });
    for (const top of [0, 560]) {
      await page.evaluate((top) => {
        const stage = document.querySelector('#stage') as HTMLElement;
        stage.replaceChildren();
        Object.assign(stage.style, { position: 'fixed', inset: `${top}px 8px auto` });
      }, top);
      await show('waiting', { look });
      await press();
      await expect.poll(isOpen).toBe(true);
      const [panel, trigger] = [
        await page.locator('#card').boundingBox(),
        await page.locator('#trigger').boundingBox(),
      ];
      if (!panel || !trigger) throw new Error('Nothing is shown');
      expect([
        panel.x >= 0,
        panel.x + panel.width <= 360,
        panel.y >= 0,
        panel.y + panel.height <= 640,
      ]).toEqual([true, true, true, true]);
      if (top === 0) expect(panel.y).toBeCloseTo(trigger.y + trigger.height + 8, 0);
      else expect(panel.y + panel.height).toBeCloseTo(trigger.y - 8, 0);
    }
  });

  it.each(['html', '#stage'])('lies at the button where CSS zooms %s', async (zoomed) => {
    await prepare();
    await page.setViewportSize({ width: 480, height: 800 });
    await page.addStyleTag({ content: `${zoomed} { zoom: 1.5 }` });
    for (const isWide of [false, true]) {
      await page.evaluate((isWide) => {
        const stage = document.querySelector('#stage') as HTMLElement;
        stage.replaceChildren();
        stage.style.inlineSize = isWide ? '' : '200px';
      }, isWide);
      await show('waiting', { look });
      await press();
      await expect.poll(isOpen).toBe(true);
      const [panel, trigger] = await page.evaluate(() =>
        ['card', 'trigger'].map((id) => window.stage.partOf(window.scene.tag, id).getBoundingClientRect()),
      );
      if (!panel || !trigger) throw new Error('Nothing is shown');
      expect([panel.left >= 0, panel.right <= 480, panel.bottom <= 800]).toEqual([true, true, true]);
      expect(panel.top).toBeCloseTo(trigger.bottom + 12, 0);
    }
  });
});

it('says what changes while the panel is closed', async () => {
  await show('idle', { look });
  await press();
  await expect
    .poll(() => text('live'))
    .toBe('Approve in the Plex window. You’ll be signed in here automatically.');
  const isHeard = await page.locator('#live').evaluate((live) => live.getClientRects().length > 0);
  expect(isHeard).toBe(true);
});
