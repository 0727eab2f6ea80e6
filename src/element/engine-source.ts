import type { BrowserPlexAuth, BrowserPlexAuthOptions } from '../browser/index.ts';
import { createOpener, openSafely } from '../browser/opener.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import { PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { OpenedWindow, Opener } from '../ports.ts';
import { isStartable } from '../view.ts';
import type { createOwnEngine } from './own-engine.ts';
import { pageOf } from './page-of.ts';
import type { PlexSignInMode } from './screen.ts';

/** The element, as far as its engine depends on it. */
interface EngineHost extends Element {
  readonly options: Partial<BrowserPlexAuthOptions>;
  readonly mode: PlexSignInMode;
  readonly product: string;
}

/** A press that came before the engine's code. */
interface Press {
  /** The window that it opened, until an engine takes it over; null if the browser refused it. */
  window: OpenedWindow | null | undefined;
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
  readonly #element: EngineHost;
  readonly #onChange: (isPressed: boolean) => void;
  #own: BrowserPlexAuth | undefined;
  #replaced: BrowserPlexAuth | undefined;
  /** Whether something that the own engine is made of has changed since. */
  #isOutdated = true;
  #createOwnEngine: typeof createOwnEngine | undefined;
  #loading: Promise<unknown> | undefined;
  #press: Press | undefined;

  /** @param onChange Called when the code of an own engine is there. */
  constructor(element: EngineHost, onChange: (isPressed: boolean) => void) {
    this.#element = element;
    this.#onChange = onChange;
  }

  /** Whether a press waits for the engine's code. */
  get isLoadingForPress(): boolean {
    return this.#press !== undefined && !this.#own;
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
      this.endPress();
      this.#own = this.error = undefined;
      this.#isOutdated = true;
    } else if (this.#isDue(isPressed)) {
      if (this.#createOwnEngine) this.#makeOwn(this.#createOwnEngine);
      // A press says why it failed; in the background the next press tries again.
      else this.#load().catch(() => {});
    }
    if (last !== this.#own) this.#replaced = last;
  }

  /** Disposes of an own engine that is no longer shown. */
  disposeReplaced(): void {
    void this.#replaced?.dispose();
    this.#replaced = undefined;
  }

  /**
   * Loads the code of an own engine for a press. Call {@link endPress} once the engine has started.
   *
   * @param isPopup Whether to open a window now, within the click, for the engine to take over.
   * @returns The engine; undefined if none could be made, and `error` says why, or if the press has ended meanwhile.
   */
  async loadForPress(isPopup: boolean): Promise<PlexAuth | undefined> {
    if (this.#createOwnEngine || !this.#element.isConnected) return undefined;
    const press: Press = { window: isPopup ? openSafely(this.#opener) : undefined };
    this.#press = press;
    this.error = undefined;
    try {
      await this.#load();
    } catch {
      if (this.#press !== press) return undefined;
      const message = 'The code of the sign-in could not be loaded';
      this.error = new PlexAuthError('PLEX_NETWORK', message, { atMs: Date.now(), retryable: true });
      this.#onChange(false);
      return undefined;
    }
    if (this.#press !== press) return undefined;
    this.#onChange(true);
    return this.#own;
  }

  /** Ends a press. A window that no engine has taken over is closed. */
  endPress(): void {
    this.#press?.window?.close();
    this.#press = undefined;
  }

  /** The application's name, as the user reads it. */
  get product(): string {
    return this.#element.product || (this.#options.product ?? '');
  }

  /** Without what Object.prototype was given. What copies options for the engine is not loaded at once. */
  get #options(): Partial<BrowserPlexAuthOptions> {
    return Object.assign(Object.create(null), this.#element.options);
  }

  #isDue(isPressed: boolean): boolean {
    if (this.#own) return this.#isOutdated && isStartable(this.#own.getSnapshot().status);
    if (!pageOf(this.#element)) return false;
    return isPressed || (this.#isOutdated && !!this.product);
  }

  async #load(): Promise<void> {
    this.#loading ??= import('./own-engine.ts').then((module) => {
      this.#createOwnEngine = module.createOwnEngine;
      if (!this.#press) this.#onChange(false);
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
    const opener = this.#press?.window !== undefined && this.#takeOverWindow;
    try {
      this.#own = create({
        element: this.#element,
        mode,
        options: { ...options, ...(opener && { opener }) },
      });
    } catch (cause) {
      this.error = toPlexAuthError('PLEX_UNEXPECTED', (cause as Error).message, cause, Date.now());
      // `reportError` is missing before Chrome 95.
      const { reportError = console.error } = globalThis;
      reportError(this.error);
    }
  }

  get #opener(): Opener {
    const { opener, window = pageOf(this.#element) ?? undefined } = this.#options;
    return opener ?? createOpener(window, this.product);
  }

  /** The opener of an engine that was made for a press: the first window is open already. */
  readonly #takeOverWindow: Opener = () => {
    const press = this.#press;
    const early = press?.window;
    if (press) press.window = undefined;
    return early === undefined ? this.#opener() : early;
  };
}

/** Whether an engine knows the page it is in, and opens the consent page by itself. */
export function canOpen(engine: PlexAuth): engine is BrowserPlexAuth {
  return 'startInPopup' in engine;
}

/** Whether an element's page is in a frame, which cannot leave for the consent page. */
export function isFramed({ ownerDocument: { defaultView: page } }: Element): boolean {
  return page?.top !== page?.self;
}
