import type { OpenedWindow, Opener } from '../ports.ts';

const size = { width: 600, height: 720 };

/** Opens a window. Some embedded browsers throw where others return `null`. */
export function openSafely(opener: Opener): OpenedWindow | null {
  try {
    return opener();
  } catch {
    return null;
  }
}

/** Makes what opens blank windows in the middle of a page. */
export function createOpener(page: Window | undefined, product: string): Opener {
  return () => {
    const { width, height } = size;
    const left = (page?.screenX ?? 0) + ((page?.outerWidth ?? 0) - width) / 2;
    const top = (page?.screenY ?? 0) + ((page?.outerHeight ?? 0) - height) / 2;
    const opened = page?.open('', '', `popup,width=${width},height=${height},left=${left},top=${top}`);
    if (!opened) return null;
    announceProduct(opened, product);
    return toOpenedWindow(opened);
  };
}

/** Fills the blank window until there is a code. Its text is the same in every language. */
function announceProduct({ document }: Window, product: string): void {
  try {
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
