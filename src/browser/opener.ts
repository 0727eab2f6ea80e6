import type { OpenedWindow, Opener } from '../ports.ts';

const size = { width: 600, height: 720 };

/**
 * Opens a window. Some embedded browsers throw where others return `null`, and some return a stub.
 *
 * @returns `null` unless it is an open window that can be used.
 */
export function openSafely(opener: Opener): OpenedWindow | null {
  try {
    const opened = opener();
    const isUsable = opened && !opened.closed && isCallable(opened.navigate) && isCallable(opened.close);
    return isUsable ? opened : null;
  } catch {
    return null;
  }
}

function isCallable(value: unknown): boolean {
  return typeof value === 'function';
}

/** Makes what opens blank windows in the middle of a page. */
export function createOpener(page: Window | undefined, product: string): Opener {
  return () => {
    const { width, height } = size;
    const left = (page?.screenX ?? 0) + ((page?.outerWidth ?? 0) - width) / 2;
    const top = (page?.screenY ?? 0) + ((page?.outerHeight ?? 0) - height) / 2;
    const opened = page?.open('', '', `popup,width=${width},height=${height},left=${left},top=${top}`);
    if (!page || !opened || !isFresh(opened, page)) return null;
    announceProduct(opened, product);
    return toOpenedWindow(opened);
  };
}

/**
 * Whether a window is new and blank. An Android WebView may return the page's own window, whose page would be lost, and
 * other embedded browsers return a closed one, a blank frame of the page, or a stub.
 */
function isFresh(opened: Window, page: Window): boolean {
  if (opened.closed !== false || [page, page.parent, page.top].includes(opened)) return false;
  // Some stand-ins have no `top`.
  if ((opened.top ?? opened) !== opened) return false;
  if (!isCallable(opened.close) || !isCallable(opened.location.replace)) return false;
  try {
    return opened.location.href === 'about:blank';
  } catch {
    // A frame that is sandboxed without an origin may not read any other window, not even a new one.
    return page.origin === 'null';
  }
}

/** Fills the blank window until there is a code. Its text is the same in every language. */
function announceProduct(opened: Window, product: string): void {
  try {
    const { document } = opened;
    const { body, documentElement } = document;
    document.title = body.textContent = `${product} → Plex …`;
    documentElement.style.colorScheme = 'light dark';
    body.style.cssText = 'display:grid;place-content:center;min-height:90vh;font:1.25em system-ui,sans-serif';
  } catch {
    // Then it stays blank, and can be used all the same.
  }
}

/** The window keeps its opener: no other page may close it, or show a renewed code in it. */
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
