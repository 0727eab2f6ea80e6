/** The playground: the element, the emulator's buttons and the live chart, side by side. */
import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { mishaps } from '../../examples/play/mishaps.ts';
import { buttonIn, patience, reaches, signInIn, useExamples } from './stage.ts';

const stage = useExamples({
  allow: /ERR_(CONTENT_LENGTH_MISMATCH|INCOMPLETE_CHUNKED_ENCODING)|status of (404|429|503)/,
});
let page: Page;

beforeEach(async () => {
  page = await stage.context.newPage();
  await page.goto(stage.play.url);
});

const decisions = ['Approve', 'Deny', 'Expire the code'];
const element = () => page.locator('#playground plex-sign-in');
const live = () => page.frameLocator('#live-view');
const control = (name: string) => page.locator('#playground').getByRole('button', { name, exact: true });
const press = (name: string) => control(name).click();
const enabled = () => Promise.all(decisions.map((name) => control(name).isEnabled()));

/** Waits for the element's heading. */
async function says(heading: string | RegExp): Promise<void> {
  const title = element().getByRole('heading');
  await expect.poll(() => title.textContent(patience), { timeout: 60_000 }).toMatch(heading);
}

/** Waits for what a part of the playground reads. */
async function reads(selector: string, text: string | RegExp): Promise<void> {
  const part = page.locator(selector);
  await expect.poll(() => part.textContent(patience), { timeout: 60_000 }).toMatch(text);
}

/** Waits for the state that is lit in the chart. */
async function lights(state: string): Promise<void> {
  const chart = live().getByRole('img', { name: `The chart of the sign-in: ${state}`, exact: true });
  await expect.poll(() => chart.count(), patience).toBe(1);
}

/** Waits until there is a code that the user can approve. */
async function waitForCode(): Promise<void> {
  await expect.poll(() => control('Approve').isEnabled(), patience).toBe(true);
}

/** Waits until the playground has asked its emulator twice more: what it shows is no older than this call. */
async function settle(): Promise<void> {
  for (let times = 0; times < 2; times++) await page.waitForResponse('**/emulator');
}

/** What the playground's emulator was asked for about PINs since `since`. */
function pinRequests(since = 0) {
  const { requests } = stage.play.playgroundPlex.emulator;
  return requests.slice(since).filter(({ operation }) => operation === 'getPin' || operation === 'getToken');
}

it('starts a sign-in by itself, without a window, and lets nobody disturb it before a code waits', async () => {
  expect(page.context().pages()).toHaveLength(1);
  const html = await (await fetch(stage.play.url)).text();
  expect(html.match(/<button[^>]* data-mishap="\d" disabled>/g)).toHaveLength(mishaps.length);
  await waitForCode();
  expect(page.context().pages()).toHaveLength(1);
  expect(await control(mishaps[0]?.title ?? '').isEnabled()).toBe(true);
  await reads('#hint', 'You are the user: approve the code');
});

it('shows the way once more when it has ended well, unless no motion is wanted', async () => {
  await waitForCode();
  await press('Approve');
  await live().locator('.chart.replaying').waitFor();
  await expect.poll(() => live().locator('.chart.replaying').count(), patience).toBe(0);
  await lights('authenticated');
});

it('moves nothing under the pointer in a whole sign-in', async () => {
  await page.addInitScript(noteShifts);
  await page.reload();
  await waitForCode();
  await press('A hotel’s login page');
  await reads('#measured', /Asked again after .* then /);
  await press('Approve');
  await says('Signed in as emulated');
  await reads('#measured', 'Signed in.');
  await settle();
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
  await reads('#pins', /^\w{4} waiting/);
  await press('Approve');
  await says('Signed in as emulated');
  await lights('authenticated');
  await press('Sign out');
  await says('Sign in to Moviebox');
  await lights('idle');
});

describe('beside the examples', () => {
  it('decides about no code but the one that the element shows', async () => {
    const card = page.frameLocator('iframe[title="A television"]');
    await page.locator('iframe[title="A television"]').scrollIntoViewIfNeeded();
    await expect
      .poll(() => card.locator('plex-sign-in #code').textContent(patience), patience)
      .toMatch(/^\w{4}$/);
    await settle();
    expect(stage.pinsMade()).toBe(1);
    await waitForCode();
    await press('Cancel');
    await settle();
    expect(await enabled()).toEqual([false, false, false]);
    await press('Get a code');
    await waitForCode();
    expect(await enabled()).toEqual([true, true, true]);
    await press('Approve');
    await says('Signed in as emulated');
    await settle();
    expect(await enabled()).toEqual([false, false, false]);
    expect(stage.play.plex.emulator.pins.at(-1)?.state).toBe('waiting');
  });

  it('lets faults strike the element, and nothing else', async () => {
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
    await waitForCode();
    await press('Deny');
    await reads('#decision', /^Denied\. Plex does not report this/);
    expect(await enabled()).toEqual([false, false, true]);
    const since = stage.play.playgroundPlex.emulator.requests.length;
    await expect.poll(() => pinRequests(since).length, patience).toBeGreaterThan(2);
    await says('Sign in to Moviebox');
    await press('Expire the code');
    await reads('#pins', /^\w{4} waiting\w{4} expired/);
  });
});

describe('where other clients break', () => {
  it.each(mishaps)('$title: here the sign-in continues', async ({ title, others, here, command }) => {
    await waitForCode();
    const since = stage.play.playgroundPlex.emulator.requests.length;
    await press(title);
    await reads('#faults', 'No faults.');
    const said = await page.locator(':is(#mishap, #others, #here)').allTextContents();
    expect(said).toEqual([title, others, here]);
    expect(await page.locator('#refusal').textContent()).toBe('');
    await expectPromised(title, since);
    if (command.do !== 'approveInRead') {
      await waitForCode();
      await press('Approve');
    }
    await says('Signed in as emulated');
    await lights('authenticated');
    await press('All is well again');
  });

  it('fails three requests, none of which the browser repeats on its own', async () => {
    await waitForCode();
    await press('Three requests fail');
    await live().getByText('3 failures in a row').waitFor();
    await reads('#measured', /× 3\. Asked again after \d+\.\d s, then \d+\.\d s, then \d+\.\d s/);
    await press('Cancel');
  });

  it('copies what happened as a test', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await waitForCode();
    await press('A hotel’s login page');
    await reads('#measured', /Asked again/);
    await press('Copy as a test');
    await reads('#copy-test', 'Copied');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('drivePlexAuth');
    expect(copied).toContain("type: 'html'");
  });

  /** How long the text of a mishap says that nothing is asked. */
  const promises: Record<string, { said: string; status: number | undefined; leastMs: number }> = {
    'Plex asks to wait': { said: 'no request for 5 s', status: 429, leastMs: 5_000 },
    'An answer that never comes': { said: '15 s, then asks again', status: undefined, leastMs: 15_000 },
  };

  async function expectPromised(title: string, since: number): Promise<void> {
    const promise = promises[title];
    if (!promise) return;
    const { said, status, leastMs } = promise;
    await reads('#here', said);
    const struck = () => pinRequests(since).findIndex((request) => request.status === status);
    const next = () => pinRequests(since)[struck() + 1];
    await expect.poll(() => struck() >= 0 && next() !== undefined, patience).toBe(true);
    const waitedMs = (next()?.atMs ?? 0) - (pinRequests(since)[struck()]?.atMs ?? 0);
    expect(waitedMs).toBeGreaterThan(leastMs - 100);
    expect(waitedMs).toBeLessThan(leastMs + 3_000);
  }
});
