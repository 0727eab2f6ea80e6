/** What an adapter needs of an engine. A `PlexAuth` is one, and so is a fake of two lines. */
export interface ViewSource<View> {
  /** Gives the current view: the same object until something changes. */
  getSnapshot(): View;
  /**
   * Calls `listener` after each change from now on, and `onEnd` once when there will be no more changes, which may be
   * before this returns. If a listener throws, the source handles the error.
   *
   * @returns A function that ends the subscription: neither is called again.
   */
  subscribe(listener: (view: View) => void, onEnd?: () => void): () => void;
}
