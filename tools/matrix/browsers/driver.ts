/** What a flow needs of a browser: as little as two protocols have in common. */

/** A window or a tab. */
export interface DrivenWindow {
  /** Loads an address, and waits until it is there. */
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Runs the body of an asynchronous function in the page, and gives what it returns, as JSON. */
  run<Value>(body: string): Promise<Value>;
  /** Presses and releases the mouse there, as a user does. */
  clickAt(x: number, y: number): Promise<void>;
  close(): Promise<void>;
}

/** A browser that runs. */
export interface DrivenBrowser {
  readonly version: string;
  /** Opens an empty window. */
  open(): Promise<DrivenWindow>;
  /** All that are open, those included that a page has opened. The same window is the same object each time. */
  windows(): Promise<readonly DrivenWindow[]>;
  quit(): Promise<void>;
}

/** Starts a browser. @param scratch The folder in which the driver's package is installed. */
export type LaunchBrowser = (scratch: string) => Promise<DrivenBrowser>;
