import { expect } from 'vitest';
import type { BrowserPlexAuthOptions } from '../../src/browser/browser-options.ts';
import type { BrowserPlexAuth } from '../../src/browser/browser-plex-auth.ts';
import { createBrowserPlexAuth } from '../../src/browser/create-browser-plex-auth.ts';
import type { PlexEmulatorOptions } from '../../src/testing/index.ts';
import { createWorld, sentAtMs, type World } from '../fixture/create-flow.ts';
import {
  createFakeBrowser,
  createFakePage,
  createFakePopup,
  type FakeBrowser,
  type FakePage,
  type FakePopup,
} from './fake-page.ts';

/** A page of a browser, with its tabs, popups and storage, in the world of the other suites. */
export interface BrowserWorld extends World {
  readonly browser: FakeBrowser;
}

export interface Tab extends BrowserWorld {
  readonly page: FakePage;
  readonly auth: BrowserPlexAuth;
  /** The windows that were opened, oldest first. */
  readonly popups: FakePopup[];
  readonly statuses: string[];
}

export function createBrowserWorld(options: PlexEmulatorOptions = {}): BrowserWorld {
  return { ...createWorld(options), browser: createFakeBrowser() };
}

export function openTab(
  options: Partial<BrowserPlexAuthOptions> = {},
  world = createBrowserWorld(),
  page = createFakePage(world.browser),
): Tab {
  const popups: FakePopup[] = [];
  const auth = createBrowserPlexAuth({
    product: 'Living Room',
    clock: world.time.clock,
    fetch: world.emulator.fetch,
    random: () => 0,
    window: page.window,
    opener() {
      const popup = createFakePopup();
      popups.push(popup);
      return popup;
    },
    ...options,
  });
  const statuses: string[] = [];
  auth.subscribe(({ status }) => {
    if (statuses.at(-1) !== status) statuses.push(status);
  });
  return { ...world, page, auth, popups, statuses };
}

export const statusOf = ({ auth }: Tab) => auth.getSnapshot().status;

export const isRunning = (tab: Tab) =>
  ['requestingPin', 'awaitingLink', 'fetchingToken'].includes(statusOf(tab));

export function codeOf({ auth }: Tab): string {
  const view = auth.getSnapshot();
  return view.code ?? '';
}

/** When the reads so far went out, in milliseconds since `sinceMs`. */
export const readsOf = ({ emulator }: World, sinceMs: number) => sentAtMs(emulator, 'getToken', sinceMs);

export async function openWaiting(
  options?: Partial<BrowserPlexAuthOptions>,
  world?: BrowserWorld,
): Promise<Tab> {
  const tab = openTab(options, world);
  tab.auth.start();
  await tab.time.advance(0);
  expect(statusOf(tab)).toBe('awaitingLink');
  return tab;
}

export function expectNothingLeft({ time, page, browser }: Tab): void {
  expect({
    timers: time.timers,
    listeners: page.listeners,
    channels: browser.channels.size,
    isLocked: browser.locks.isHeld,
  }).toEqual({ timers: 0, listeners: 0, channels: 0, isLocked: false });
}
