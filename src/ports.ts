import type { Credentials, Pin, PinReading } from './pin.ts';
import type { UserAnswer } from './user.ts';

/** Sends one HTTP request; the shape of `globalThis.fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Any `fetch` that the client can ask with: the platform's, React Native's, undici's, node-fetch's or a mock's.
 *
 * The client aborts it by `init.signal`, never follows a redirect with a token, and reads the body as a stream if it is one.
 */
export type AnyFetch = (url: string, init?: FetchInit) => Promise<FetchAnswer>;

/** What the client sends a request with: a part of the platform's `RequestInit`. */
export interface FetchInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  redirect?: 'manual';
  cache?: 'no-store';
}

/** What the client reads of an answer: a part of the platform's `Response`. One of the last three holds the body. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly text?: () => Promise<string>;
  readonly json?: () => Promise<unknown>;
}

/**
 * Gives the time and runs timers: XState's clock with `now`, so that one clock drives both the chart and the client.
 *
 * A method that throws costs nothing: the last time that `now` gave counts, and the platform's timers run instead.
 */
export interface Clock {
  /** The current time, in milliseconds since the epoch. */
  now(): number;
  /** Runs `run` once after `delayMs`, an integer from 0 to 2^31-1, and returns what `clearTimeout` takes. */
  setTimeout(run: () => void, delayMs: number): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * Stores small strings under keys. Web Storage and every `unstorage` driver can be used directly.
 *
 * Each method may return a value or a promise; `getItem` may also return the value already parsed from JSON.
 */
export interface KeyValueStore {
  getItem(key: string): unknown;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
  /**
   * Changes what is stored in one step, so that no other program can write in between. Without it, and with methods that
   * return promises, a value that another program stores in just that moment is lost.
   *
   * @param toNext Is given what is stored and returns what to store, `null` to remove it, or undefined to leave it.
   */
  changeItem?(key: string, toNext: (stored: unknown) => string | null | undefined): unknown;
}

/** A window that was opened for the consent page. */
export interface OpenedWindow {
  /** True once the window is closed. Under COOP also while the user is still in it. */
  readonly closed: boolean;
  navigate(url: string): void;
  close(): void;
}

/** Opens a blank window at once, which browsers allow only within a click. `null` if the browser refused. */
export type Opener = () => OpenedWindow | null;

/** The pages of one PIN. */
export interface PinLinks {
  /** The consent page. Open it where the user's browser is. */
  authURL: string;
  /** The page on which a person types the code, with the code filled in. */
  linkURL: string;
  /** A QR picture of the code. */
  qrURL: string;
}

/**
 * Issues PINs and tokens: plex.tv by default, or an app's own server, or another provider of device codes.
 *
 * Each method sends one request and gives its one answer; it neither waits nor tries again, since the chart decides when
 * to ask. An answer that has not come after `requestTimeoutMs` counts as `PLEX_TIMEOUT`. What it throws should be a `PlexAuthError`: anything else counts as permanent.
 */
export interface Wire {
  /** Names who issues the tokens. A stored token is used only with a wire of the same issuer, so that no other is sent it. */
  readonly issuer: string;
  /** Makes a PIN for this installation. */
  getPin(request: { clientIdentifier: string; signal: AbortSignal }): Promise<Pin>;
  /**
   * Asks whether the user has approved.
   *
   * @param request.onLate Called with the answer if it arrives after the wire gave up waiting and rejected: it may hold the
   * token, which the provider may hand out only once. A wire without time limits never calls it.
   * @param request.isHinted Whether something hints that the user has just approved: he is back at the page, or a `check()`
   * caused this read. A server that must choose whom to ask for first can use it.
   */
  getToken(request: {
    pin: Pin;
    signal: AbortSignal;
    onLate?: ((reading: PinReading) => void) | undefined;
    isHinted?: boolean | undefined;
  }): Promise<PinReading>;
  /** Whether a PIN that a store or another tab gives back can be one of this provider's. Default: every PIN can. */
  isPin?(pin: Pin): boolean;
  /** Asks whose token it is. */
  getUser(request: Credentials & { signal: AbortSignal }): Promise<UserAnswer>;
  /** Revokes a token. */
  signOut(request: Credentials & { signal: AbortSignal }): Promise<unknown>;
  /**
   * Makes the addresses of a PIN's pages. Asks nobody.
   *
   * @param options.forwardURL Where the consent page sends the user afterwards. Default: what the wire was made with.
   */
  linksOf(pin: Pin, options?: { forwardURL?: string }): PinLinks;
}

/** The longest delay that a JavaScript timer supports; a longer one fires after 1 ms. */
export const longestDelayMs = 2 ** 31 - 1;

/** The platform's clock. It looks up each global at the call, so that a later replacement is used. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, delayMs) => globalThis.setTimeout(run, delayMs),
  clearTimeout: (timer) => globalThis.clearTimeout(timer as number),
};

/** The platform's `fetch`, looked up at each call. */
export const systemFetch: Fetch = (input, init) => globalThis.fetch(input, init);
