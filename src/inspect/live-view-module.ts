/** What the inspector needs of a page that shows sign-ins. */
export interface LiveView {
  /** Takes one message of the inspector. Ignores anything else. */
  receive(message: unknown): void;
  /** Says how many messages were dropped before the first one that it receives. */
  noteLost(count: number): void;
  /** Says that the program has ended. The next message takes that back. */
  end(): void;
  /** Removes the view from its document and stops every timer. */
  close(): void;
}

/** The module `#live-view`: an application of its own, built as one file and loaded only when it is shown. */
export interface LiveViewModule {
  /** @param document May belong to another window or frame. The view takes all of it. */
  mountLiveView(document: Document): LiveView;
}
