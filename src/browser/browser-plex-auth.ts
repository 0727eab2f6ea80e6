import type { PlexAuth } from '../engine/plex-auth.ts';
import { PlexAuthError } from '../errors.ts';

/**
 * Whether the consent page opens.
 *
 * `refused` says why, and what to offer instead. `unneeded`: the user is signed in, or the sign-in was over before there
 * was a page to show; the view says which.
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
   * `authURL` as a link. The sign-in runs all the same.
   */
  startInPopup(): PageOpening;
  /**
   * Starts, and sends this tab to the consent page. Plex sends it back to `returnURL`, where the next engine resumes
   * automatically.
   *
   * @param returnURL Of this page's origin. Default: the page's own address. Nothing of the sign-in is added to it.
   * @returns Resolves once the tab is on its way, or the sign-in was over before that. `refused` with `PLEX_STORE` where
   * the browser stores nothing between two pages, so that nothing could be resumed: offer `authURL` as a link to a new
   * tab. The sign-in runs all the same.
   * @throws {TypeError} For a bad `returnURL`.
   */
  startByRedirect(returnURL?: string): Promise<PageOpening>;
}

/** The answer where this browser stores nothing. */
export function toRefusal(message: string, atMs: number): PageOpening {
  return { status: 'refused', error: toNotStoredError(message, atMs) };
}

/** The error for a browser that stores nothing. */
export function toNotStoredError(message: string, atMs: number): PlexAuthError {
  return new PlexAuthError('PLEX_STORE', message, { atMs, retryable: false });
}
