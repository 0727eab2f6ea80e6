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
  startInPopup: () => PageOpening;
  /**
   * Starts, and sends this tab to the consent page. Plex sends it back to `returnURL`, where the next engine resumes
   * automatically.
   *
   * @param returnURL Of this page's origin. Default: the page's own address. Nothing of the sign-in is added to it.
   * @returns Resolves once the tab is on its way, or the sign-in was over before that. `refused` where this tab cannot be
   * sent there: with `PLEX_FRAMED` in a frame, since Plex's pages refuse to be framed, and with `PLEX_STORE` where the
   * browser stores nothing between two pages, so that nothing could be resumed. Offer `authURL` as a link to a new tab
   * then. The sign-in runs all the same.
   * @throws {TypeError} For a bad `returnURL`.
   */
  startByRedirect: (returnURL?: string) => Promise<PageOpening>;
}

/** The answer where no window opens, or this tab cannot leave. */
export function toRefusal(
  code: 'PLEX_POPUP_BLOCKED' | 'PLEX_FRAMED' | 'PLEX_STORE',
  message: string,
  atMs: number,
): PageOpening {
  const error = new PlexAuthError(code, message, { atMs, retryable: code === 'PLEX_POPUP_BLOCKED' });
  return { status: 'refused', error };
}
