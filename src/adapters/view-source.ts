/** What an adapter needs of an engine; a `PlexAuth` is one, and so is a fake of two lines. */
export interface ViewSource<View> {
  /** Where it stands: the same object until something changes. */
  getSnapshot(): View;
  /**
   * Calls `listener` after each change, from the next one on, and `onEnd` once when no change will come any more, which
   * may be before this returns. What a listener throws is the source's to contain.
   *
   * @returns Ends the subscription: neither is called again.
   */
  subscribe(listener: (view: View) => void, onEnd?: () => void): () => void;
}
