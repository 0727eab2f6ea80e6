import { createPlexAuth, type PlexAuth } from '../engine/create-plex-auth.ts';
import { createFlowStore } from '../engine/flow-store.ts';
import { PlexAuthError } from '../errors.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { createAuthURL } from '../plex/links.ts';
import { systemClock } from '../ports.ts';
import type { Secret } from '../secret.ts';
import type { PlexAuthView } from '../view.ts';
import {
  type BrowserPlexAuthOptions,
  checkBrowserOptions,
  kindOf,
  requireOwnPage,
} from './browser-options.ts';
import { createBurst } from './burst.ts';
import { hasCode, isRunning, isStartable, untilStatus } from './flow-status.ts';
import { listenForHints, paceOf } from './page-hints.ts';
import { openPageStorage } from './page-storage.ts';
import { createOpener, openPopup, type Popup } from './popup.ts';
import { markReturn, takeReturnMark } from './return-mark.ts';
import { createSharedFlow } from './shared-flow.ts';
import { shareStore } from './shared-store.ts';

export type { BrowserPlexAuthOptions } from './browser-options.ts';
export { type FinishPopupOptions, finishPopup } from './finish-popup.ts';

/**
 * Whether the consent page opens.
 *
 * `refused` says why, and what to offer instead. `unneeded`: a token is held, or the flow was over before there was a
 * page to show; the view says which.
 */
export type PageOpening =
  | { status: 'opening' }
  | { status: 'unneeded' }
  | { status: 'refused'; error: PlexAuthError };

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
   * @param returnURL Of this page's origin. Default: the page's own address. Nothing of the flow is added to it.
   * @returns Once the tab is on its way, or the flow is over before. `refused` with `PLEX_STORE` where the browser keeps
   * nothing between two pages, so that nothing could go on: offer `authURL` as a link to a new tab. The flow runs all the same.
   * @throws {TypeError} For a bad `returnURL`.
   */
  startByRedirect(returnURL?: string): Promise<PageOpening>;
}

/** When the user is back the token can lag: a few reads more at these moments, in milliseconds. */
const burstMs = [400, 1000, 2000, 3500];

/**
 * Makes an engine for a page: it opens the consent page, asks when the user is back, and shares a flow between tabs.
 *
 * @throws {TypeError} For a bad option, naming it.
 */
export function createBrowserPlexAuth(options: BrowserPlexAuthOptions): BrowserPlexAuth {
  const page = options?.window ?? (globalThis as { window?: Window & typeof globalThis }).window;
  checkBrowserOptions(options, page);
  const { clock = systemClock, opener = createOpener(page, options.product), polling } = options;
  const kind = kindOf(options);
  const storage = openPageStorage(page, kind);
  const store = options.store ?? storage.store;
  const credentials = options.credentials && shareStore(options.credentials);
  const life = new AbortController();
  let popup: Popup | undefined;
  let storeFault: PlexAuthError | undefined;
  let isUnderWay = false;
  let held: Secret | undefined;

  const engine = createPlexAuth({
    ...options,
    store,
    credentials,
    polling: {
      ...polling,
      adjustDelayMs: (delayMs) => paceOf(page, polling?.adjustDelayMs?.(delayMs) ?? delayMs),
    },
  });
  const flowStore = createFlowStore({
    store,
    credentials,
    clientIdentifier: options.clientIdentifier,
    serverURL: options.serverURL,
    clock,
    timeoutMs: options.requestTimeoutMs ?? defaultRequestTimeoutMs,
    signal: life.signal,
    onError: noteStoreFault,
  });
  const reads = createBurst(clock, burstMs, engine.check);
  const isBack = takeReturnMark(page, kind);
  const flow = createSharedFlow({
    ...options,
    page,
    kind,
    clock,
    engine,
    flowStore,
    hasLost: async (token) => credentials?.hasLost(token) ?? false,
    isBack,
    onReturned: hurry,
  });
  const stopHints = listenForHints(page, clock.now, engine.check);
  engine.subscribe(follow, leave);
  if (isBack) reads.start();
  if (page && !options.store && !options.clientIdentifier && !storage.keepsIdentifier)
    noteStoreFault(nothingKept('This browser keeps nothing for this page: each sign-in lists a new device'));

  /** After each change: the popup shows the code there is, and goes once the flow is over. */
  function follow(view: PlexAuthView): void {
    if (held && view.status !== 'authenticated') credentials?.letGo(held);
    held = view.status === 'authenticated' ? view.token : undefined;
    const wasRunning = isUnderWay;
    isUnderWay = isRunning(view.status);
    if (hasCode(view)) popup?.show(view.authURL);
    else if (!isUnderWay && (wasRunning || view.status === 'authenticated')) end();
  }

  function end(): void {
    reads.stop();
    popup?.close();
    popup = undefined;
  }

  /** Asks now, and a few times soon: the user is likely to have approved. */
  function hurry(): void {
    if (!hasCode(engine.getSnapshot())) return;
    engine.check();
    reads.start();
  }

  function leave(): void {
    life.abort();
    stopHints();
    end();
    flow.close();
  }

  function noteStoreFault(error: PlexAuthError): void {
    storeFault = error;
    if (!life.signal.aborted) engine.actor.send({ type: 'STORE_FAILED', error });
  }

  function nothingKept(message: string): PlexAuthError {
    return new PlexAuthError('PLEX_STORE', message, { atMs: clock.now(), retryable: false });
  }

  /** Whether the flow still runs here. The view stays what it was when the engine ends. */
  function isAlive(): boolean {
    return !life.signal.aborted && isRunning(engine.getSnapshot().status);
  }

  /** What the browser must still have when this page is gone, and the address to go to. */
  async function prepareRedirect(here: Window, forwardURL: string): Promise<PageOpening> {
    await flow.start();
    if (!isAlive()) return { status: 'unneeded' };
    if (!(storage.keepsPin || options.store))
      return { status: 'refused', error: nothingKept('This browser keeps nothing between two pages') };
    await untilStatus(engine, (status) => status === 'awaitingLink' || !isRunning(status));
    const { pin } = engine.actor.getSnapshot().context;
    if (!isAlive() || !pin) return { status: 'unneeded' };
    storeFault = undefined;
    flowStore.keepPin(pin);
    await flowStore.flushed();
    if (!isAlive()) return { status: 'unneeded' };
    if (storeFault) return { status: 'refused', error: storeFault };
    const { status } = await untilStatus(engine, (now) => now !== 'fetchingToken');
    if (!isAlive() || status !== 'awaitingLink') return { status: 'unneeded' };
    // It may show the same page, and would be left behind.
    end();
    markReturn(here, kind);
    here.location.assign(createAuthURL({ ...options, ...pin, forwardURL }));
    return { status: 'opening' };
  }

  return {
    ...engine,
    start: () => void flow.start(),
    cancel() {
      flow.forgetStart();
      end();
      engine.cancel();
    },
    startInPopup() {
      const view = engine.getSnapshot();
      const { status } = view;
      if (life.signal.aborted || !(isStartable(status) || isRunning(status))) return { status: 'unneeded' };
      popup?.close();
      popup = openPopup(opener, clock, hurry);
      if (hasCode(view)) popup?.show(view.authURL);
      void flow.start();
      return popup ? { status: 'opening' } : { status: 'refused', error: blocked(clock.now()) };
    },
    startByRedirect(returnURL) {
      requireOwnPage('returnURL', returnURL, page);
      if (!page) return Promise.resolve({ status: 'refused', error: nothingKept('There is no page here') });
      return prepareRedirect(page, returnURL ?? page.location.href);
    },
  };
}

function blocked(atMs: number): PlexAuthError {
  const message = 'The browser opened no window: offer the sign-in in this tab, or authURL as a link';
  return new PlexAuthError('PLEX_POPUP_BLOCKED', message, { atMs, retryable: true });
}
