import type { Clock, Opener } from '../ports.ts';
import { openSafely } from './opener.ts';

/** How often to look whether a window is closed, in milliseconds. No event says so. */
const lookMs = 250;

/** The window for the consent page: at most one. */
export interface ConsentPopup {
  /** Opens a blank window, at once; an earlier one is closed. @returns False where the browser refused. */
  open(): boolean;
  /** Shows a page in the open window. The same page again does nothing. */
  show(url: string): void;
  close(): void;
  /** Whether the window that was opened last is closed, or says so. Null where none was opened, or it was closed from here. */
  isClosed(): boolean | null;
}

/** Makes the consent window of one engine. */
export function createConsentPopup(opener: Opener, clock: Clock, onClosed: () => void): ConsentPopup {
  let popup: Popup | undefined;
  return {
    open() {
      popup?.close();
      popup = openPopup(opener, clock, onClosed);
      return popup !== undefined;
    },
    show: (url) => popup?.show(url),
    close() {
      popup?.close();
      popup = undefined;
    },
    isClosed: () => popup?.isClosed() ?? null,
  };
}

/** One open window. */
type Popup = Omit<ConsentPopup, 'open'>;

/**
 * Opens a blank window at once: browsers allow it only within the click.
 *
 * @param onClosed Called when the window is closed, or says so: under COOP it does while the user is still in it. So it is
 * a hint, and ends nothing.
 * @returns Undefined if the browser refused.
 */
function openPopup(opener: Opener, clock: Clock, onClosed: () => void): Popup | undefined {
  const opened = openSafely(opener);
  if (!opened) return undefined;
  let shown: string | undefined;
  let isClosed = false;
  let timer: unknown;
  const look = () => {
    isClosed = attempt(() => opened.closed) ?? true;
    if (isClosed) onClosed();
    else timer = clock.setTimeout(look, lookMs);
  };
  timer = clock.setTimeout(look, lookMs);
  return {
    show(url) {
      if (url === shown) return;
      shown = url;
      attempt(() => opened.navigate(url));
    },
    close() {
      clock.clearTimeout(timer);
      attempt(() => opened.close());
    },
    isClosed: () => isClosed,
  };
}

/** Uses a window that may be anybody's. If that throws, the sign-in continues without the window. */
function attempt<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}
