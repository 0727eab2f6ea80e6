import type { BackendPlexAuth, BrowserPlexAuth } from '../browser/index.ts';
import { createOpener, openSafely } from '../browser/opener.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import { PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { OpenedWindow, Opener } from '../ports.ts';
import { isStartable } from '../view.ts';
import type { CreateOwnEngine, PlexSignInOptions } from './create-from-element.ts';
import { pageOf } from './page-of.ts';
import type { PlexSignInMode } from './scene.ts';

/** An engine that an element can show. */
export type ElementAuth = PlexAuth | BackendPlexAuth;

/** The element, as far as its engine depends on it. */
interface EngineHost extends Element {
  readonly options: PlexSignInOptions;
  readonly mode: PlexSignInMode;
  readonly product: string;
  readonly backendURL: string;
}

/** An engine that asks Plex, or the application's server. */
type EngineKind = 'page' | 'backend';

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
  given: ElementAuth | undefined;
  /** Why no engine could be made. */
  error: PlexAuthError | undefined;
  readonly #element: EngineHost;
  readonly #onChange: (isPressed: boolean) => void;
  #own: BrowserPlexAuth | BackendPlexAuth | undefined;
  #replaced: BrowserPlexAuth | BackendPlexAuth | undefined;
  /** Whether something that the own engine is made of has changed since. */
  #isOutdated = true;
  /** What makes the own engine, once it is loaded: with an application's server, or without. */
  readonly #creators: Partial<Record<EngineKind, CreateOwnEngine>> = {};
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

  /** Whether the page has given neither an engine nor what one is made of. A sign-in that runs is shown to its end. */
  get isUnset(): boolean {
    return this.#element.isConnected && !this.given && !this.error && !this.#isSetUp && this.#isAtRest;
  }

  get current(): ElementAuth | undefined {
    return this.given ?? this.#own;
  }

  /** Whether a sign-in that begins anew has a code that people can type. */
  get canShorten(): boolean {
    return !!this.#own && this.#options.strong !== true;
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
      const create = this.#creators[this.#kind];
      // What the page has taken away is missing as if it had never been there.
      if (!this.#isSetUp) this.#own = this.error = undefined;
      else if (create) this.#makeOwn(create);
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
  async loadForPress(isPopup: boolean): Promise<ElementAuth | undefined> {
    if (this.#creators[this.#kind] || !this.#element.isConnected) return undefined;
    const press: Press = { window: isPopup ? openSafely(this.#opener) : undefined };
    this.#press = press;
    this.error = undefined;
    try {
      await this.#load();
    } catch {
      if (this.#press !== press) return undefined;
      const message = 'The engine did not load';
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
  get #options(): PlexSignInOptions {
    return Object.assign(Object.create(null), this.#element.options);
  }

  #isDue(isPressed: boolean): boolean {
    if (this.#own) return this.#isOutdated && this.#isAtRest;
    return !!pageOf(this.#element) && (isPressed || this.#isOutdated);
  }

  /** Whether no sign-in would be lost with the own engine. */
  get #isAtRest(): boolean {
    return !this.#own || isStartable(this.#own.getSnapshot().status);
  }

  /** Whether the page has given what an own engine is made of. */
  get #isSetUp(): boolean {
    return !!this.product || this.#kind === 'backend';
  }

  get #kind(): EngineKind {
    return this.#element.backendURL || this.#options.backendURL ? 'backend' : 'page';
  }

  async #load(): Promise<void> {
    const kind = this.#kind;
    const loading = kind === 'backend' ? import('./own-backend-engine.ts') : import('./own-engine.ts');
    const { createOwnEngine } = await loading;
    const isNews = !this.#creators[kind];
    this.#creators[kind] = createOwnEngine;
    if (isNews && !this.#press) this.#onChange(false);
  }

  #makeOwn(create: CreateOwnEngine): void {
    this.#isOutdated = false;
    this.#own = this.error = undefined;
    const { options, mode } = this.#element;
    const opener = this.#press?.window !== undefined && this.#takeOverWindow;
    try {
      this.#own = create({
        element: this.#element,
        window: pageOf(this.#element) ?? undefined,
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
export function canOpen(engine: ElementAuth): engine is BrowserPlexAuth | BackendPlexAuth {
  return 'startInPopup' in engine;
}

/** Whether an element's page is in a frame, which cannot leave for the consent page. */
export function isFramed({ ownerDocument: { defaultView: page } }: Element): boolean {
  return page?.top !== page?.self;
}
