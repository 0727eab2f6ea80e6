import type { Pin } from '../../machines/pin-auth.ts';
import { PlexAuthError } from '../errors.ts';
import { createKeeper } from '../keeper.ts';
import { requireOption } from '../options.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { createAuthURL } from '../plex/links.ts';
import { createPlexAuth, type PlexAuth, type PlexAuthOptions } from '../plex-auth.ts';
import { type Opener, systemClock } from '../ports.ts';
import type { PlexAuthView } from '../view.ts';
import { listenForHints, paceOf } from './browser/page-hints.ts';
import { openPageStorage } from './browser/page-storage.ts';
import { createOpener, openPopup, type Popup } from './browser/popup.ts';
import { createTabs, type TabNews } from './browser/tabs.ts';

/** How a sign-in in a page is to go. Only `product` is needed. */
export interface BrowserPlexAuthOptions extends PlexAuthOptions {
  /**
   * The page that the popup ends on: one of your own, which calls {@link finishPopup}. Same origin as this page. Default:
   * none; Plex's page then stays open and says that it may be closed, and the popup is closed from here.
   */
  forwardURL?: string | undefined;
  /** Default: the client identifier in `localStorage`, the pending PIN in `sessionStorage`. */
  store?: PlexAuthOptions['store'];
  /** Opens the popup. Default: `window.open`. */
  opener?: Opener | undefined;
  /** Tabs of one origin with the same name run one flow between them. Default `plex-auth-flow`. */
  name?: string | undefined;
  /** The page. Default: the global `window`; without one, on a server, the engine works and nothing can be opened. */
  window?: (Window & typeof globalThis) | undefined;
}

/** Whether the consent page opens. A refusal says why, and what to offer instead; the flow goes on. */
export type PageOpening = { status: 'opening' } | { status: 'refused'; error: PlexAuthError };

/** An engine that knows the page it is in. It subscribes and ends like any other. */
export interface BrowserPlexAuth extends PlexAuth {
  /**
   * Starts, and opens the consent page in a window of its own. Call it in the click itself, before any `await`.
   *
   * @returns `refused` with `PLEX_POPUP_BLOCKED` where the browser allows no window: offer {@link startByRedirect}, or
   * `authURL` as a link. The flow runs all the same.
   */
  startInPopup(): PageOpening;
  /**
   * Starts, and sends this tab to the consent page. Plex sends it back to `returnURL`, where the next engine goes on by itself.
   *
   * @param returnURL Default: the page's own address. Nothing of the flow is added to it.
   * @returns Once the tab is on its way, or the flow is over before. `refused` with `PLEX_STORE` where the browser keeps
   * nothing between two pages, so that nothing could go on.
   */
  startByRedirect(returnURL?: string): Promise<PageOpening>;
}

const defaultName = 'plex-auth-flow';
const returningKey = 'plex-auth-flow.returning';
/** When the user is back the token can lag: a few reads at these moments, in milliseconds. */
const burstMs = [0, 400, 1000, 2000, 3500];

/**
 * Makes an engine for a page: it opens the consent page, asks when the user is back, and shares a flow between tabs.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createBrowserPlexAuth(options: BrowserPlexAuthOptions): BrowserPlexAuth {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const page = options.window ?? (globalThis as { window?: Window & typeof globalThis }).window;
  const { clock = systemClock, name = defaultName, opener = createOpener(page), polling } = options;
  requireOption(typeof opener === 'function', 'opener', 'a function');
  requireOption(typeof name === 'string' && name !== '', 'name', 'a text that is not empty');
  const storage = openPageStorage(page);
  const engine = createPlexAuth({
    ...options,
    store: options.store ?? storage.store,
    polling: {
      ...polling,
      adjustDelayMs: (delayMs) => paceOf(page, polling?.adjustDelayMs?.(delayMs) ?? delayMs),
    },
  });
  const burst = new Set<unknown>();
  let popup: Popup | undefined;
  let isOver = false;
  let was: PlexAuthView['status'] = engine.getSnapshot().status;

  const tabs = createTabs({ page, name, clock, onYield: letOtherTabGoOn, onNews: hear });
  const stopHints = listenForHints(page, clock.now, engine.check);
  engine.subscribe(follow, leave);
  if (takeReturning(page)) hurry();
  if (page && !storage.keepsIdentifier && !options.store) {
    const message = 'This browser keeps nothing for this page: what is kept lasts as long as the page';
    engine.actor.send({ type: 'STORE_FAILED', error: storeFault(message) });
  }

  /** Asks now, and a few times soon: the user is likely to have approved. */
  function hurry(): void {
    stopBurst();
    for (const delayMs of burstMs) {
      const timer = clock.setTimeout(() => {
        burst.delete(timer);
        engine.check();
      }, delayMs);
      burst.add(timer);
    }
  }

  function stopBurst(): void {
    for (const timer of burst) clock.clearTimeout(timer);
    burst.clear();
  }

  /** After each change: the popup shows the code there is, and the other tabs learn what concerns them. */
  function follow(view: PlexAuthView): void {
    const { status } = view;
    if (hasCode(view)) popup?.show(view.authURL);
    if (isRunning(status)) {
      if (!tabs.isLeading && !isRunning(was)) void tabs.lead();
    } else {
      popup?.close();
      popup = undefined;
      stopBurst();
      tabs.release();
      if (status === 'authenticated' && isRunning(was)) tabs.tell('signedIn');
      if (status === 'idle' && view.reason === 'signedOut') tabs.tell('signedOut');
    }
    was = status;
  }

  function hear(news: TabNews): void {
    if (news === 'returned') hurry();
    else if (news === 'signedIn') void join();
    else void engine.verify();
  }

  /** Another tab has signed in, and kept the token where this one finds it too. */
  async function join(): Promise<void> {
    const { credentials, clientIdentifier, serverURL } = options;
    if (!credentials || engine.getSnapshot().status === 'authenticated') return;
    const timeoutMs = options.requestTimeoutMs ?? defaultRequestTimeoutMs;
    const keeper = createKeeper({
      store: undefined,
      credentials,
      clientIdentifier,
      serverURL,
      clock,
      timeoutMs,
      onFault: () => {},
    });
    const found = await keeper.findCredentials().catch(() => undefined);
    if (!found || isOver) return;
    engine.cancel();
    engine.actor.send({ type: 'RESTORE', credentials: found });
  }

  /** A read that is out is waited for: its answer may hold the token. */
  async function letOtherTabGoOn(): Promise<Pin | undefined> {
    await untilStatus(engine, (status) => status !== 'fetchingToken');
    const { pin } = engine.actor.getSnapshot().context;
    const { status } = engine.getSnapshot();
    if (isRunning(status)) engine.cancel();
    return status === 'awaitingLink' ? pin : undefined;
  }

  async function start(): Promise<void> {
    if (isRunning(engine.getSnapshot().status)) return;
    const pin = await tabs.lead();
    if (isOver) return;
    const { giveUpAfterMs } = options;
    const giveUpAtMs = giveUpAfterMs === undefined ? undefined : clock.now() + giveUpAfterMs;
    if (pin && engine.actor.getSnapshot().can({ type: 'RESUME', pin }))
      engine.actor.send({ type: 'RESUME', pin, giveUpAtMs });
    else engine.start();
  }

  function leave(): void {
    isOver = true;
    stopHints();
    stopBurst();
    popup?.close();
    tabs.close();
  }

  return {
    ...engine,
    start: () => void start(),
    startInPopup() {
      popup?.close();
      popup = openPopup(opener, clock, hurry);
      const view = engine.getSnapshot();
      if (popup && hasCode(view)) popup.show(view.authURL);
      void start();
      return popup ? { status: 'opening' } : { status: 'refused', error: blocked(clock.now()) };
    },
    async startByRedirect(returnURL = page?.location.href ?? '') {
      if (!page || !(storage.keepsPin || options.store))
        return { status: 'refused', error: storeFault('This browser keeps nothing between two pages') };
      await start();
      const view = await untilStatus(engine, (status) => !isRunning(status) || status === 'awaitingLink');
      const { pin } = engine.actor.getSnapshot().context;
      if (view.status !== 'awaitingLink' || !pin) return { status: 'opening' };
      page.sessionStorage.setItem(returningKey, '1');
      page.location.assign(createAuthURL({ ...options, ...pin, forwardURL: returnURL }));
      return { status: 'opening' };
    },
  };

  function storeFault(message: string): PlexAuthError {
    return new PlexAuthError('PLEX_STORE', message, { atMs: clock.now(), retryable: false });
  }
}

/** Where {@link finishPopup} is called. */
export interface FinishPopupOptions {
  /** The `name` that the engine was given. Default `plex-auth-flow`. */
  name?: string | undefined;
  /** Default: the global `window`. */
  window?: (Window & typeof globalThis) | undefined;
}

/**
 * Ends the popup on the page at `forwardURL`: tells the tab that waits, and closes the window.
 *
 * It needs no `window.opener`, which a page with a COOP header on the way takes away. A browser that does not let the
 * window be closed leaves it open: let the page say that the user may go back.
 */
export function finishPopup({
  name = defaultName,
  window: page = globalThis.window,
}: FinishPopupOptions = {}): void {
  const channel = new page.BroadcastChannel(name);
  channel.postMessage({ type: 'returned' satisfies TabNews });
  channel.close();
  page.close();
}

function blocked(atMs: number): PlexAuthError {
  const message = 'The browser opened no window: offer the sign-in in this tab, or authURL as a link';
  return new PlexAuthError('PLEX_POPUP_BLOCKED', message, { atMs, retryable: true });
}

/** Whether this page is the one that Plex sent the user back to. Asked once. */
function takeReturning(page: Window | undefined): boolean {
  try {
    const isReturning = page?.sessionStorage.getItem(returningKey) === '1';
    page?.sessionStorage.removeItem(returningKey);
    return isReturning;
  } catch {
    return false;
  }
}

function isRunning(status: PlexAuthView['status']): boolean {
  return status === 'requestingPin' || status === 'awaitingLink' || status === 'fetchingToken';
}

function hasCode(view: PlexAuthView): view is Extract<PlexAuthView, { code: string }> {
  return view.status === 'awaitingLink' || view.status === 'fetchingToken';
}

/** Waits for a status; the end of the engine ends the waiting too. */
function untilStatus(
  engine: PlexAuth,
  isWanted: (status: PlexAuthView['status']) => boolean,
): Promise<PlexAuthView> {
  return new Promise((resolve) => {
    const look = (view: PlexAuthView) => {
      if (!isWanted(view.status)) return;
      unsubscribe();
      resolve(view);
    };
    const unsubscribe = engine.subscribe(look, () => resolve(engine.getSnapshot()));
    look(engine.getSnapshot());
  });
}
