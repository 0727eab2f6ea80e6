import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPlexEmulator, type ServedPlexEmulator, servePlexEmulator } from '../../src/emulator/index.ts';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import { launchChromium } from '../fixture/page-server.ts';

let browser: Browser;
let plex: ServedPlexEmulator;
let app: ServedPlexEmulator;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  browser = await launchChromium();
  plex = await servePlexEmulator();
  // Stands in for the application that the user returns to; any other server would do.
  app = await servePlexEmulator();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await plex?.close();
  await app?.close();
});

beforeEach(async () => {
  page = await browser.newPage();
  complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return () => page.close();
});

async function makePin({ product = 'Living Room', strong = true, origin = app.url, served = plex } = {}) {
  const query = new URLSearchParams({ strong: String(strong), 'X-Plex-Product': product });
  const headers = {
    Accept: 'application/json',
    'X-Plex-Client-Identifier': 'tv',
    'X-Plex-Device-Name': 'Wall TV',
  };
  const url = `${served.url}/api/v2/pins?${query}`;
  const answer = await served.emulator.fetch(url, {
    method: 'POST',
    headers: { ...headers, Origin: origin },
  });
  return (await answer.json()) as { id: number; code: string };
}

function toAuthURL(parameters: Record<string, string>, lead = '#?'): string {
  return `${plex.url}/auth${lead}${new URLSearchParams({ clientID: 'tv', ...parameters })}`;
}

function stateOf(pin: { id: number }) {
  return plex.emulator.pins.find(({ id }) => id === pin.id)?.state;
}

const title = () => page.getByRole('heading', { level: 1 });

describe('the consent page', () => {
  it('says who asks, links the PIN on Approve and stays open', async () => {
    const pin = await makePin();
    await page.goto(toAuthURL({ code: pin.code, 'context[device][product]': 'Living Room' }));
    await expect.poll(() => title().textContent()).toBe('Let Living Room sign in?');
    expect(await page.getByText('Wall TV').isVisible()).toBe(true);
    expect(await page.getByText('This is not plex.tv').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => page.getByText('You may now close this window').isVisible()).toBe(true);
    expect(stateOf(pin)).toBe('linked');
    expect(complaints).toEqual([]);
  });

  it('breaks no name in its heading that fits into a line', async () => {
    const pin = await makePin({ product: 'plex-auth-flow' });
    await page.goto(toAuthURL({ code: pin.code }));
    await expect.poll(() => title().textContent()).toBe('Let plex-auth-flow sign in?');
    const lines = await title()
      .locator('bdi')
      .evaluate(
        (name) => name.getBoundingClientRect().height / Number.parseFloat(getComputedStyle(name).lineHeight),
      );
    expect(Math.round(lines)).toBe(1);
  });

  it('takes the older #!? form of the fragment', async () => {
    const pin = await makePin();
    await page.goto(toAuthURL({ code: pin.code }, '/#!?'));
    await page.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => stateOf(pin)).toBe('linked');
  });

  it('leaves the PIN without a token on Deny', async () => {
    const pin = await makePin();
    await page.goto(toAuthURL({ code: pin.code }));
    await page.getByRole('button', { name: 'Deny' }).click();
    await expect.poll(() => title().textContent()).toBe('You declined');
    expect(stateOf(pin)).toBe('denied');
  });

  it('leads to a forward URL on the host that made the PIN', async () => {
    const pin = await makePin();
    await page.goto(toAuthURL({ code: pin.code, forwardUrl: `${app.url}/signed-in?state=1` }));
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.waitForURL(`${app.url}/signed-in?state=1`);
    expect(stateOf(pin)).toBe('linked');
  });

  it.each([
    ['another host', 'https://evil.example/', 'leads to evil.example'],
    ['a script', 'javascript:alert(1)', 'must be http or https'],
    ['a path alone', '/signed-in', 'not a complete URL'],
  ])('stays, and says why, for a forward URL that is %s', async (_, forwardUrl, reason) => {
    const pin = await makePin();
    await page.goto(toAuthURL({ code: pin.code, forwardUrl }));
    await page.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => page.getByText('You may now close this window').isVisible()).toBe(true);
    expect(await page.locator('#result .warning').textContent()).toContain(reason);
    expect(page.url()).toContain(plex.url);
  });

  it('shows a hostile product name as text', async () => {
    const product = '<img src=x onerror="document.title=1">';
    const pin = await makePin({ product });
    await page.goto(toAuthURL({ code: pin.code }));
    await expect.poll(() => title().textContent()).toBe(`Let ${product} sign in?`);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('shows a problem for a code that is unknown, expired, absent or another client’s', async () => {
    const pin = await makePin();
    await page.goto(toAuthURL({ code: pin.code, clientID: 'other' }));
    await expect.poll(() => page.getByText('another client').isVisible()).toBe(true);
    plex.emulator.expire(pin.id);
    for (const code of [pin.code, 'no-such-code']) {
      await page.goto(toAuthURL({ code }));
      await expect.poll(() => page.getByText('unknown or has expired').isVisible()).toBe(true);
    }
    await page.goto(`${plex.url}/auth`);
    await expect.poll(() => page.getByText('names no code').isVisible()).toBe(true);
  });
});

describe('an application that opens the consent page', () => {
  it.each([
    ['unsafe-none', false],
    ['same-origin', true],
  ] as const)('with opener policy %s reads popup.closed as %s', async (openerPolicy, closed) => {
    const cut = await servePlexEmulator({ emulator: createPlexEmulator({ openerPolicy }) });
    await page.goto(app.url);
    const popup = page.waitForEvent('popup');
    await page.evaluate((url) => Object.assign(window, { popup: window.open(url) }), `${cut.url}/auth`);
    await (await popup).waitForLoadState();
    await expect.poll(() => page.evaluate('window.popup.closed')).toBe(closed);
    await (await popup).close();
    await cut.close();
  });
});

describe('the code page', () => {
  it('links a code typed in lower case, by the keyboard alone', async () => {
    const pin = await makePin({ strong: false });
    await page.goto(`${plex.url}/link`);
    await expect.poll(() => page.getByLabel('Code').isVisible()).toBe(true);
    await page.keyboard.type(` ${pin.code.toLowerCase()} `);
    await page.keyboard.press('Enter');
    await expect.poll(() => title().textContent()).toBe('Let Living Room sign in?');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => title().textContent()).toBe('You are all set');
    expect(stateOf(pin)).toBe('linked');
  });

  it('fills in the code from its address', async () => {
    const pin = await makePin({ strong: false });
    await page.goto(`${plex.url}/link/?pin=${pin.code}`);
    await expect.poll(() => page.getByLabel('Code').inputValue()).toBe(pin.code);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await expect.poll(() => stateOf(pin)).toBe('denied');
  });

  it('says that it takes no long code', async () => {
    const pin = await makePin();
    await page.goto(`${plex.url}/link/?pin=${pin.code}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect.poll(() => page.getByText('codes of four characters only').isVisible()).toBe(true);
    expect(stateOf(pin)).toBe('waiting');
  });

  it('keeps what was typed where the code is wrong, says so, and takes the right one next', async () => {
    const pin = await makePin({ strong: false });
    await page.goto(`${plex.url}/link`);
    const code = page.getByLabel('Code');
    await code.fill('zzzz');
    await page.keyboard.press('Enter');
    const problem = page.getByRole('alert');
    await expect.poll(() => problem.textContent()).toMatch(/unknown or has expired\. Check what you typed/);
    expect(await code.inputValue()).toBe('zzzz');
    expect(await code.getAttribute('aria-invalid')).toBe('true');
    // What was typed is selected, so that typing replaces it.
    await page.keyboard.type(pin.code);
    await expect.poll(() => problem.isVisible()).toBe(false);
    expect(await code.getAttribute('aria-invalid')).toBe(null);
    expect(await code.inputValue()).toBe(pin.code);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => stateOf(pin)).toBe('linked');
  });

  it('returns to the form if the code expires before the approval, or the emulator is gone', async () => {
    const pin = await makePin({ strong: false });
    await page.goto(`${plex.url}/link/?pin=${pin.code}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    plex.emulator.expire(pin.id);
    await page.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => page.getByRole('alert').textContent()).toMatch(/has expired/);
    expect(await page.getByLabel('Code').inputValue()).toBe(pin.code);
    await page.route('**/emulator/pin', (route) => route.abort());
    await page.getByRole('button', { name: 'Continue' }).click();
    await expect
      .poll(() => page.getByRole('alert').textContent())
      .toBe('The emulator does not answer. Try again.');
    expect(await page.getByRole('button', { name: 'Continue' }).isEnabled()).toBe(true);
  });
});

describe('the pages below a path of a site', () => {
  it.each([
    ['sub/', ''],
    ['sub/deep/', '/'],
  ])('lead to one another and to the emulator: %s', async (root, slash) => {
    const pin = await makePin({ strong: false });
    await page.route('https://site.example/**', async (route) => {
      const { pathname, search } = new URL(route.request().url());
      const path = pathname.slice(root.length);
      const headers = { ...route.request().headers(), 'sec-fetch-site': 'same-origin' };
      const init = { method: route.request().method(), headers, body: route.request().postData() };
      const answer = await plex.emulator.fetch(`https://site.example${path}${search}`, init);
      const fields = Object.fromEntries(answer.headers);
      await route.fulfill({ status: answer.status, headers: fields, body: await answer.text() });
    });
    await page.goto(`https://site.example/${root}`);
    await page.getByRole('link', { name: pin.code }).click();
    await page.waitForURL(`https://site.example/${root}link/?pin=${pin.code}`);
    await page.goto(`https://site.example/${root}link${slash}?pin=${pin.code}`);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => stateOf(pin)).toBe('linked');
  });
});

describe('an emulator with several people', () => {
  const people = ['ada', { name: 'bob', title: 'Bob' }, { name: 'kid', homeOf: 'ada', isManaged: true }];
  let many: ServedPlexEmulator;

  beforeEach(async () => {
    many = await servePlexEmulator({ emulator: createPlexEmulator({ people }) });
    return () => many.close();
  });

  it('lets one choose by the keyboard alone who one is, and says so at the end', async () => {
    const pin = await makePin({ served: many });
    await page.goto(`${many.url}/auth#?${new URLSearchParams({ clientID: 'tv', code: pin.code })}`);
    await expect.poll(() => title().textContent()).toBe('Let Living Room sign in?');
    expect(await page.getByLabel('Account').inputValue()).toBe('ada');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Bob');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByText('Living Room is signed in as Bob.').isVisible()).toBe(true);
    const [device] = await devicesOf('bob');
    expect(device).toMatchObject({ clientIdentifier: 'tv' });
    expect(await devicesOf('ada')).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('shows who is there, which PINs wait, and leads to their pages', async () => {
    const pin = await makePin({ served: many });
    await page.goto(many.url);
    expect(await page.getByRole('listitem').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringContaining('Bob'), expect.stringContaining('Plex Home of ada')]),
    );
    await page.getByRole('link', { name: pin.code }).click();
    await page.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => page.getByText('Living Room is signed in as ada.').isVisible()).toBe(true);
    await page.goto(many.url);
    await expect.poll(() => page.getByText('linked as ada').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'has pages that axe finds nothing wrong with: %s',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const pin = await makePin({ served: many });
      const denied = await makePin({ served: many });
      many.emulator.deny(denied.code);
      for (const path of [
        '/',
        `/auth#?code=${pin.code}`,
        '/auth#?code=no',
        '/link',
        '/link?pin=no',
        '/auth',
      ]) {
        // The page's own policy allows no script but its own.
        const viewport = { width: 320, height: 640 };
        const checked = await browser.newContext({ bypassCSP: true, colorScheme, viewport });
        const copy = await checked.newPage();
        await copy.goto(many.url + path);
        await copy.getByRole('heading', { level: 1 }).waitFor();
        if (path.includes('?pin')) {
          await copy.getByRole('button', { name: 'Continue' }).click();
          await copy.getByRole('alert').waitFor();
        }
        expect(await copy.evaluate('document.documentElement.scrollWidth')).toBe(320);
        await copy.evaluate(axeScript);
        expectNothingFound(await copy.evaluate<AxeResults>('axe.run()'), 'color-contrast');
        await checked.close();
      }
    },
  );

  async function devicesOf(name: string): Promise<unknown[]> {
    const headers = { Accept: 'application/json', 'X-Plex-Token': many.emulator.accountTokenOf(name) };
    return (await (
      await many.emulator.fetch('https://plex.tv/devices.json', { headers })
    ).json()) as unknown[];
  }
});
