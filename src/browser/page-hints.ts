/** For how long further hints are ignored: one return to the page fires several events. */
const repeatMs = 500;
/** The shortest wait of a hidden page. */
const hiddenDelayMs = 5000;
/** The shortest wait while the browser says that it is offline. It is often wrong, as in web views, kiosks and with VPNs. */
const offlineDelayMs = 10_000;

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
    if (page.document.hidden || Math.abs(now() - lastMs) < repeatMs) return;
    lastMs = now();
    onHint();
  };
  const places = [
    [page, 'focus', onReturn],
    [page, 'pageshow', onReturn],
    [page.document, 'visibilitychange', onReturn],
    // Never ignored, and heeded behind other windows too: a page that was offline waits for it.
    [page, 'online', onHint],
  ] as const;
  const ends = places.map(([place, event, listener]) => listenTo(place, event, listener));
  return () => {
    for (const end of ends) end();
  };
}

/**
 * Listens to events of a page. @returns Ends it. The page may be gone by then: a test that is torn down takes the functions
 * of its page away.
 */
export function listenTo(
  place: EventTarget | undefined,
  event: string,
  listener: (event: never) => void,
): () => void {
  place?.addEventListener(event, listener as EventListener);
  return () => place?.removeEventListener?.(event, listener as EventListener);
}

/** Slows a page that is hidden or offline. A hint follows when that ends. */
export function adjustToPage(page: Window | undefined, delayMs: number): number {
  // The page may be gone, as after a test.
  if (page?.navigator?.onLine === false) return Math.max(delayMs, offlineDelayMs);
  return page?.document?.hidden ? Math.max(delayMs, hiddenDelayMs) : delayMs;
}
