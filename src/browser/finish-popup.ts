import { copyOptions } from '../require-option.ts';
import { openTabChannel } from './tab-channel.ts';

/** How {@link finishPopup} finds its page. */
export interface FinishPopupOptions {
  /**
   * The application: the engine's `name`, or its `product` if it has none. Default: every engine of this origin asks Plex,
   * which costs the others a request.
   */
  name?: string | undefined;
  /** Default: the global `window`. */
  window?: (Window & typeof globalThis) | undefined;
}

/**
 * Ends the popup on the page at `forwardURL`: notifies the tab that waits, and closes the window.
 *
 * It needs no `window.opener`, which a page with a COOP header on the way removes. Some browsers do not let the window be
 * closed: let the page say that the user may go back. It never throws; without a window, on a server, it does nothing.
 */
export function finishPopup(options: FinishPopupOptions = {}): void {
  const { name, window: page } = copyOptions(options);
  const here = page ?? (globalThis as { window?: Window & typeof globalThis }).window;
  const channel = openTabChannel(here, name, () => {});
  channel.post({ type: 'returned' });
  channel.close();
  here?.close();
}
