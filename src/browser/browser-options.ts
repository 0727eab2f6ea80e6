import type { PlexAuthOptions } from '../engine/plex-auth-options.ts';
import type { Opener } from '../ports.ts';
import { requireMethods, requireOption, requireType, requireURL, storeMethods } from '../require-option.ts';

/** How a sign-in in a page runs. Only `product` is required. */
export interface BrowserPlexAuthOptions extends PlexAuthOptions {
  /**
   * The page that the popup ends on: a page of your own, of the same origin, that calls `finishPopup`. Default: none.
   * Plex's page then stays and says that it may be closed, and the popup is closed from here once the token is there.
   */
  forwardURL?: string | undefined;
  /** Default: the client identifier in `localStorage`, the pending PIN in `sessionStorage`. */
  store?: PlexAuthOptions['store'];
  /** Opens the popup. Default: `window.open`. */
  opener?: Opener | undefined;
  /**
   * Names the application. Tabs of one origin with the same name, server and `strong` share one sign-in, and applications
   * with other names share nothing: the name is in the keys of the stores too, unless both `store` and `credentials` are
   * your own. Set it if `product` changes, as with the language. Default: `product`.
   */
  name?: PlexAuthOptions['name'];
  /** The page. Default: the global `window`. Without one, on a server, the engine works but can open nothing. */
  window?: (Window & typeof globalThis) | undefined;
  /** Makes the engine another one, whose token stays on the application's server: see `BackendPlexAuthOptions`. */
  backendURL?: undefined;
}

/** The page that an engine is for, if there is one. */
export function findPage({
  window: page,
}: Pick<BrowserPlexAuthOptions, 'window'>): (Window & typeof globalThis) | undefined {
  requireOption(page === undefined || typeof page?.addEventListener === 'function', 'window', 'a window');
  return page ?? (globalThis as { window?: Window & typeof globalThis }).window;
}

/**
 * Distinguishes engines of one name, so that none resumes a PIN of another server or of another length.
 *
 * @returns An empty text for an engine that sets neither.
 */
export function flowKeyOf(options: Pick<PlexAuthOptions, 'serverURL' | 'strong' | 'wire'>): string {
  const { serverURL, strong, wire } = options;
  const server = typeof wire?.issuer === 'string' ? wire.issuer : serverURL;
  return `${server ? `.${server}` : ''}${strong === false ? '.short' : ''}`;
}

/** Checks what only the browser host takes, and what it changes before the engine sees it. */
export function checkBrowserOptions(options: BrowserPlexAuthOptions, page: Window | undefined): void {
  const { name, opener, polling, credentials, forwardURL } = options;
  requireType('opener', opener, 'function');
  requireOption(
    name === undefined || (typeof name === 'string' && name !== ''),
    'name',
    'a text that is not empty',
  );
  requireOption(polling === undefined || polling instanceof Object, 'polling', 'an object');
  requireType('polling.adjustDelayMs', polling?.adjustDelayMs, 'function');
  requireMethods('credentials', credentials, storeMethods);
  // The key of the sign-in is made of it.
  requireURL('serverURL', options.serverURL);
  requireOwnPage('forwardURL', forwardURL, page);
}

/** Requires an address of the page's own origin: Plex refuses other hosts, and tabs reach only their own origin. */
export function requireOwnPage(name: string, url: unknown, page: Window | undefined): void {
  requireURL(name, url, false);
  const isOwn = !page || url === undefined || new URL(url as string).origin === page.location.origin;
  requireOption(isOwn, name, "an address of the page's own origin");
}
