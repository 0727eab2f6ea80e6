/** How long further hints of the page say nothing new: one return to it fires several events. */
const echoMs = 500;
/** The shortest wait of a page that nobody sees. */
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
    if (page.document.hidden || isOffline(page) || Math.abs(now() - lastMs) < echoMs) return;
    lastMs = now();
    onHint();
  };
  const places = [
    [page, 'focus', onReturn],
    [page, 'pageshow', onReturn],
    [page.document, 'visibilitychange', onReturn],
    // Never an echo, and heeded behind other windows too: an offline page waits for nothing else.
    [page, 'online', onHint],
  ] as const;
  for (const [place, event, listener] of places) place.addEventListener(event, listener);
  return () => {
    for (const [place, event, listener] of places) place.removeEventListener(event, listener);
  };
}

/** Slows a page that nobody sees, and stops one that is offline; a hint follows when that ends. */
export function paceOf(page: Window | undefined, delayMs: number): number {
  if (!page) return delayMs;
  if (isOffline(page)) return Number.MAX_SAFE_INTEGER;
  return page.document.hidden ? Math.max(delayMs, hiddenDelayMs) : delayMs;
}

function isOffline(page: Window): boolean {
  return page.navigator.onLine === false;
}
