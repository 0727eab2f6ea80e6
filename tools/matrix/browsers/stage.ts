import { setTimeout as sleep } from 'node:timers/promises';
import type { PlexEmulatorOptions, ServedPlexEmulator } from '../../../src/testing/index.ts';
import { expectThat } from '../probe/probe-check.ts';
import type { DrivenBrowser, DrivenWindow } from './driver.ts';

/** What a flow plays on: one browser, a plex.tv and a site with storage of their own. */
export interface Stage {
  readonly browser: DrivenBrowser;
  readonly plex: ServedPlexEmulator;
  readonly timelines: Readonly<Record<string, string>>;
  /** The address of a page of the site. @param options Parameters without a value, or `name=value`. */
  addressOf(path: string, ...options: string[]): string;
  /** Opens a window with a page of the site. */
  open(path: string, ...options: string[]): Promise<DrivenWindow>;
}

/** Something that a user does, and what must hold then. */
export interface Flow {
  readonly subject: string;
  /** The sentence of its cell. */
  readonly check: string;
  /** Whether it is one of the few that CI plays. */
  readonly isQuick?: true;
  readonly emulator?: PlexEmulatorOptions;
  play(stage: Stage): Promise<void>;
}

/** As long as a busy machine may need; what is there sooner is seen sooner. */
const longestMs = 20_000;

/** Reads again and again, until it is what is wanted. A read that fails is one too early: the page is just changing. */
export async function until<Value>(
  read: () => Value | Promise<Value>,
  isWanted: (value: Value) => boolean,
  what: string,
  intervalMs = 50,
): Promise<Value> {
  let last: unknown;
  for (const endMs = Date.now() + longestMs; Date.now() < endMs; await sleep(intervalMs)) {
    try {
      const value = await read();
      if (isWanted(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`${what}: at last ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

export const running = /^(awaitingLink|fetchingToken)$/;

/** Waits for what a page shows. */
export async function reaches(page: DrivenWindow, status: string | RegExp): Promise<void> {
  const isWanted = (text: string) => (typeof status === 'string' ? text === status : status.test(text));
  await until(() => textOf(page, 'output'), isWanted, `shows ${status}`);
}

/** A node of the page or of its tag. */
function nodeOf(page: DrivenWindow, selector: string) {
  return page.run<{ text: string; x: number; y: number; width: number; isHit: boolean }>(`
    const roots = [document, document.querySelector('plex-sign-in')?.shadowRoot];
    const node = roots.map((root) => root?.querySelector(${JSON.stringify(selector)})).find((found) => found);
    node?.scrollIntoView({ block: 'nearest' });
    const { x = 0, y = 0, width = 0, height = 0 } = node?.getBoundingClientRect() ?? {};
    return { text: node?.textContent ?? '', x: x + width / 2, y: y + height / 2, width };`);
}

export async function textOf(page: DrivenWindow, selector: string): Promise<string> {
  return (await nodeOf(page, selector)).text;
}

/** Clicks as a user does, once it can be seen. */
export async function click(page: DrivenWindow, selector: string): Promise<void> {
  const isSeen = ({ width }: { width: number }) => width > 0;
  const { x, y } = await until(() => nodeOf(page, selector), isSeen, `shows ${selector}`);
  await page.clickAt(x, y);
}

/** Clicks, and waits for the window that the page opens by it. */
export async function clickToOpen(stage: Stage, page: DrivenWindow, selector: string): Promise<DrivenWindow> {
  const before = new Set(await stage.browser.windows());
  await click(page, selector);
  const find = async () => (await stage.browser.windows()).find((window) => !before.has(window));
  const opened = await until(find, (window) => window !== undefined, 'opens a window');
  if (!opened) throw new Error('opens no window');
  return opened;
}

/** Approves on Plex's page, which may still have to come. */
export const approve = (page: DrivenWindow) => click(page, 'button[value=approve]');

export function isOpen(stage: Stage, window: DrivenWindow): Promise<boolean> {
  return stage.browser.windows().then((windows) => windows.includes(window));
}

export async function closes(stage: Stage, window: DrivenWindow): Promise<void> {
  await until(
    () => isOpen(stage, window),
    (is) => !is,
    'closes the window',
  );
}

/** Starts the engine of a page, without a window. */
export async function startIn(page: DrivenWindow): Promise<void> {
  await reaches(page, 'idle');
  await page.run('auth.start()');
  await reaches(page, running);
}

/** Opens a page whose engine waits for its code to be approved. */
export async function openStarted(stage: Stage, ...options: string[]): Promise<DrivenWindow> {
  const page = await stage.open('/engine', ...options);
  await startIn(page);
  return page;
}

export const codeOf = (page: DrivenWindow) => page.run<string>(`return auth.getSnapshot().code ?? ''`);

/** The token that a page holds, or an empty text. */
export const tokenOf = (page: DrivenWindow) =>
  page.run<string>(`return auth.getSnapshot().token?.reveal() ?? ''`);

/** Approves elsewhere: on a phone, say. */
export async function linkCodeOf(stage: Stage, page: DrivenWindow): Promise<void> {
  stage.plex.emulator.link(await codeOf(page));
}

/** Approves elsewhere, and waits for the token. */
export async function signInElsewhere(stage: Stage, page: DrivenWindow): Promise<void> {
  await linkCodeOf(stage, page);
  await reaches(page, 'authenticated');
}

/** Waits for the next requests: the flow goes on. */
export async function asksAgain({ plex }: Stage, times = 2): Promise<void> {
  const { length } = plex.emulator.requests;
  await until(
    () => plex.emulator.requests.length,
    (now) => now >= length + times,
    'asks again',
  );
}

/** @throws {Error} Where there is another number of PINs. */
export function expectPins({ plex }: Stage, wanted: number): void {
  const { length } = plex.emulator.pins;
  expectThat(length === wanted, `there are ${length} PINs, not ${wanted}`);
}
