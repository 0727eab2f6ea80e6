/** Nothing in the playground moves under the pointer, whatever is pressed but a mishap: how long those take is not steady. */
import type { Frame, Locator, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { type Playground, usePlayground } from './playground-stage.ts';
import { patience } from './stage.ts';

/** A page in which the boxes of its controls are watched. */
interface Watched {
  /** What moved, and after which press. */
  readonly moved: string[];
  pressed: string;
}

const stage = usePlayground();

it.each([
  [1280, 720],
  [1024, 768],
  [390, 844],
])(
  'keeps every control where it is, in %i × %i',
  async (width, height) => {
    const playground = await stage.openPlayground();
    const { page } = playground;
    await page.setViewportSize({ width, height });
    await page.waitForLoadState('load');
    await playground.waitForCode();
    await playground.lights('awaitingLink');
    const frames = [page.mainFrame(), await liveFrame(page)];
    for (const frame of frames) await frame.evaluate(watch);
    await pressAll(playground, (name) => notePress(frames, name));
    const moved = await Promise.all(
      frames.map((frame) => frame.evaluate(() => (window as unknown as { watched: Watched }).watched.moved)),
    );
    expect(moved.flat()).toEqual([]);
  },
  180_000,
);

it('draws nothing while nothing happens: no animation is without an end', async () => {
  const { page, waitForCode } = await stage.openPlayground();
  await page.waitForLoadState('load');
  await waitForCode();
  const endless = () =>
    [document, document.querySelector('plex-sign-in')?.shadowRoot]
      .flatMap((root) => root?.getAnimations() ?? [])
      .filter(({ effect }) => effect?.getComputedTiming().activeDuration === Number.POSITIVE_INFINITY)
      .map(({ effect }) => (effect as KeyframeEffect).target?.className);
  const frames = [page.mainFrame(), await liveFrame(page)];
  expect((await Promise.all(frames.map((frame) => frame.evaluate(endless)))).flat()).toEqual([]);
});

/** In the page: compares the box of each control with the first one that it had, in each frame that is painted. */
function watch(): void {
  const watched: Watched = { moved: [], pressed: '' };
  Object.assign(window, { watched });
  const boxes = new Map<Element, string>();
  // Within the element its own controls follow its screens. The way to the newest line lies over the lines.
  const selector =
    '#playground :is(button, select, input, iframe, plex-sign-in), #cards, #live-view :is(button:not(.newest), select, input)';
  const nameOf = (node: Element) =>
    node.ariaLabel || node.textContent?.trim().slice(0, 24) || node.id || node.localName;
  const compare = () => {
    for (const node of document.querySelectorAll(selector)) {
      const { left, top, width, height } = node.getBoundingClientRect();
      if (width === 0) continue;
      const box = [left + scrollX, top + scrollY, width, height].map(Math.round).join(' ');
      const before = boxes.get(node);
      boxes.set(node, box);
      if (before !== undefined && before !== box)
        watched.moved.push(`${nameOf(node)}: ${before} → ${box}, after ${watched.pressed}`);
    }
    requestAnimationFrame(compare);
  };
  compare();
}

async function notePress(frames: readonly Frame[], pressed: string): Promise<void> {
  for (const frame of frames)
    await frame.evaluate((pressed) => {
      (window as unknown as { watched: Watched }).watched.pressed = pressed;
    }, pressed);
}

async function liveFrame(page: Page): Promise<Frame> {
  const frame = await (await page.locator('#live-view').elementHandle())?.contentFrame();
  return frame ?? expect.fail('There is no live view');
}

/** Presses each control but the mishaps, each mode in turn, and walks a sign-in to its end in both. */
async function pressAll(playground: Playground, note: (name: string) => Promise<void>): Promise<void> {
  const { page, live, control } = playground;
  /** Without scrolling, which moves what sticks. */
  const press = async (button: Locator, name: string) => {
    await note(name);
    await expect.poll(() => button.isEnabled(), patience).toBe(true);
    await button.evaluate((node) => (node as HTMLElement).click());
    await twoFrames(page);
  };
  const pressLive = (name: string) =>
    press(live.getByRole('button', { name, exact: true }), `${name} (live view)`);
  const pressMode = async (mode: string) => {
    await press(page.getByLabel(mode, { exact: true }), mode);
  };

  for (const name of [
    'Details',
    'Events',
    'States',
    'Requests',
    'Others',
    'Events',
    'States',
    'Requests',
    'Others',
    'Details',
  ])
    await pressLive(name);
  for (const name of ['Step back', 'Step forward', 'Step back', 'Resume', 'Pause']) await pressLive(name);
  const backToLive = live.getByRole('button', { name: /^Live/ });
  await press(backToLive, 'Live');
  await pressLive('Copy as a test');
  await pressLive('Save SVG');
  await set(page.locator('#latency'), '250', note);
  await set(page.locator('#latency'), '0', note);
  for (const value of ['60000', '-3600000', '0']) await set(page.locator('#offset'), value, note);

  await pressMode('Popup');
  const element = page.locator('#playground plex-sign-in');
  const opened = page.context().waitForEvent('page');
  await note('Sign in with Plex');
  await element.getByRole('button', { name: 'Sign in with Plex' }).click();
  await opened;
  await live.getByRole('combobox', { name: 'Sign-in' }).waitFor();
  await playground.waitForCode();
  await press(control('Deny'), 'Deny');
  await press(control('Expire the code'), 'Expire the code');
  await pressMode('Code');
  await element.getByRole('button').first().waitFor();
  await press(element.getByRole('button').first(), 'the button of the element');
  await playground.waitForCode();
  await press(control('Approve'), 'Approve');
  await playground.lights('authenticated');
  for (const name of ['Replay', 'Stop']) await pressLive(name);
  await note('the choice of a sign-in');
  for (const value of ['1', '2']) await live.getByRole('combobox', { name: 'Sign-in' }).selectOption(value);
  await press(backToLive, 'Live');
}

/** Sets a control as a user does who lets go of it. */
async function set(control: Locator, value: string, note: (name: string) => Promise<void>): Promise<void> {
  await note(`${await control.getAttribute('id')} ${value}`);
  await control.evaluate((node, value) => {
    (node as HTMLInputElement).value = value;
    node.dispatchEvent(new Event('change', { bubbles: true }));
  }, value);
}

/** Until what was pressed has been painted. */
async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}
