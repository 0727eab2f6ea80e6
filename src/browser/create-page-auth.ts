import { createEngine, type Engine } from '../engine/create-engine.ts';
import { registerInternals } from '../engine/engine-internals.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import { PlexAuthError } from '../errors.ts';
import { copyOptions } from '../require-option.ts';
import { isRunning, isStartable } from '../view.ts';
import {
  type BrowserPlexAuthOptions,
  checkBrowserOptions,
  findPage,
  flowKeyOf,
  requireOwnPage,
} from './browser-options.ts';
import { type BrowserPlexAuth, toRefusal } from './browser-plex-auth.ts';
import { followViews } from './follow-views.ts';
import { createOpener } from './opener.ts';
import { adjustToPage, listenForHints } from './page-hints.ts';
import { isPageStorage, openPageStorage, type PageStorage } from './page-storage.ts';
import { createConsentPopup } from './popup.ts';
import { createRedirect } from './redirect.ts';
import { createReturnChecks } from './return-checks.ts';
import { takeReturnMark } from './return-mark.ts';
import { createSharedFlow } from './shared-flow.ts';
import { type SharedStore, shareStore } from './shared-store.ts';

/** What an engine in a page is made of. */
interface PageParts {
  readonly options: BrowserPlexAuthOptions;
  readonly page: (Window & typeof globalThis) | undefined;
  /** The application. */
  readonly name: string;
  readonly flowKey: string;
  readonly storage: PageStorage;
  readonly credentials: SharedStore | undefined;
  readonly engine: Engine;
}

/**
 * Makes the engine of a page.
 *
 * @param own A copy of the caller's options, without a prototype.
 * @param backend Given where `own.wire` leads to the application's server: the session there stands for credentials that the
 * tabs share.
 * @throws {TypeError} For a bad option, naming it.
 */
export function createPageAuth(
  own: BrowserPlexAuthOptions,
  backend?: { readonly session: SharedStore | undefined },
): BrowserPlexAuth {
  const page = findPage(own);
  checkBrowserOptions(own, page);
  const polling = own.polling && copyOptions(own.polling);
  const name = own.name ?? own.product;
  const flowKey = flowKeyOf(own);
  const storage = openPageStorage(page, flowKey);
  const isShared = [own.store ?? storage.store, own.credentials].some(
    (used) => used && (used === storage.store || isPageStorage(page, used)),
  );
  // A product that is none is named by the engine, with the other bad options.
  const nameInKeys = own.name ?? (isShared && own.product ? own.product : undefined);
  const credentials = backend ? backend.session : own.credentials && shareStore(own.credentials);
  const engine = createEngine(
    copyOptions({
      ...own,
      name: nameInKeys,
      store: own.store ?? storage.store,
      credentials,
      polling: {
        ...polling,
        adjustDelayMs: (delayMs) => adjustToPage(page, polling?.adjustDelayMs?.(delayMs) ?? delayMs),
      },
    }),
    !!backend,
  );
  return connectToPage({ options: own, page, name, flowKey, storage, credentials, engine });
}

/** Adds to an engine what only a page can do. */
function connectToPage(parts: PageParts): BrowserPlexAuth {
  const { options, page, name, flowKey, storage, engine } = parts;
  const { auth, internals } = engine;
  const { clock } = internals;
  const { flow, popup, isEnded, stopWaiting } = followPage(parts);
  const keepsPin = storage.keepsPin || options.store !== undefined;
  const redirect = createRedirect({ ...engine, flow, name, flowKey, keepsPin, isEnded, stopWaiting });

  const own: Omit<BrowserPlexAuth, Exclude<keyof PlexAuth, 'start' | 'cancel'>> = {
    start: () => void flow.start(),
    cancel() {
      flow.forgetStart();
      stopWaiting();
      auth.cancel();
    },
    startInPopup() {
      const view = auth.getSnapshot();
      if (isEnded() || !(isStartable(view.status) || isRunning(view.status))) return { status: 'unneeded' };
      const isOpen = popup.open();
      if (view.code) popup.show(view.authURL);
      void flow.start();
      return isOpen ? { status: 'opening' } : toRefusal('PLEX_POPUP_BLOCKED', blockedMessage, clock.now());
    },
    startByRedirect(returnURL) {
      requireOwnPage('returnURL', returnURL, page);
      if (!page) return Promise.resolve(toRefusal('PLEX_STORE', 'There is no page here', clock.now()));
      return redirect(page, returnURL ?? page.location.href);
    },
  };
  return registerInternals({ ...auth, ...own }, { ...internals, isWindowClosed: popup.isClosed });
}

/** Connects an engine to its page: windows, the user who comes back, and the other tabs. */
function followPage({ options, page, name, flowKey, storage, credentials, engine }: PageParts) {
  const { auth, internals } = engine;
  const { clock } = internals;
  const checks = createReturnChecks(auth, clock);
  const isBack = takeReturnMark(page, name, flowKey);
  const onReturned = checks.checkNow;
  const shared = { page, name, flowKey, engine, credentials, isBack, onReturned };
  const flow = createSharedFlow(shared);
  const opener = options.opener ?? createOpener(page, options.product);
  const popup = createConsentPopup(opener, clock, checks.checkNow);
  const stopHints = listenForHints(page, clock.now, auth.check);
  const stopWaiting = () => {
    checks.stop();
    popup.close();
  };
  const { isEnded } = followViews(auth, {
    onCode: popup.show,
    onOver: stopWaiting,
    onEnd() {
      stopHints();
      stopWaiting();
      flow.close();
    },
  });
  if (isBack) checks.start();
  if (page && !options.store && !options.clientIdentifier && !storage.keepsIdentifier)
    internals.reportStoreError(
      new PlexAuthError('PLEX_STORE', noIdentifierMessage, { atMs: clock.now(), retryable: false }),
    );
  return { flow, popup, isEnded, stopWaiting };
}

const noIdentifierMessage = 'This browser stores nothing for this page: each sign-in lists a new device';

const blockedMessage =
  'The browser opened no window: offer the sign-in in this tab, or authURL as a link to a new tab';
