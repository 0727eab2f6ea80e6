import type { Clock, OpenedWindow, Opener } from '../ports.ts';

/** How often a window is asked whether it is closed. It tells nobody by itself. */
const lookMs = 250;
const size = { width: 600, height: 720 };

/** The window for the consent page: at most one. */
export interface ConsentPopup {
  /** Opens a blank window, at once; an earlier one is closed. @returns False where the browser refused. */
  open(): boolean;
  /** Shows a page in the open window. The same page again does nothing. */
  show(url: string): void;
  close(): void;
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
  };
}

/** One open window. */
type Popup = Omit<ConsentPopup, 'open'>;

/**
 * Opens a blank window, at once: only within the click do browsers allow it.
 *
 * @param onClosed The window is gone, or says so: under COOP it does while the user is still in it. A hint, not an end.
 * @returns Nothing where the browser refused.
 */
function openPopup(opener: Opener, clock: Clock, onClosed: () => void): Popup | undefined {
  const opened = openWindow(opener);
  if (!opened) return undefined;
  let shown: string | undefined;
  let timer: unknown;
  const look = () => {
    if (opened.closed) onClosed();
    else timer = clock.setTimeout(look, lookMs);
  };
  timer = clock.setTimeout(look, lookMs);
  return {
    show(url) {
      if (url === shown) return;
      shown = url;
      opened.navigate(url);
    },
    close() {
      clock.clearTimeout(timer);
      opened.close();
    },
  };
}

/** Some embedded browsers throw where others answer `null`. */
function openWindow(opener: Opener): OpenedWindow | null {
  try {
    return opener();
  } catch {
    return null;
  }
}

/** Opens windows of a page's own, in the middle of it. */
export function createOpener(page: Window | undefined, product: string): Opener {
  return () => {
    const { width, height } = size;
    const left = (page?.screenX ?? 0) + ((page?.outerWidth ?? 0) - width) / 2;
    const top = (page?.screenY ?? 0) + ((page?.outerHeight ?? 0) - height) / 2;
    const opened = page?.open('', '', `popup,width=${width},height=${height},left=${left},top=${top}`);
    if (!opened) return null;
    sayWhatComes(opened, product);
    return toOpenedWindow(opened);
  };
}

/** Until there is a code the window is blank; what it says is the same in every language. */
function sayWhatComes({ document }: Window, product: string): void {
  try {
    const { body, documentElement } = document;
    document.title = body.textContent = `${product} → Plex …`;
    documentElement.style.colorScheme = 'light dark';
    body.style.cssText = 'display:grid;place-content:center;min-height:90vh;font:1.25em system-ui,sans-serif';
  } catch {
    // Then it stays blank, which is no reason not to use it.
  }
}

/** The window keeps its opener: browsers let nobody else close it, or show a renewed code in it. */
function toOpenedWindow(opened: Window): OpenedWindow {
  return {
    get closed() {
      return opened.closed;
    },
    navigate(url) {
      if (!opened.closed) opened.location.replace(url);
    },
    close: () => opened.close(),
  };
}
