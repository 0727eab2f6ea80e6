import type { PageOpening } from '../browser/index.ts';
import type { PlexAuthError } from '../errors.ts';
import { type BackendAuthView, isStartable, type PlexAuthStatus, type PlexAuthView } from '../view.ts';
import { canOpen, type ElementAuth } from './engine-source.ts';
import type { Control, PlexSignInMode } from './scene.ts';

type AnyView = PlexAuthView | BackendAuthView;

/** The engine that an element shows, and what its views do not say for long enough to be read. */
export class ShownFlow {
  engine: ElementAuth | undefined;
  status: PlexAuthStatus = 'idle';
  /** Whether this engine's store has failed. Shown from then on, since the view soon forgets it. */
  isUnsaved = false;
  /** Why the consent page did not open. Null once the user has opened it by the link. */
  refusal: PlexAuthError | null | undefined;
  readonly #onView: (view: AnyView, isNew: boolean) => void;
  #unsubscribe: (() => void) | undefined;

  /** @param onView Called with each view. `isNew`: its status is another than before. */
  constructor(onView: (view: AnyView, isNew: boolean) => void) {
    this.#onView = onView;
  }

  /** Shows an engine in place of the last one. @returns Whether it is another one. */
  follow(engine: ElementAuth | undefined): boolean {
    if (engine === this.engine) return false;
    this.#unsubscribe?.();
    this.engine = engine;
    this.refusal = undefined;
    this.isUnsaved = false;
    this.status = 'idle';
    this.#unsubscribe = engine?.subscribe((view) => this.#take(view));
    if (engine) this.#take(engine.getSnapshot());
    return true;
  }

  /** Does what a control says. @returns How the consent page opens, if it does. */
  perform(command: Control['command'], mode: PlexSignInMode): PageOpening | Promise<PageOpening> | undefined {
    const { engine } = this;
    if (!engine || command === 'copy') return undefined;
    if (command === 'cancel' || command === 'signOut') return void engine[command]();
    this.refusal = undefined;
    if (mode === 'code' || !canOpen(engine)) return void engine.start();
    const isHere = command === 'redirect' || mode === 'redirect';
    return isHere ? engine.startByRedirect() : engine.startInPopup();
  }

  #take(view: AnyView): void {
    const isNew = view.status !== this.status;
    this.status = view.status;
    this.isUnsaved ||= view.lastError?.code === 'PLEX_STORE';
    if (isStartable(view.status)) this.refusal = undefined;
    this.#onView(view, isNew);
  }
}
