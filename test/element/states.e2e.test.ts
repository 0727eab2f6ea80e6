import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { renderPlexSignIn } from '../../src/element/render-plex-sign-in.ts';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';
import type { StageState } from './stage.ts';

let browser: Browser;
let site: PageServer;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  const product = 'Moviebox';
  const script = `import 'plex-auth-flow/element';`;
  const policy = "default-src 'none'; script-src 'self'; require-trusted-types-for 'script'";
  site = await servePages({
    '/': {
      entry: 'test/element/stage.ts',
      body: '<main><h1 style="font-size: 1rem">Moviebox</h1><div id="stage"></div></main>',
    },
    '/strict': {
      script,
      body: `<plex-sign-in product="${product}"></plex-sign-in>`,
      headers: { 'Content-Security-Policy': policy },
    },
    '/server/en': { script, body: await renderPlexSignIn({ product, mode: 'code' }) },
    '/server/ar': { script, body: await renderPlexSignIn({ product, mode: 'code', lang: 'ar' }) },
  });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

beforeEach(async () => {
  page = await browser.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(site.url);
  return () => page.close();
});

/** Puts a tag up in a state; `window.scene` is what there is to it. */
async function show(state: StageState, attributes: Record<string, string> = {}) {
  await page.evaluate(
    async ([state, attributes]) => {
      const parent = document.querySelector<HTMLElement>('#stage') ?? document.body;
      window.scene = await window.stage.show(state, { attributes, parent });
    },
    [state, attributes] as const,
  );
}

const text = (id: string) => page.locator(`#${id}`).textContent();
const visibleButtons = () => page.locator('plex-sign-in').getByRole('button').allTextContents();

describe('what it says', () => {
  it.each([
    ['idle', 'Sign in to Moviebox', ['Sign in with Plex']],
    ['requesting', 'Contacting Plex', ['Sign in with Plex', 'Cancel']],
    ['waiting', 'Approve in the Plex window', ['Open the window again', 'Cancel']],
    ['trouble', 'Approve in the Plex window', ['Open the window again', 'Cancel']],
    ['blocked', 'The window was blocked', ['Continue in this tab', 'Cancel']],
    ['signedIn', 'You are signed in', ['Sign out']],
    ['signingOut', 'Signing out', ['Cancel']],
    ['expired', 'The time ran out', ['Try again']],
    ['ended', 'Your sign-in has ended', ['Try again']],
    ['offline', 'Plex cannot be reached', ['Try again']],
    ['busy', 'Plex is busy', ['Try again']],
    ['broken', 'Unusable answer from Plex', ['Try again']],
    ['misconfigured', 'Something is set up wrong', ['Try again']],
  ] as const)('in the state %s is "%s", with what to do next', async (state, heading, buttons) => {
    await show(state);
    expect(await text('heading')).toBe(heading);
    expect(await visibleButtons()).toEqual(buttons);
    expect((await text('text'))?.length).toBeGreaterThan(10);
    expect(complaints).toEqual([]);
  });

  it('names the error for whoever is asked for help', async () => {
    await show('misconfigured');
    expect(await text('footnote')).toBe('Error code: PLEX_CLIENT_MISMATCH 404 1020');
    expect(await page.evaluate(() => window.scene.events)).toMatchObject([
      expect.stringMatching(/^failed .*PLEX_CLIENT_MISMATCH/),
    ]);
  });

  it('starts again after the time ran out, and tells each end once', async () => {
    await show('expired');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => text('heading')).not.toBe('The time ran out');
    await page.evaluate(async () => {
      await window.scene.time.advance(1000);
      window.scene.plex.link(window.scene.plex.pins.at(-1)?.code ?? '');
      await window.scene.time.advance(5000);
    });
    expect(await text('heading')).toBe('You are signed in');
    const events = await page.evaluate(() => window.scene.events);
    expect(events.map((event) => event.split(' ')[0])).toEqual(['expired', 'authenticated']);
    expect(events.join()).not.toContain('token":"p');
    expect(events[1]).toContain('"token":"[redacted]"');
  });

  it('stays calm about a poor connection, and takes it back', async () => {
    await show('trouble');
    expect(await text('text')).toBe('The connection is poor. Still trying.');
    expect(await text('number')).toBe('30');
  });

  it('takes other words', async () => {
    await page.evaluate(async () => {
      window.scene = await window.stage.show('idle', { strings: { signIn: 'Use my Plex account' } });
    });
    expect(await visibleButtons()).toEqual(['Use my Plex account']);
    await page.evaluate(() => {
      window.scene.tag.strings = { signIn: 'Go' };
    });
    await expect.poll(visibleButtons).toEqual(['Go']);
    expect(await text('heading')).toBe('Sign in to Moviebox');
  });

  it('offers a new tab where nothing outlives the page, and says so', async () => {
    await show('unkept', { mode: 'redirect' });
    expect(await text('heading')).toBe('This page has to stay open');
    expect(await page.getByRole('link').getAttribute('target')).toBe('_blank');
    expect(await text('footnote')).toBe('Nothing can be saved here.');
    expect(await visibleButtons()).toEqual(['Cancel']);
  });

  it('says what is missing, where it is pressed without a product name', async () => {
    await show('idle', { product: '' });
    expect(await text('heading')).toBe('Sign in with Plex');
    await page.getByRole('button').click();
    await expect.poll(() => complaints.join()).toContain('product');
  });
});

describe('attributes that change late', () => {
  it('are followed at once while nothing runs', async () => {
    await show('idle');
    await page.evaluate(() => window.scene.tag.setAttribute('product', 'Other'));
    await expect.poll(() => text('heading')).toBe('Sign in to Other');
    await page.evaluate(() => window.scene.tag.setAttribute('mode', 'code'));
    await expect.poll(visibleButtons).toEqual(['Get a code']);
    await page.getByRole('button').click();
    await page.evaluate(() => window.stage.until(() => window.scene.plex.pins.length > 0));
    expect(await page.evaluate(() => window.scene.plex.pins[0]?.strong)).toBe(false);
  });

  it('end no flow that runs', async () => {
    await show('waiting');
    await page.evaluate(async () => {
      window.scene.tag.setAttribute('product', 'Other');
      await window.scene.time.advance(5000);
      window.scene.plex.link(window.scene.plex.pins[0]?.code ?? '');
      await window.scene.time.advance(5000);
    });
    expect(await text('heading')).toBe('You are signed in');
  });

  it('bring another language', async () => {
    await show('idle');
    await page.evaluate(() => window.scene.tag.setAttribute('lang', 'de-AT'));
    await expect.poll(() => text('heading')).toBe('Bei Moviebox anmelden');
    await page.evaluate(() => {
      window.scene.tag.removeAttribute('lang');
      document.documentElement.lang = 'fr';
    });
    await expect.poll(() => text('heading')).toBe('Se connecter à Moviebox');
  });
});

describe('the engine', () => {
  it('of its own ends with the tag', async () => {
    await show('waiting');
    const left = await page.evaluate(async () => {
      const auth = window.scene.tag.auth;
      window.scene.tag.remove();
      await new Promise((next) => requestAnimationFrame(next));
      await window.scene.time.advance(10_000);
      return { status: auth?.actor.getSnapshot().status, timers: window.scene.time.timers };
    });
    expect(left).toEqual({ status: 'stopped', timers: 0 });
  });

  it('that it is given goes on without it', async () => {
    const seen = await page.evaluate(async () => {
      const time = window.stage.createVirtualTime();
      const plex = window.stage.createPlexEmulator({ clock: time.clock });
      const auth = window.stage.createPlexAuth({ product: 'Given', fetch: plex.fetch, clock: time.clock });
      const tag = document.createElement('plex-sign-in');
      tag.lang = 'en';
      tag.auth = auth;
      document.body.append(tag);
      await window.stage.until(() => window.stage.partOf(tag, 'heading').textContent !== '');
      window.stage.partOf(tag, 'main').click();
      await time.advance(200);
      const link = window.stage.partOf(tag, 'link') as HTMLAnchorElement;
      const shown = {
        href: link.href,
        label: link.textContent,
        main: window.stage.partOf(tag, 'main').hidden,
      };
      tag.remove();
      await new Promise((next) => requestAnimationFrame(next));
      plex.link(plex.pins[0]?.code ?? '');
      await time.advance(5000);
      return { ...shown, status: auth.getSnapshot().status, actor: auth.actor.getSnapshot().status };
    });
    expect(seen).toMatchObject({ label: 'Open Plex', main: true, status: 'authenticated', actor: 'active' });
    expect(seen.href).toContain('https://app.plex.tv/auth#?clientID=');
  });

  it('that has signed in before it is given tells of it at once', async () => {
    const seen = await page.evaluate(async () => {
      const time = window.stage.createVirtualTime();
      const plex = window.stage.createPlexEmulator({ clock: time.clock });
      const auth = window.stage.createPlexAuth({ product: 'Given', fetch: plex.fetch, clock: time.clock });
      auth.start();
      await time.advance(100);
      plex.link(plex.pins[0]?.code ?? '');
      await time.advance(5000);
      const tag = document.createElement('plex-sign-in');
      const details: unknown[] = [];
      tag.addEventListener('authenticated', (event) =>
        details.push((event as CustomEvent).detail.clientIdentifier.length),
      );
      tag.lang = 'en';
      tag.auth = auth;
      document.body.append(tag);
      await window.stage.until(() => window.stage.partOf(tag, 'heading').textContent !== '');
      tag.setAttribute('product', 'Other');
      await new Promise((next) => requestAnimationFrame(next));
      return { details, heading: window.stage.partOf(tag, 'heading').textContent };
    });
    expect(seen).toEqual({ details: [24], heading: 'You are signed in' });
  });

  it('goes on while the tag is moved', async () => {
    await show('waiting');
    await page.evaluate(async () => {
      const { tag, time, plex } = window.scene;
      document.body.prepend(tag);
      const body: { moveBefore?: (node: Node, before: Node | null) => void } = document.body;
      await new Promise((next) => requestAnimationFrame(next));
      body.moveBefore?.(tag, null);
      await new Promise((next) => requestAnimationFrame(next));
      plex.link(plex.pins[0]?.code ?? '');
      await time.advance(5000);
    });
    expect(await text('heading')).toBe('You are signed in');
    expect(await page.evaluate(() => window.scene.plex.pins.length)).toBe(1);
  });

  it('renews a code that ran out, three times', async () => {
    await show('waiting', { mode: 'code' });
    const seen = await page.evaluate(async () => {
      await window.scene.time.advance(4 * 900_000 + 60_000);
      return { pins: window.scene.plex.pins.length, events: window.scene.events };
    });
    expect(seen.pins).toBe(4);
    expect(seen.events).toEqual(['expired {"reason":"pin"}']);
  });
});

describe('the live region', () => {
  it('says each change once, the code by its characters, and the time twice', async () => {
    await page.evaluate(async () => {
      const { putUp, partOf, until } = window.stage;
      window.scene = await putUp({ attributes: { mode: 'code' }, options: { renewals: 0 } });
      const { tag, time } = window.scene;
      const live = partOf(tag, 'live');
      const said: string[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => said.push(live.textContent ?? '')).observe(live, {
        childList: true,
        characterData: true,
        subtree: true,
      });
      partOf(tag, 'main').click();
      await until(() => tag.auth?.getSnapshot().status !== 'idle');
      await time.advance(200);
      await until(() => partOf(tag, 'note').textContent !== 'Contacting Plex');
      for (let second = 0; second < 905; second += 5) {
        await time.advance(5000);
        await Promise.resolve();
      }
    });
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    expect(said).toEqual([
      'Contacting Plex',
      'Go to plex.tv/link and enter the code P 6 W 6',
      '5 minutes left',
      '60 seconds left',
      'The time ran out. Nobody approved in time. You can start again any time.',
    ]);
  });
});

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

  it('keep the button of the mode code where it is when the time has run out', async () => {
    const tops: number[] = [];
    for (const state of ['idle', 'expired'] as const) {
      await page.evaluate(() => document.querySelector('#stage')?.replaceChildren());
      await show(state, { mode: 'code' });
      tops.push(await page.locator('#main').evaluate((main) => main.getBoundingClientRect().top));
    }
    expect(tops[1]).toBeCloseTo(tops[0] ?? 0, 0);
  });

  it('show the number alone in a ring in Arabic', async () => {
    await show('waiting', { lang: 'ar' });
    expect(await text('number')).toMatch(/^\p{Number}+$/u);
    expect(await page.locator('#unit').isVisible()).toBe(false);
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
    const { backgroundColor, borderRadius } = await page
      .locator('#main')
      .evaluate((button) => ({ ...getComputedStyle(button) }));
    expect({ backgroundColor, borderRadius }).toEqual({
      backgroundColor: 'rgb(0, 128, 0)',
      borderRadius: '0px',
    });
  });

  it('show the QR picture of the address with the code in it', async () => {
    await show('waiting', { mode: 'code' });
    expect(await page.getByRole('img', { name: 'QR code that opens plex.tv/link' }).isVisible()).toBe(true);
    expect(await page.locator('#modules').getAttribute('d')).toMatch(/^M4 4h7v1h-7z/);
  });
});

describe('what a server wrote', () => {
  it.each(['en', 'ar'])(
    'shows before the script has come, and is then taken over node by node (%s)',
    async (lang) => {
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      await page.route(`**/server/${lang}.js`, async (route) => {
        await held;
        await route.continue();
      });
      await page.goto(`${site.url}/server/${lang}`, { waitUntil: 'commit' });
      await expect.poll(() => page.locator('#main').isVisible()).toBe(true);
      const before = await page.evaluate(() => {
        const root = document.querySelector('plex-sign-in')?.shadowRoot as ShadowRoot;
        const nodes = [...root.querySelectorAll('*')];
        const written: (string | undefined)[] = [];
        const note = (records: MutationRecord[]) =>
          written.push(...records.map(({ target }) => target.parentElement?.id ?? (target as Element).id));
        new MutationObserver(note).observe(root, { subtree: true, childList: true, characterData: true });
        Object.assign(window, { nodes, written });
        return {
          height: root.host.getBoundingClientRect().height,
          text: root.getElementById('card')?.textContent,
        };
      });
      letGo();
      await page.waitForFunction(() => customElements.get('plex-sign-in'));
      await expect.poll(() => page.locator('#code').count()).toBe(1);
      const after = await page.evaluate(() => {
        const root = document.querySelector('plex-sign-in')?.shadowRoot as ShadowRoot;
        const { nodes, written } = window as unknown as { nodes: Element[]; written: string[] };
        return {
          height: root.host.getBoundingClientRect().height,
          text: root.getElementById('card')?.textContent,
          kept: nodes.length > 15 && nodes.every((node) => root.contains(node)),
          // Where the code and its picture will be.
          written: written.filter((id) => !['body', 'card'].includes(id)),
        };
      });
      expect(after).toEqual({ ...before, kept: true, written: [] });
      expect(after.text).toContain('Moviebox');
    },
  );
});

describe('a page with a strict policy', () => {
  it('lets it look and work as elsewhere', async () => {
    await page.goto(`${site.url}/strict`);
    await expect.poll(() => text('heading')).toBe('Sign in to Moviebox');
    expect(await page.locator('#card').evaluate((card) => getComputedStyle(card).borderRadius)).toBe('16px');
    expect(complaints).toEqual([]);
  });
});
