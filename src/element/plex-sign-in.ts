import type { PlexAuth } from '../engine/plex-auth.ts';
import type { PlexAuthError } from '../errors.ts';
import type { BackendAuthView, PlexAuthView } from '../view.ts';
import { Card, isSeen } from './card.ts';
import type { PlexSignInOptions } from './create-from-element.ts';
import { canOpen, type ElementAuth, EngineSource, isFramed } from './engine-source.ts';
import { LoadedParts } from './loaded-parts.ts';
import { pageOf } from './page-of.ts';
import { phones } from './phones.ts';
import { dispatchView } from './plex-sign-in-events.ts';
import { ReflectedAttributes } from './reflected-attributes.ts';
import type { Control, Screen, ScreenOptions } from './scene.ts';
import { screenOf, unsetAfterMs, unsetMessage } from './screen.ts';
import { ShownFlow } from './shown-flow.ts';
import type { PlexSignInStrings } from './strings.ts';
import { restoreStyles } from './styles.ts';

/**
 * `<plex-sign-in product="My App">`: a sign-in with Plex that a page only has to show.
 *
 * It subscribes to an engine, and controls it only through its buttons. It disposes of its own engine when it is removed, but
 * never of one that it was given. Only the event `authenticated` carries the token; the page never does. With `backend-url` the
 * token stays on the application's server, and the event carries the user.
 */
export class PlexSignIn extends ReflectedAttributes {
  readonly #card: Card;
  readonly #engines: EngineSource;
  readonly #parts: LoadedParts;
  readonly #flow: ShownFlow;
  #options: PlexSignInOptions = {};
  #ownStrings: Partial<PlexSignInStrings> = {};
  #isUpdatePending = false;
  /** The error for which `failed` was sent last, while there is no engine. */
  #shownError: PlexAuthError | undefined;
  #isUnset = false;
  /** Whether the tag has lost the focus with a control, before there was another. */
  #isFocusOwed = false;
  #screen: (Screen & { said: string }) | undefined;

  constructor() {
    super();
    // A root that a server wrote is taken over as it is.
    this.#card = new Card(this.shadowRoot ?? this.attachShadow({ mode: 'open' }));
    this.#parts = new LoadedParts(this.#card, () => this.#updateSoon());
    this.#flow = new ShownFlow((view, isNew) => this.#onView(view, isNew));
    this.#engines = new EngineSource(this, (isPressed) => this.#update(isPressed));
    this.#card.root.addEventListener('click', (event) => this.#onClick(event as MouseEvent));
    this.#card.root.addEventListener('slotchange', () => this.#render());
  }

  /**
   * The engine that is shown: the given one, or the element's own once it is made. Set it to give one. With `backend-url` it is a
   * `BackendPlexAuth`.
   */
  get auth(): PlexAuth | undefined {
    return this.#engines.current as PlexAuth | undefined;
  }

  set auth(auth: ElementAuth | undefined) {
    this.#engines.given = auth ?? undefined;
    this.#updateSoon();
  }

  /** Everything that no attribute says, for the element's own engine: stores, `fetch`, `clock`, `device`, … */
  get options(): PlexSignInOptions {
    return this.#options;
  }

  set options(options: PlexSignInOptions) {
    this.#options = options ?? {};
    this.#engines.outdate();
    this.#updateSoon();
  }

  /** Texts in place of the language's. */
  get strings(): Partial<PlexSignInStrings> {
    return this.#ownStrings;
  }

  set strings(strings: Partial<PlexSignInStrings>) {
    this.#ownStrings = strings ?? {};
    this.#parts.later?.timeLeft.stop();
    this.#updateSoon();
  }

  /**
   * Focuses what the user does next. Where only Cancel or Sign out is left, the heading: a second press of Enter or of a remote
   * control's OK would end at once what the first one began, as "Get a code" would. A key can still reach the button. With
   * `look="button"`, the button.
   */
  override focus(options?: FocusOptions): void {
    const { id = 'quiet' } = this.#card.controls()[0] ?? {};
    const isEnd = id === 'quiet' || (id === 'main' && this.#screen?.main?.command === 'restart');
    this.#card.find(isEnd ? 'heading' : id).focus(options);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#updateSoon();
  }

  /** In another page nothing of the last one holds: its sheets, its window, and whether it is seen. */
  adoptedCallback(): void {
    restoreStyles(this.#card.root);
    this.#engines.outdate();
    this.#parts.later?.timeLeft.stop();
    this.#updateSoon();
  }

  disconnectedCallback(): void {
    this.#parts.later?.keepFocus();
    this.#updateSoon();
  }

  /** Moved by `moveBefore`: nothing ends. */
  connectedMoveCallback(): void {}

  attributeChangedCallback(name: string, _: string | null, value: string | null): void {
    if (name !== 'lang' && name !== 'heading-level') this.#engines.outdate();
    const isUnknown = (name === 'mode' || name === 'look') && value && value !== this[name];
    if (isUnknown) console.warn(`plex-sign-in: no ${name} ${value}`);
    this.#updateSoon();
  }

  /** Waits until everything that is set at once is set. A tag that was only moved is connected again by then. */
  #updateSoon(): void {
    if (this.#isUpdatePending) return;
    this.#isUpdatePending = true;
    queueMicrotask(() => {
      this.#isUpdatePending = false;
      this.#update();
      void this.#loadParts();
    });
  }

  #update(isPressed = false): void {
    this.#engines.update(isPressed);
    if (this.#flow.follow(this.isConnected ? this.#engines.current : undefined))
      this.#parts.later?.timeLeft.stop();
    this.#engines.disposeReplaced();
    const { error, isUnset } = this.#engines;
    if (error && error !== this.#shownError) dispatchView(this, { status: 'failed', error });
    this.#shownError = error;
    if (isUnset && !this.#isUnset)
      setTimeout(() => this.#engines.isUnset && console.error(unsetMessage), unsetAfterMs);
    this.#isUnset = isUnset;
    this.#parts.later?.watchConnection(this.isConnected ? pageOf(this) : null);
    this.#render();
  }

  #onView(view: PlexAuthView | BackendAuthView, isNew: boolean): void {
    this.#render();
    if (isNew) dispatchView(this, view);
    // What the page has taken away while the sign-in ran is missing from now on.
    if (this.#engines.isUnset) this.#updateSoon();
  }

  async #loadParts(): Promise<void> {
    if (!this.isConnected) return;
    const isFirst = !this.#parts.strings;
    if (!(await this.#parts.load(this, this.#view.status === 'idle'))) return;
    this.#parts.later?.timeLeft.stop();
    this.#render();
    const { activeElement, body } = this.ownerDocument;
    if (isFirst && this.hasAttribute('autofocus') && activeElement === body) this.focus();
  }

  #onClick(event: MouseEvent): void {
    const id = (event.target as Element).closest('button,a')?.id;
    // The link opens the page, so the refusal is over, once the browser has followed it.
    if (id === 'link') {
      this.#flow.refusal = null;
      setTimeout(() => this.#render());
    }
    const control = this.#controlOf(id);
    // The second click of a double click was meant for what was there before.
    if (control && !control.isBusy && event.detail < 2) void this.#run(control.command);
    else if (id === 'trigger' && !control) this.#parts.buttonLook?.toggle();
  }

  #controlOf(id: string | undefined): Pick<Control, 'command' | 'isBusy'> | undefined {
    if (id === 'copy') return { command: 'copy', isBusy: !this.#screen?.steps?.code };
    if (id === 'main' || id === 'quiet') return this.#screen?.[id];
    return id === 'trigger' && this.#parts.buttonLook?.isStart ? this.#screen?.main : undefined;
  }

  async #run(command: Control['command']): Promise<void> {
    const { codeSteps, strings } = this.#parts;
    if (command === 'copy') {
      const { code = '' } = this.#screen?.steps ?? {};
      return codeSteps?.copy(code, this.#ownStrings.copied ?? strings?.copied ?? '', () => this.#render());
    }
    if (this.#engines.isLoadingForPress) {
      if (command === 'cancel') this.#engines.endPress();
      return this.#render();
    }
    if (command === 'restart') {
      this.#flow.engine?.cancel();
      return this.#run('start');
    }
    // Changes that were made while a sign-in ran apply to the next one.
    this.#update(true);
    void this.#loadParts();
    const engine = this.#flow.engine ?? (await this.#loadForPress(command));
    const isShown = engine && engine === this.#flow.engine;
    const opening = isShown ? this.#flow.perform(command, this.mode) : undefined;
    this.#engines.endPress();
    const result = await opening;
    if (result?.status === 'refused' && engine === this.#flow.engine) this.#flow.refusal = result.error;
    this.#render();
  }

  /** Only within the click do browsers open a window, so this opens it before the engine is loaded. */
  #loadForPress(command: Control['command']): Promise<ElementAuth | undefined> {
    const loading = this.#engines.loadForPress(this.mode === 'popup' && command === 'start');
    this.#render();
    return loading;
  }

  get #view(): PlexAuthView | BackendAuthView {
    const { error, isLoadingForPress } = this.#engines;
    if (this.#flow.engine) return this.#flow.engine.getSnapshot();
    if (error) return { status: 'failed', error };
    return { status: isLoadingForPress ? 'requestingPin' : 'idle' };
  }

  #screenOf(view: PlexAuthView | BackendAuthView, strings: PlexSignInStrings, page: Window): Screen {
    const { engine, refusal } = this.#flow;
    const { later, codeSteps, language } = this.#parts;
    const options: ScreenOptions = {
      view,
      strings,
      refusal,
      mode: this.mode,
      look: this.look,
      product: this.#engines.product,
      canOpen: !engine || canOpen(engine),
      isFramed: isFramed(this),
      canCopy: 'clipboard' in page.navigator,
      toCodeScreen: codeSteps?.toCodeScreen,
      isPhone: !!page.matchMedia?.(phones).matches,
      ...(engine && later?.detailsOf(view, engine)),
      language,
      isOffline: page.navigator.onLine === false,
      canShorten: this.#engines.canShorten,
      isUnset: this.#engines.isUnset,
    };
    return screenOf(options, later?.toLaterScreen);
  }

  #render(): void {
    const { strings: loaded, language, codeSteps, buttonLook, later } = this.#parts;
    const page = pageOf(this);
    if (!loaded || !page || !this.isConnected) {
      this.#parts.later?.timeLeft.stop();
      return;
    }
    const strings: PlexSignInStrings = Object.assign(Object.create(loaded), this.#ownStrings);
    const { mode, look, headingLevel: level } = this;
    const view = this.#view;
    const last = this.#screen;
    const focused = this.#card.root.activeElement;
    const screen = this.#screenOf(view, strings, page);
    const shown = { ...screen, said: screen.said ?? `${screen.heading}. ${screen.text}` };
    this.#screen = shown;
    const { isUnsaved } = this.#flow;
    this.#card.show({ screen: shown, strings, language, mode, look, level, codeSteps, isUnsaved });
    if (look === 'button') buttonLook?.show(shown, strings);
    else buttonLook?.hide();
    later?.timeLeft.show({
      engine: this.#flow.engine,
      expiresAtMs: view.expiresAtMs ?? 0,
      note: screen.steps && screen.note,
      language,
      sentence: strings.timeLeft,
    });
    const isNew = last?.said !== shown.said;
    this.#keepFocus(focused, last, isNew);
    if (last && isNew) this.#card.write('live', shown.said);
  }

  /** What was focused may be gone; and a remote control can do nothing without a focus. */
  #keepFocus(focused: Element | null, last: Screen | undefined, isNew: boolean): void {
    const isOver = this.#screen?.icon === 'done' && last?.icon !== 'done';
    // The heading had the focus because there was nothing to press.
    const isOffered = focused?.id === 'heading' && this.#screen?.main && !last?.main;
    const { ownerDocument: page } = this;
    // A page without the focus, such as one in a frame, must not take it.
    const isLost = isNew && this.look === 'tv' && page.activeElement === page.body && page.hasFocus();
    // Another look has other controls, and may still have to load them.
    const isGone = focused
      ? focused.closest('[hidden]') || (isSeen(this) && !isSeen(focused))
      : this.#isFocusOwed && page.activeElement === page.body;
    if (isLost || isOffered || isGone || (focused && isOver)) this.focus();
    const { activeElement } = this.#card.root;
    this.#isFocusOwed = !!isGone && !(activeElement && isSeen(activeElement));
  }
}
