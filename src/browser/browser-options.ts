import type { PlexAuthOptions } from '../engine/plex-auth-options.ts';
import type { Opener } from '../ports.ts';
import { requireMethods, requireOption, requireType, requireURL, storeMethods } from '../require-option.ts';

/** The name by which tabs hear one another, unless the application gives one. */
export const defaultName = 'plex-auth-flow';

/** How a sign-in in a page is to go. Only `product` is needed. */
export interface BrowserPlexAuthOptions extends PlexAuthOptions {
  /**
   * The page that the popup ends on: one of your own, of the same origin, which calls `finishPopup`. Default: none;
   * Plex's page then stays and says that it may be closed, and the popup is closed from here once the token is there.
   */
  forwardURL?: string | undefined;
  /** Default: the client identifier in `localStorage`, the pending PIN in `sessionStorage`. */
  store?: PlexAuthOptions['store'];
  /** Opens the popup. Default: `window.open`. */
  opener?: Opener | undefined;
  /** Tabs of one origin with the same name, server and `strong` run one flow between them. Default `plex-auth-flow`. */
  name?: string | undefined;
  /** The page. Default: the global `window`; without one, on a server, the engine works and nothing can be opened. */
  window?: (Window & typeof globalThis) | undefined;
}

/**
 * Tells engines of one name apart: none resumes a PIN of another server, or of another length.
 *
 * @returns An empty text for an engine that sets neither.
 */
export function flowKeyOf({ serverURL, strong }: Pick<PlexAuthOptions, 'serverURL' | 'strong'>): string {
  return `${serverURL ? `.${serverURL}` : ''}${strong === false ? '.short' : ''}`;
}

/** Checks what only the browser host takes, and what it changes before the engine sees it. */
export function checkBrowserOptions(options: BrowserPlexAuthOptions, page: Window | undefined): void {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const { name, opener, polling, credentials, forwardURL, window } = options;
  requireOption(window === undefined || typeof window?.addEventListener === 'function', 'window', 'a window');
  requireType('opener', opener, 'function');
  requireOption(
    name === undefined || (typeof name === 'string' && name !== ''),
    'name',
    'a text that is not empty',
  );
  requireOption(polling === undefined || polling instanceof Object, 'polling', 'an object');
  requireType('polling.adjustDelayMs', polling?.adjustDelayMs, 'function');
  requireMethods('credentials', credentials, storeMethods);
  requireOwnPage('forwardURL', forwardURL, page);
}

/** Refuses a return address of another origin: Plex refuses other hosts, and tabs hear only their own origin. */
export function requireOwnPage(name: string, url: unknown, page: Window | undefined): void {
  requireURL(name, url, false);
  const isOwn = !page || url === undefined || new URL(url as string).origin === page.location.origin;
  requireOption(isOwn, name, "an address of the page's own origin");
}
