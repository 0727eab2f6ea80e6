import type { Browser, Page } from 'playwright-core';
import { encode } from 'uqr';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ServedPlexEmulator, servePlexEmulator } from '../../src/emulator/serve-plex-emulator.ts';
import { launchChromium, type PageServer, servePages } from '../fixture/page-server.ts';

let browser: Browser;
let plex: ServedPlexEmulator;
let site: PageServer;
let page: Page;
let complaints: string[];

/** Reports to the test what happened, also across a reload. */
const script = `
import 'plex-auth-flow/element';
for (const name of ['authenticated', 'expired', 'failed'])
  document.addEventListener(name, (event) => console.info(name, JSON.stringify(event.detail), event.detail.token?.reveal().length ?? ''));
`;

beforeAll(async () => {
  plex = await servePlexEmulator();
  const tag = (mode: string, more = '') =>
    `<h1>Moviebox</h1><plex-sign-in product="Moviebox" mode="${mode}" server-url="${plex.url}" auth-app-url="${plex.url}/auth" link-url="${plex.url}/link" ${more}></plex-sign-in>`;
  site = await servePages({
    '/popup': { script, body: tag('popup') },
    '/redirect': { script, body: tag('redirect') },
    '/code': { script, body: tag('code', 'autofocus') },
    '/elsewhere': { script: '', body: '<p>Another page of the application.</p>' },
  });
  browser = await launchChromium({ bfcache: true });
});

afterAll(async () => {
  await browser?.close();
  await site?.close();
  await plex?.close();
});

let news: string[];
beforeEach(async () => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  page = await context.newPage();
  complaints = [];
  news = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Chromium has remarks of its own, such as one about autofocus.
    if (/^(authenticated|expired|failed) /.test(message.text())) news.push(message.text());
  });
  return () => context.close();
});

const button = (name: string) => page.getByRole('button', { name });
const heading = () => page.locator('plex-sign-in').getByRole('heading');

async function expectSignedIn() {
  await expect.poll(() => heading().textContent(), { timeout: 15_000 }).toBe('Signed in as emulated');
  expect(news).toEqual([expect.stringMatching(/^authenticated /)]);
  expect(news[0]).toMatch(/^authenticated \{"token":"\[redacted\]","clientIdentifier":"[^"]+"\} [1-9]\d*$/);
  expect(complaints).toEqual([]);
}

describe('the tag alone', () => {
  it('signs in through a window', async () => {
    await page.goto(`${site.url}/popup`);
    const popup = page.waitForEvent('popup');
    await button('Sign in with Plex').click();
    await (await popup).getByRole('button', { name: 'Approve' }).click();
    await expectSignedIn();
  });

  it('signs in by touch, on a phone', async () => {
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const context = await browser.newContext(phone);
    const small = await context.newPage();
    await small.goto(`${site.url}/popup`);
    const popup = small.waitForEvent('popup');
    await small.getByRole('button', { name: 'Sign in with Plex' }).tap();
    await (await popup).getByRole('button', { name: 'Approve' }).tap();
    await expect
      .poll(() => small.locator('#heading').textContent(), { timeout: 15_000 })
      .toBe('Signed in as emulated');
    expect(await small.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await context.close();
  });

  it('signs in by leaving the page and coming back', async () => {
    await page.goto(`${site.url}/redirect`);
    await button('Sign in with Plex').click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.waitForURL(`${site.url}/redirect`);
    await expectSignedIn();
  });

  it('signs in by a code that is typed on another device', async () => {
    await page.goto(`${site.url}/code`);
    await button('Get a code').click();
    const link = page.getByRole('link', { name: /\/link$/ });
    const other = page.waitForEvent('popup');
    await link.click();
    await (await other).getByRole('button', { name: 'Continue' }).click();
    await (await other).getByRole('button', { name: 'Approve' }).click();
    await (await other).close();
    await expectSignedIn();
  });

  it('offers this tab where the browser blocks the window', async () => {
    await page.addInitScript(() => {
      window.open = () => null;
    });
    await page.goto(`${site.url}/popup`);
    await button('Sign in with Plex').click();
    await expect.poll(() => heading().textContent()).toBe('The window was blocked');
    const link = page.getByRole('link', { name: 'Open in a new tab' });
    await expect.poll(() => link.getAttribute('href')).toContain(`${plex.url}/auth#?clientID=`);
    await button('Continue in this tab').click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await expectSignedIn();
  });

  it('is used by the keyboard alone, as by a remote control', async () => {
    await page.goto(`${site.url}/code`);
    await expect.poll(() => focused()).toBe('Get a code');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused()).toBe('Copy code');
    const code = await shownCode();
    // The word is there for two seconds: noted where it comes, so that no busy machine misses it.
    await page.locator('#main').evaluate((main) => {
      const said: (string | null)[] = [];
      Object.assign(window, { said });
      new MutationObserver(() => said.push(main.textContent)).observe(main, { childList: true });
    });
    await page.keyboard.press('Enter');
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { said: string[] }).said))
      .toContain('Copied');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe(`${plex.url.slice('http://'.length)}/link`);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('Cancel');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Cancel');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused()).toBe('Get a code');
    await page.keyboard.press('Enter');
    plex.emulator.link(await shownCode({ otherThan: code }));
    await expectSignedIn();
    // One more Enter, pressed by habit, signs nobody out.
    expect(await focused()).toBe('Signed in as emulated');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focused()).toBe('Sign out');
    expect(await heading().textContent()).toBe('Signed in as emulated');
  });

  it('shows the token nowhere in the page', async () => {
    await page.goto(`${site.url}/code`);
    await button('Get a code').click();
    const token = plex.emulator.link(await shownCode());
    await expectSignedIn();
    const html = await page.evaluate(
      () =>
        document.documentElement.outerHTML + document.querySelector('plex-sign-in')?.shadowRoot?.innerHTML,
    );
    expect(html).toContain('Signed in as emulated');
    expect(html).not.toContain(token);
    await button('Sign out').click();
    await expect.poll(() => heading().textContent()).toBe('Sign in to Moviebox');
    expect(plex.emulator.requests.at(-1)).toMatchObject({ method: 'DELETE', status: 204 });
  });
});

describe('the QR picture', () => {
  it('is black on white with a margin of four modules, on a dark page too', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${site.url}/code`);
    await page.addStyleTag({ content: ':root { color-scheme: light dark }' });
    await button('Get a code').click();
    const qr = page.locator('#qr');
    await expect.poll(() => page.locator('#modules').getAttribute('d')).toMatch(/^M4 4h7/);
    expect(await page.locator('#card').evaluate((card) => getComputedStyle(card).backgroundColor)).toBe(
      'rgb(27, 29, 34)',
    );
    expect(await qr.evaluate((svg) => getComputedStyle(svg).backgroundColor)).toBe('rgb(255, 255, 255)');
    // What a phone sees: the middle of each module.
    const { data, size } = encode((await page.locator('#address').getAttribute('href')) ?? '', { border: 4 });
    const screenshot = (await qr.screenshot()).toString('base64');
    const seen = await page.evaluate(readModules, { screenshot, size });
    const drawn = data.map((row) => row.map((isDark) => (isDark ? 0 : 255)));
    expect(seen).toEqual(drawn);
  });
});

/** In the page, which can read a picture: how light each module of it is. */
async function readModules({ screenshot, size }: { screenshot: string; size: number }): Promise<number[][]> {
  const bytes = Uint8Array.from(atob(screenshot), (character) => character.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes]));
  const { width, height } = image;
  const canvas = new OffscreenCanvas(width, height).getContext('2d');
  canvas?.drawImage(image, 0, 0);
  const lightAt = (x: number, y: number) =>
    canvas?.getImageData(((x + 0.5) * width) / size, ((y + 0.5) * height) / size, 1, 1).data[1] ?? -1;
  return Array.from({ length: size }, (_, y) => Array.from({ length: size }, (__, x) => lightAt(x, y)));
}

describe.each([
  ['popup', 'Sign in with Plex', 'Approve in the Plex window'],
  ['code', 'Get a code', 'Sign in to Moviebox'],
])('a reload in the mode %s', (mode, start, waiting) => {
  const state = async () => ({
    heading: await heading().textContent(),
    buttons: await page.locator('plex-sign-in').getByRole('button').allTextContents(),
  });
  const idle = { heading: 'Sign in to Moviebox', buttons: [start] };
  const cancellable = { heading: waiting, buttons: expect.arrayContaining(['Cancel']) };
  const press = async () => {
    // The window that opens is none of this.
    await page.evaluate(() =>
      Object.assign(window, {
        open: () => ({ closed: false, close() {}, location: { href: 'about:blank', replace() {} } }),
      }),
    );
    await button(start).click();
  };

  it('starts again where no code was there, and after each end', async () => {
    await page.goto(`${site.url}/${mode}`);
    await expect.poll(state).toEqual(idle);
    const stopHanging = plex.emulator.fault({ type: 'hang' }, { operation: 'getPin' });
    await press();
    await expect.poll(async () => (await state()).buttons).toContain('Cancel');
    await page.reload();
    await expect.poll(state).toEqual(idle);
    stopHanging();
    const before = plex.emulator.pins.length;
    await press();
    await expect.poll(() => plex.emulator.pins.length).toBe(before + 1);
    await expect.poll(state).toEqual(cancellable);
    plex.emulator.expire(plex.emulator.pins.at(-1)?.id ?? 0);
    await expect.poll(async () => (await state()).heading).toBe('Something is set up wrong');
    await page.reload();
    await expect.poll(state).toEqual(idle);
    await press();
    await expect.poll(() => plex.emulator.pins.length).toBe(before + 2);
    await expect.poll(state).toEqual(cancellable);
    await button('Cancel').click();
    await expect.poll(state).toEqual(idle);
    await page.reload();
    await expect.poll(state).toEqual(idle);
    expect(plex.emulator.pins.length).toBe(before + 2);
  });

  it('continues with the same code, and signed in starts again', async () => {
    const before = plex.emulator.pins.length;
    await page.goto(`${site.url}/${mode}`);
    await press();
    await expect.poll(() => plex.emulator.pins.length).toBe(before + 1);
    await expect.poll(state).toEqual(cancellable);
    await page.reload();
    await expect.poll(state).toEqual(cancellable);
    plex.emulator.link(plex.emulator.pins.at(-1)?.code ?? '');
    await expectSignedIn();
    expect(plex.emulator.pins.length).toBe(before + 1);
    await page.reload();
    await expect.poll(state).toEqual(idle);
  });

  it('is not even one where the page comes from the back/forward cache', async () => {
    const before = plex.emulator.pins.length;
    await page.goto(`${site.url}/${mode}`);
    await press();
    await expect.poll(() => plex.emulator.pins.length).toBe(before + 1);
    await expect.poll(state).toEqual(cancellable);
    await page.evaluate(() =>
      addEventListener('pageshow', ({ persisted }) => Object.assign(window, { wasRestored: persisted })),
    );
    await page.goto(`${site.url}/elsewhere`);
    plex.emulator.link(plex.emulator.pins.at(-1)?.code ?? '');
    await page.goBack({ waitUntil: 'commit' });
    await expectSignedIn();
    expect(await page.evaluate(() => (window as { wasRestored?: boolean }).wasRestored)).toBe(true);
  });
});

/** The code on the screen; after a cancel the last one is in the page until the next one has come. */
async function shownCode({ otherThan = '' } = {}): Promise<string> {
  let code = '';
  const isNewCode = async () => {
    // One look: between two the screen may change.
    code = (await page.locator('#code').textContent()) ?? '';
    return /^[A-Z0-9]{4}$/.test(code) && code !== otherThan;
  };
  await expect.poll(isNewCode).toBe(true);
  return code;
}

function focused(): Promise<string | null | undefined> {
  return page.evaluate(() => document.querySelector('plex-sign-in')?.shadowRoot?.activeElement?.textContent);
}
