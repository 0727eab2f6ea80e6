/** What changes around a sign-in that runs: its page, its mode, its look, its place, its user. */
import { describe, expect, it } from 'vitest';
import { complaints, openStagePage, page, show, text, visibleButtons } from './stage-page.ts';

openStagePage();

const focusedID = () => page.evaluate(() => window.scene.tag.shadowRoot?.activeElement?.id);
const boxOf = (id: string) =>
  page.locator(`#${id}`).evaluate((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [x, y, width, height];
  });
const set = (attributes: Record<string, string>) =>
  page.evaluate((attributes) => {
    for (const [name, value] of Object.entries(attributes)) window.scene.tag.setAttribute(name, value);
  }, attributes);

describe('a popup that is refused', () => {
  it.each([
    ['card', 384],
    ['card', 200],
    ['button', 384],
  ])('keeps its buttons where they are when the link comes (%s, %i pixels)', async (look, width) => {
    await page.evaluate(
      async ({ look, width }) => {
        const parent = document.querySelector('#stage') as HTMLElement;
        parent.style.width = `${width}px`;
        window.scene = await window.stage.putUp({ attributes: { look }, parent, opensWindows: false });
        window.scene.plex.fault({ type: 'slow', delayMs: 5000 }, { operation: 'getPin' });
        window.stage.partOf(window.scene.tag, look === 'button' ? 'trigger' : 'main').click();
      },
      { look, width },
    );
    await expect.poll(() => text('heading')).toBe('The window was blocked');
    const link = page.getByRole('link', { name: 'Open in a new tab' });
    expect([await link.count(), await page.locator('#link').isVisible()]).toEqual([0, false]);
    const boxes = async () => [await boxOf('main'), await boxOf('link'), await boxOf('quiet')];
    const before = await boxes();
    await page.evaluate(() => window.scene.time.advance(6000));
    await expect.poll(() => link.count()).toBe(1);
    expect(await boxes()).toEqual(before);
  });
});

describe('a sign-in that began with a code', () => {
  it('offers to open a window in the mode popup, and speaks of one once it is open', async () => {
    await show('waiting', { mode: 'code' });
    await set({ mode: 'popup' });
    await expect.poll(() => text('heading')).toBe('Waiting for Plex');
    expect(await text('text')).toBe('Approve with your Plex account in the window that opens.');
    expect(await visibleButtons()).toEqual(['Open Plex', 'Cancel']);
    await page.getByRole('button', { name: 'Open Plex' }).click();
    await expect.poll(() => text('heading')).toBe('Approve in the Plex window');
    expect(await visibleButtons()).toEqual(['Open the window again', 'Cancel']);
  });
});

describe('a wait that Plex asks for', () => {
  it.each([
    ['busy', {}, 'text', '24 hr'],
    ['throttled', {}, 'text', '30 min'],
    ['waiting', { mode: 'code' }, 'note', '5 min'],
  ] as const)('is counted down by the engine’s clock (%s, %o)', async (state, attributes, id, first) => {
    await show(state, attributes);
    if (state === 'waiting')
      await page.evaluate(async () => {
        window.scene.plex.fault({ type: 'rateLimited', retryAfter: 300 }, { operation: 'getToken' });
        await window.scene.time.advance(5000);
      });
    const isOver = () => page.locator('#main').evaluate((main) => main.classList.contains('main'));
    const waitMs = await page.evaluate(async () => {
      const view = window.scene.tag.auth?.getSnapshot();
      const { atMs = 0, retryAfterMs = 0 } = (view?.status === 'failed' ? view.error : view?.lastError) ?? {};
      return atMs + retryAfterMs - window.scene.time.clock.now();
    });
    await expect.poll(() => text(id)).toBe(`Plex asks us to wait · ${first}`);
    await page.evaluate((ms) => window.scene.time.advance(ms), waitMs - 59_000);
    await expect.poll(() => text(id)).toBe('Plex asks us to wait · 59 sec');
    if (state === 'busy') expect(await isOver()).toBe(false);
    await page.evaluate(() => window.scene.time.advance(58_000));
    await expect.poll(() => text(id)).toBe('Plex asks us to wait · 1 sec');
    if (state !== 'busy') return;
    await page.evaluate(() => window.scene.time.advance(1000));
    await expect.poll(isOver).toBe(true);
    expect(await text('text')).toBe('');
  });
});

describe('a sign-in that began with a popup', () => {
  it('offers Plex’s page, its picture and a code to type in the mode code', async () => {
    await show('waiting');
    await set({ mode: 'code' });
    await expect.poll(() => text('text')).toBe('Approve with your Plex account, then come straight back.');
    expect(await visibleButtons()).toEqual(['Get a code', 'Cancel']);
    const link = page.locator('plex-sign-in').getByRole('link');
    expect([await link.textContent(), await link.getAttribute('href')]).toEqual([
      'Open Plex',
      await page.evaluate(() => window.scene.tag.auth?.getSnapshot().authURL),
    ]);
    await expect.poll(() => page.locator('#qr').isVisible()).toBe(true);
  });

  it.each([1920, 320])(
    'shows its picture on a television %i pixels wide, and a code once one is asked for',
    async (width) => {
      await page.setViewportSize({ width, height: 1080 });
      await show('waiting');
      await set({ look: 'tv' });
      await expect.poll(() => text('text')).toBe('Scan: the code is filled in');
      await expect.poll(() => page.locator('#modules').getAttribute('d')).toMatch(/^M/);
      expect([
        await page.locator('#qr').isVisible(),
        await page.locator('#address').isVisible(),
        await visibleButtons(),
      ]).toEqual([true, false, ['Get a code', 'Cancel']]);
      await page.getByRole('button', { name: 'Get a code' }).click();
      await page.evaluate(() => window.stage.until(() => window.scene.plex.pins.length > 1));
      await page.evaluate(() => window.scene.time.advance(1000));
      await expect.poll(() => text('code')).toMatch(/^[A-Z0-9]{4}$/);
      expect(complaints).toEqual([]);
    },
  );

  it('offers Plex’s page first, and below it a code that begins anew', async () => {
    await show('waiting');
    await page.locator('#main').focus();
    await set({ mode: 'code' });
    await expect.poll(() => text('main')).toBe('Get a code');
    // The button that had the focus is another one now.
    await expect.poll(focusedID).toBe('link');
    const [main, link] = [
      await page.locator('#main').boundingBox(),
      await page.locator('#link').boundingBox(),
    ];
    expect((main?.y ?? 0) - (link?.y ?? 0) - (link?.height ?? 0)).toBeGreaterThanOrEqual(8);
    await page.keyboard.press('Tab');
    expect(await focusedID()).toBe('main');
    await set({ look: 'tv' });
    await page.evaluate(() => window.scene.tag.focus());
    await expect.poll(focusedID).toBe('heading');
    await set({ look: 'card', mode: 'popup' });
    await expect.poll(() => text('main')).toBe('Open the window again');
    const order = await page.locator('#actions > *').evaluateAll((nodes) => nodes.map(({ id }) => id));
    expect(order.slice(0, 3)).toEqual(['main', 'link', 'quiet']);
  });

  it('has the focus at its heading on a television', async () => {
    await show('waiting');
    await page.locator('#main').focus();
    await set({ look: 'tv' });
    await expect.poll(() => text('main')).toBe('Get a code');
    await expect.poll(focusedID).toBe('heading');
  });

  it('offers no other code where the engine is the application’s', async () => {
    await page.evaluate(async () => {
      const { tag, plex, time } = await window.stage.putUp({});
      const auth = window.stage.createPlexAuth({ product: 'Moviebox', fetch: plex.fetch, clock: time.clock });
      tag.auth = auth;
      tag.look = 'tv';
      auth.start();
      await time.advance(1000);
    });
    await expect.poll(() => text('text')).toBe('Scan: the code is filled in');
    expect(await visibleButtons()).toEqual(['Cancel']);
  });
});

describe('a product that is taken away while a sign-in runs', () => {
  it.each(['card', 'button'])('is missing as soon as that sign-in is over (%s)', async (look) => {
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    await show('waiting', { look });
    await page.evaluate(() => window.scene.tag.removeAttribute('product'));
    await expect.poll(() => text('heading')).toBe('Approve in the Plex window');
    await page.evaluate(() => {
      if (window.scene.tag.look === 'button') window.stage.openPanel(window.scene.tag);
      window.stage.partOf(window.scene.tag, 'quiet').click();
    });
    await expect.poll(() => text('heading')).toBe('Something is set up wrong');
    expect(await page.locator('#card #main').isVisible()).toBe(false);
    await expect.poll(() => errors.join()).toContain('Give <plex-sign-in>');
    expect(await page.evaluate(() => window.scene.tag.auth === undefined)).toBe(true);
    await set({ product: 'Moviebox' });
    await expect.poll(() => text('heading')).toBe('Sign in to Moviebox');
  });
});

describe('the focus', () => {
  it.each([
    ['card', 'quiet', 'button', 'trigger'],
    ['button', 'trigger', 'card', 'main'],
  ])('stays in the tag where the look changes from %s', async (look, from, other, to) => {
    await show('waiting', { look });
    await page.locator(`#${from}`).focus();
    await set({ look: other });
    await expect.poll(focusedID).toBe(to);
  });

  it('is not taken from another control of the page where the look changes', async () => {
    await show('waiting');
    await page.evaluate(() => {
      document.body.prepend(document.createElement('input'));
      document.querySelector('input')?.focus();
    });
    await set({ look: 'button' });
    await expect.poll(() => page.locator('#trigger').isVisible()).toBe(true);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('input');
  });

  it('stays where it is when the tag is moved in the page', async () => {
    await show('waiting');
    await page.locator('#quiet').focus();
    await page.evaluate(() => {
      const other = document.createElement('section');
      document.body.append(other);
      other.append(window.scene.tag);
    });
    await expect.poll(focusedID).toBe('quiet');
    // Not where it was taken out, and comes back later.
    await page.evaluate(async () => {
      const { tag } = window.scene;
      tag.remove();
      await new Promise((next) => setTimeout(next));
      document.body.append(tag);
      await new Promise((next) => setTimeout(next, 50));
    });
    expect(await focusedID()).toBeUndefined();
  });
});

describe('no connection at all', () => {
  it.each([
    ['card', 'text'],
    ['button', 'state'],
  ])('is said at once, to screen readers too, and taken back (%s)', async (look, id) => {
    await show('waiting', { look });
    const before = await text(id);
    await page.context().setOffline(true);
    await expect.poll(() => text(id)).toMatch(/^(You are offline. Waiting for the connection.|Offline)$/);
    expect(await text('live')).toBe('You are offline. Waiting for the connection.');
    await page.context().setOffline(false);
    await expect.poll(() => text(id)).toBe(before);
    expect(await text('live')).toMatch(/^Approve in the Plex window/);
  });

  it('is of no interest to a tag that was taken out', async () => {
    await show('waiting');
    const listeners = await page.evaluate(async () => {
      const { tag } = window.scene;
      const removed: string[] = [];
      const { removeEventListener } = window;
      window.removeEventListener = (...all: Parameters<typeof removeEventListener>) => {
        removed.push(all[0]);
        removeEventListener.apply(window, all);
      };
      tag.remove();
      await new Promise((next) => setTimeout(next));
      return removed;
    });
    expect(listeners).toContain('offline');
  });
});

describe('a user', () => {
  const signIn = (username: string) =>
    page.evaluate(async (username) => {
      document.querySelector('#stage')?.replaceChildren();
      const parent = document.querySelector('#stage') as HTMLElement;
      window.scene = await window.stage.putUp({ parent, attributes: window.attributesOfUser ?? {} });
      const { plex } = window.scene;
      const fetch = (window.scene.tag.options.fetch ?? plex.fetch) as typeof plex.fetch;
      window.scene.tag.options = {
        ...window.scene.tag.options,
        fetch: async (...all: Parameters<typeof plex.fetch>) => {
          const response = await fetch(...all);
          if (!`${all[0] instanceof Request ? all[0].url : all[0]}`.includes('/user')) return response;
          return Response.json({ ...(await response.json()), username }, response);
        },
      };
      await new Promise((next) => setTimeout(next));
      await window.stage.moves.signedIn(window.scene);
    }, username);

  it('leaves no picture behind with the sign-out', async () => {
    await show('signedIn');
    await expect.poll(() => page.locator('#avatar').count()).toBe(1);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(() => text('heading')).toBe('Sign in to Moviebox');
    expect(await page.locator('#avatar').count()).toBe(0);
  });

  it('whose name turns the writing round turns nothing else round', async () => {
    await signIn('\u202Enimda');
    await expect.poll(() => text('heading')).toBe('Signed in as nimda');
  });

  it('with a name of 500 characters has two lines, and moves nothing', async () => {
    const name = 'Maximilian '.repeat(45).trim();
    const shifts = await page.evaluate(() => {
      const scores: number[] = [];
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) scores.push((entry as unknown as { value: number }).value);
      });
      observer.observe({ type: 'layout-shift' });
      Object.assign(window, { shifts: scores });
      return scores.length;
    });
    expect(shifts).toBe(0);
    await show('signedIn');
    const height = await page.locator('plex-sign-in').evaluate((tag) => tag.getBoundingClientRect().height);
    await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.splice(0));
    await signIn(name);
    await expect.poll(() => text('heading')).toBe(`Signed in as ${name}`);
    const after = await page.locator('plex-sign-in').evaluate((tag) => tag.getBoundingClientRect().height);
    expect(after).toBe(height);
    expect(await page.locator('#heading').getAttribute('title')).toBe(`Signed in as ${name}`);
    await page.waitForTimeout(100);
    expect(await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts)).toEqual([]);
  });

  it.each([200, 358])('with a long name keeps the button at 44 pixels (%i wide)', async (width) => {
    await page.evaluate((width) => {
      (document.querySelector('#stage') as HTMLElement).style.width = `${width}px`;
      window.attributesOfUser = { look: 'button' };
    }, width);
    const name = 'Maximilian Alexander von und zu Hohenstein-Wartenburg';
    await signIn(name);
    await expect.poll(() => text('state')).toBe(`Signed in as ${name}`);
    const box = await page.locator('plex-sign-in').boundingBox();
    expect([box?.width, box?.height]).toEqual([width, 44]);
    expect(await page.locator('#label').getAttribute('title')).toBe(`Signed in as ${name}`);
  });
});

it.each([320, 200])('a television’s look fits into a column of %i pixels', async (width) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.evaluate((width) => {
    (document.querySelector('#stage') as HTMLElement).style.width = `${width}px`;
  }, width);
  for (const [state, mode] of [
    ['idle', 'code'],
    ['waiting', 'code'],
    ['trouble', 'code'],
    ['blocked', 'popup'],
    ['signedIn', 'code'],
    ['misconfigured', 'code'],
  ] as const) {
    await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
    await show(state, { look: 'tv', mode });
    const outside = await page.evaluate(() => {
      const root = window.scene.tag.shadowRoot as ShadowRoot;
      const { left, right } = window.scene.tag.getBoundingClientRect();
      return [...root.querySelectorAll<HTMLElement>('#card, #card *')]
        .filter((node) => node.getClientRects().length > 0 && !node.closest('.heard, svg'))
        .filter((node) => {
          const box = node.getBoundingClientRect();
          return box.left < left - 1 || box.right > right + 1 || node.scrollWidth > node.clientWidth + 1;
        })
        .filter((node) => getComputedStyle(node).display !== 'inline')
        .map((node) => node.id || node.localName);
    });
    expect([state, outside]).toEqual([state, []]);
  }
});

declare global {
  interface Window {
    attributesOfUser?: Record<string, string>;
  }
}
