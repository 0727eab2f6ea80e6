import type { BrowserPlexAuth, BrowserPlexAuthOptions } from '../browser/index.ts';
import { createOpener, openSafely } from '../browser/opener.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import { PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { OpenedWindow, Opener } from '../ports.ts';
import { isStartable } from '../view.ts';
import type { createOwnEngine } from './own-engine.ts';
import type { PlexSignInMode } from './screen.ts';

/** The element, as far as its engine depends on it. */
interface EngineHost extends Element {
  readonly options: Partial<BrowserPlexAuthOptions>;
  readonly mode: PlexSignInMode;
  readonly product: string;
}

/**
 * Gives an element its engine: the one that it was given, or one of its own.
 *
 * The code of an own engine is loaded in the background, so that the first screen does not wait for it. A press that comes
 * sooner opens its window at once, within the click, and the engine takes that window over.
 */
export class EngineSource {
  /** The engine that the element was given. It is never disposed of. */
  given: PlexAuth | undefined;
  /** Why no engine could be made. */
  error: PlexAuthError | undefined;
  /** Whether a press waits for the engine's code. */
  isLoadingForPress = false;
  readonly #element: EngineHost;
  readonly #onLoaded: (isPressed: boolean) => void;
  #own: BrowserPlexAuth | undefined;
  #replaced: BrowserPlexAuth | undefined;
  /** Whether something that the own engine is made of has changed since. */
  #isOutdated = true;
  #createOwnEngine: typeof createOwnEngine | undefined;
  #loading: Promise<unknown> | undefined;
  /** The window of a press that came before the engine; null where the browser refused it. */
  #earlyWindow: OpenedWindow | null | undefined;

  /** @param onLoaded Called when the code of an own engine is there. */
  constructor(element: EngineHost, onLoaded: (isPressed: boolean) => void) {
    this.#element = element;
    this.#onLoaded = onLoaded;
  }

  get current(): PlexAuth | undefined {
    return this.given ?? this.#own;
  }

  /** Notes that the own engine must be created again, once no sign-in would be lost. */
  outdate(): void {
    this.#isOutdated = true;
  }

  /** Creates the own engine, creates it again, or drops it, as needed. */
  update(isPressed: boolean): void {
    const last = this.#own;
    if (!this.#element.isConnected || this.given) {
      this.#own = this.error = undefined;
      this.#isOutdated = true;
    } else if (this.#isDue(isPressed)) {
      if (this.#createOwnEngine) this.#makeOwn(this.#createOwnEngine);
      else void this.#load();
    }
    if (last !== this.#own) this.#replaced = last;
  }

  /** Disposes of an own engine that is no longer shown. */
  disposeReplaced(): void {
    void this.#replaced?.dispose();
    this.#replaced = undefined;
  }

  /**
   * Loads the code of an own engine for a press.
   *
   * @param isPopup Whether to open a window now, within the click, for the engine to take over.
   * @returns The engine; undefined if none could be made, and `error` says why.
   */
  async loadForPress(isPopup: boolean): Promise<PlexAuth | undefined> {
    if (this.isLoadingForPress || this.#createOwnEngine || !this.#element.isConnected) return undefined;
    if (isPopup) this.#earlyWindow = openSafely(this.#opener);
    this.isLoadingForPress = true;
    this.error = undefined;
    try {
      await this.#load();
    } catch {
      const message = 'The code of the sign-in could not be loaded';
      this.error = new PlexAuthError('PLEX_NETWORK', message, { atMs: Date.now(), retryable: true });
    }
    this.isLoadingForPress = false;
    this.#onLoaded(true);
    if (!this.#own) this.#earlyWindow?.close();
    this.#earlyWindow = undefined;
    return this.current;
  }

  #isDue(isPressed: boolean): boolean {
    if (this.#own) return this.#isOutdated && isStartable(this.#own.getSnapshot().status);
    const product = this.#element.product || this.#element.options.product;
    return isPressed || (this.#isOutdated && !!product);
  }

  async #load(): Promise<void> {
    this.#loading ??= import('./own-engine.ts').then((module) => {
      this.#createOwnEngine = module.createOwnEngine;
      if (!this.isLoadingForPress) this.#onLoaded(false);
    });
    try {
      await this.#loading;
    } catch (error) {
      this.#loading = undefined;
      throw error;
    }
  }

  #makeOwn(create: typeof createOwnEngine): void {
    this.#isOutdated = false;
    this.#own = this.error = undefined;
    const { options, mode } = this.#element;
    const opener = this.#earlyWindow === undefined ? options.opener : this.#takeOverWindow;
    try {
      this.#own = create({
        element: this.#element,
        mode,
        options: { ...options, ...(opener && { opener }) },
      });
    } catch (cause) {
      this.error = toPlexAuthError('PLEX_UNEXPECTED', (cause as Error).message, cause, Date.now());
      reportError(this.error);
    }
  }

  get #opener(): Opener {
    const { options, product } = this.#element;
    return options.opener ?? createOpener(options.window ?? window, product || (options.product ?? ''));
  }

  /** The opener of an engine that was made for a press: the first window is open already. */
  readonly #takeOverWindow: Opener = () => {
    const early = this.#earlyWindow;
    this.#earlyWindow = undefined;
    return early === undefined ? this.#opener() : early;
  };
}
