/** The playground: the element, the emulator's buttons and the live chart, side by side. */
import { describe, expect, it } from 'vitest';
import { mishaps } from '../../examples/play/mishaps.ts';
import { type AxeResults, axeScript, expectNothingFound } from '../fixture/axe.ts';
import { type Playground, usePlayground } from './playground-stage.ts';
import { buttonIn, patience, reaches, signInIn } from './stage.ts';

const stage = usePlayground();

const decisions = ['Approve', 'Deny', 'Expire the code'];
const enabled = ({ control }: Playground) => Promise.all(decisions.map((name) => control(name).isEnabled()));

/** Waits until the playground has asked its emulator twice more: what it shows is no older than this call. */
async function settle({ page }: Playground): Promise<void> {
  for (let times = 0; times < 2; times++) await page.waitForResponse('**/emulator');
}

it('starts a sign-in by itself, without a window, and lets nobody disturb it before a code waits', async () => {
  const { page, waitForCode, control, reads } = await stage.openPlayground({ isStill: true });
  expect(page.context().pages()).toHaveLength(1);
  const html = await (await fetch(stage.play.url)).text();
  expect(html.match(/<button[^>]* data-mishap="\d" aria-disabled="true">/g)).toHaveLength(mishaps.length);
  await waitForCode();
  expect(page.context().pages()).toHaveLength(1);
  expect(await control(mishaps[0]?.title ?? '').isEnabled()).toBe(true);
  await reads('#hint', 'You are the user: approve the code');
});

it('says what to do about the code as soon as the element shows it', async () => {
  const { page, waitForCode } = await stage.openPlayground({ first: noteHints, isStill: true });
  await waitForCode();
  const said = await page.evaluate(() => (window as unknown as { hints: string[] }).hints);
  expect(said.filter((hint) => /^(Start a|Plex is asked)/.test(hint))).toEqual([]);
  expect(said.at(-1)).toMatch('You are the user: approve the code');
});

/** In the page: notes each hint that stands there while the element shows a code. */
function noteHints(): void {
  const hints: string[] = [];
  Object.assign(window, { hints });
  setInterval(() => {
    const code = document.querySelector('plex-sign-in')?.shadowRoot?.querySelector('#code')?.textContent;
    if (/\w{4}/.test(code ?? '')) hints.push(document.querySelector('#hint')?.textContent ?? '');
  }, 5);
}

it('shows the way once more when it has ended well', async () => {
  const { waitForCode, press, live, lights } = await stage.openPlayground();
  await waitForCode();
  await press('Approve');
  await live.locator('.chart.replaying').waitFor();
  await expect.poll(() => live.locator('.chart.replaying').count(), patience).toBe(0);
  await lights('authenticated');
});

it('promises no motion to who wants none', async () => {
  const { page, waitForCode, press, live, reads, lights } = await stage.openPlayground();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await waitForCode();
  await press('Approve');
  await lights('authenticated');
  await reads('#hint', /^Signed in\. Press Replay to see the way once more\.$/);
  expect(await live.getByRole('button', { name: 'Replay', exact: true }).isEnabled()).toBe(true);
});

it('says that its server does not answer, and when it does again', async () => {
  const { page, waitForCode, press, reads, says, control } = await stage.openPlayground({ isStill: true });
  await waitForCode();
  await page.route('**/emulator', (route) => route.abort());
  await press('Approve');
  await reads('#refusal', /^The playground’s server does not answer\./);
  expect(await page.locator('#hint').textContent()).toBe('');
  expect(await control('Approve').isEnabled()).toBe(false);
  await page.unroute('**/emulator');
  await reads('#refusal', /^$/);
  await reads('#hint', 'You are the user: approve the code');
  await press('Approve');
  await says('Signed in as emulated');
});

it('moves nothing under the pointer in a whole sign-in', async () => {
  const playground = await stage.openPlayground({ first: noteShifts });
  const { page, waitForCode, press, reads, says } = playground;
  await waitForCode();
  await press('A hotel’s login page');
  await reads('#measured', /Asked again after .* then /);
  await press('Approve');
  await says('Signed in as emulated');
  await reads('#measured', 'Signed in.');
  await settle(playground);
  expect(await page.evaluate(() => (window as unknown as { shifts: string[] }).shifts)).toEqual([]);
});

/** In the page: notes what moved without being asked to. What moves within the element is the element's own matter. */
function noteShifts(): void {
  const shifts: string[] = [];
  Object.assign(window, { shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { sources = [] } = entry as unknown as { sources?: { node: Node | null }[] };
      for (const { node } of sources) if (node) shifts.push(node.parentElement?.outerHTML.slice(0, 80) ?? '');
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

it('shows one sign-in in the element, at the emulator and in the chart', async () => {
  const { reads, press, says, lights } = await stage.openPlayground();
  await reads('#pins', /^\w{4} waiting/);
  await press('Approve');
  await says('Signed in as emulated');
  await lights('authenticated');
  await press('Sign out');
  await says('Sign in to Moviebox');
  await lights('idle');
});

it('lets nobody decide about a code while a command is on its way', async () => {
  const playground = await stage.openPlayground({ isStill: true });
  const { page, waitForCode } = playground;
  await waitForCode();
  let letThrough = (): void => {};
  const isLetThrough = new Promise<void>((resolve) => (letThrough = resolve));
  await page.route('**/emulator', async (route) => {
    if (route.request().method() === 'POST') await isLetThrough;
    await route.continue();
  });
  const sent = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/emulator'),
  );
  await playground.press('The lid closes for an hour');
  await sent;
  await settle(playground);
  expect(await enabled(playground)).toEqual([false, false, false]);
  letThrough();
  await playground.reads('#pins', /^\w{4} waiting\w{4} expired/);
  await waitForCode();
  await playground.press('Approve');
  await playground.says('Signed in as emulated');
});

it('leaves axe nothing to find, its best practices included', async () => {
  const { page, waitForCode } = await stage.openPlayground();
  await waitForCode();
  const frame = await (await page.$('#live-view'))?.contentFrame();
  for (const part of [page, frame]) await part?.evaluate(axeScript);
  const results = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  expectNothingFound(results, 'landmark-no-duplicate-banner');
});

describe('beside the examples', () => {
  it('decides about no code but the one that the element shows', async () => {
    const playground = await stage.openPlayground({ isStill: true });
    const { page, waitForCode, press, says } = playground;
    const card = page.frameLocator('iframe[title="A television"]');
    await page.locator('iframe[title="A television"]').scrollIntoViewIfNeeded();
    await expect
      .poll(() => card.locator('plex-sign-in #code').textContent(patience), patience)
      .toMatch(/^\w{4}$/);
    await settle(playground);
    expect(stage.pinsMade()).toBe(1);
    await waitForCode();
    await press('Cancel');
    await settle(playground);
    expect(await enabled(playground)).toEqual([false, false, false]);
    await press('Get a code');
    await waitForCode();
    expect(await enabled(playground)).toEqual([true, true, true]);
    await press('Approve');
    await says('Signed in as emulated');
    await settle(playground);
    expect(await enabled(playground)).toEqual([false, false, false]);
    expect(stage.play.plex.emulator.pins.at(-1)?.state).toBe('waiting');
  });

  it('lets faults strike the element, and nothing else', async () => {
    const { page, waitForCode, press, reads, says, pinRequests } = await stage.openPlayground({
      isStill: true,
    });
    await waitForCode();
    const before = stage.play.playgroundPlex.emulator.requests.length;
    await press('Plex is down for a while');
    const card = page.frameLocator('iframe[title="React"]');
    await signInIn(page, buttonIn(card, 'Sign in with Plex'));
    await reaches(card, 'authenticated');
    await reads('#faults', 'No faults.');
    const faulty = pinRequests(before).filter(({ status }) => status === 503);
    expect(faulty.map(({ operation }) => operation)).toEqual(Array(4).fill('getToken'));
    expect(stage.play.plex.emulator.requests.some(({ status }) => status === 503)).toBe(false);
    await press('Cancel');
    await says('Sign in to Moviebox');
  });
});

describe('a code that ends', () => {
  it('is counted down, and replaced automatically where nobody has a button to press', async () => {
    const { page, waitForCode, press, reads, lights, says } = await stage.openPlayground({ isStill: true });
    await waitForCode();
    const first = await page.locator('#pins [aria-current] code').textContent();
    await press('Expire the code');
    await reads('#decision', /^This code ends soon/);
    await reads('#pins [aria-current]', /^\w{4} waiting, ends in \d+ s$/);
    await reads('#pins', new RegExp(`^(?!${first})\\w{4} waiting${first} expired`));
    await reads('#decision', /^$/);
    await lights('awaitingLink');
    await press('Approve');
    await says('Signed in as emulated');
  });

  it('is expired in a popup, and no error', async () => {
    const { page, waitForCode, press, reads, lights, says } = await stage.openPlayground({ isStill: true });
    await waitForCode();
    await page.getByLabel('Popup').check();
    const opened = page.waitForEvent('popup');
    await press('Sign in with Plex');
    await opened;
    await waitForCode();
    await press('Expire the code');
    await says('The time ran out');
    await lights('expired');
    await reads('#pins', /^\w+ expired/);
  });

  it('looks like waiting when it was denied, until it ends', async () => {
    const playground = await stage.openPlayground({ isStill: true });
    const { waitForCode, press, reads, says, pinRequests } = playground;
    await waitForCode();
    await press('Deny');
    await reads('#decision', /^Denied\. Plex does not report this/);
    await expect.poll(() => enabled(playground)).toEqual([false, false, true]);
    const since = stage.play.playgroundPlex.emulator.requests.length;
    await expect.poll(() => pinRequests(since).length, patience).toBeGreaterThan(2);
    await says('Sign in to Moviebox');
    await press('Expire the code');
    await reads('#pins', /^\w{4} waiting\w{4} expired/);
  });
});
