/** What keys do. */
export interface TimelineKeysListener {
  onStep(by: number): void;
  onFirst(): void;
  onNewest(): void;
}

const pageSteps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
/** While the timeline has the focus. */
const listSteps: Readonly<Record<string, number>> = {
  ...pageSteps,
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/**
 * Listens for the keys that move through the timeline, except in form controls, which use them themselves.
 *
 * @returns Stops listening.
 */
export function listenForTimelineKeys(document: Document, listener: TimelineKeysListener): () => void {
  function onKey(event: KeyboardEvent): void {
    const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
    if (altKey || ctrlKey || metaKey || shiftKey || event.defaultPrevented) return;
    const target = event.target as Element;
    if (['select', 'input'].includes(target.localName)) return;
    const by = (target.closest?.('.rows') ? listSteps : pageSteps)[key];
    if (by === undefined) return;
    event.preventDefault();
    if (by === Number.NEGATIVE_INFINITY) listener.onFirst();
    else if (by === Number.POSITIVE_INFINITY) listener.onNewest();
    else listener.onStep(by);
  }

  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}
