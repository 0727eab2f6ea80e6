/** For how long further hints are ignored: one return to the page fires several events. */
const repeatMs = 500;
/** The shortest wait of a hidden page. */
const hiddenDelayMs = 5000;

/**
 * Calls `onHint` when the user is back at the page, or the page back on the network.
 *
 * @see "How other clients break" in the notes on plex.tv: focus, visibility, online, and a page from the back/forward cache
 * @returns Ends it.
 */
export function listenForHints(page: Window | undefined, now: () => number, onHint: () => void): () => void {
  if (!page) return () => {};
  let lastMs = Number.NEGATIVE_INFINITY;
  const onReturn = () => {
    if (page.document.hidden || isOffline(page) || Math.abs(now() - lastMs) < repeatMs) return;
    lastMs = now();
    onHint();
  };
  const places = [
    [page, 'focus', onReturn],
    [page, 'pageshow', onReturn],
    [page.document, 'visibilitychange', onReturn],
    // Never ignored, and heeded behind other windows too: an offline page waits for nothing else.
    [page, 'online', onHint],
  ] as const;
  for (const [place, event, listener] of places) place.addEventListener(event, listener);
  return () => {
    for (const [place, event, listener] of places) place.removeEventListener(event, listener);
  };
}

/** Slows a hidden page, and stops one that is offline. A hint follows when that ends. */
export function adjustToPage(page: Window | undefined, delayMs: number): number {
  if (!page) return delayMs;
  if (isOffline(page)) return Number.MAX_SAFE_INTEGER;
  return page.document.hidden ? Math.max(delayMs, hiddenDelayMs) : delayMs;
}

function isOffline(page: Window): boolean {
  return page.navigator.onLine === false;
}
