import type { PageOpening } from '../browser/index.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import type { PlexAuthError } from '../errors.ts';
import { type BackendAuthView, isStartable, type PlexAuthStatus, type PlexAuthView } from '../view.ts';
import { Card } from './card.ts';
import type { PlexSignInOptions } from './create-from-element.ts';
import { canOpen, type ElementAuth, EngineSource, isFramed } from './engine-source.ts';
import { pageOf } from './page-of.ts';
import { dispatchView, type PlexSignInListeners } from './plex-sign-in-events.ts';
import { type Control, type PlexSignInMode, type Screen, screenOf } from './screen.ts';
import type { PlexSignInStrings } from './strings.ts';
import { LoadedTexts } from './texts.ts';
import { TimeLeft } from './time-left.ts';

/** On a server there are no elements: the class exists, and cannot be instantiated. */
const Base = (globalThis.HTMLElement ?? class {}) as new () => PlexSignInListeners & HTMLElement;

/**
 * `<plex-sign-in product="My App">`: a sign-in with Plex that a page only has to show.
 *
 * It subscribes to an engine, and controls it only through its buttons. It disposes of its own engine when it is removed, but
 * never of one that it was given. Only the event `authenticated` carries the token; the page never does. With `backend-url` the
 * token stays on the application's server, and the event carries the user.
 */
export class PlexSignIn extends Base {
  static readonly observedAttributes: readonly string[] = [
    'product',
    'backend-url',
    'forward-url',
    'server-url',
    'auth-app-url',
    'link-url',
    'mode',
    'lang',
  ];

  readonly #card: Card;
  readonly #engines: EngineSource;
  readonly #texts: LoadedTexts;
  readonly #timeLeft: TimeLeft;
  /** The engine that is shown. */
  #engine: ElementAuth | undefined;
  #unsubscribe: (() => void) | undefined;
  #options: PlexSignInOptions = {};
  #ownStrings: Partial<PlexSignInStrings> = {};
  #isUpdatePending = false;
  /** The error for which `failed` was sent last, while there is no engine. */
  #shownError: PlexAuthError | undefined;
  #status: PlexAuthStatus = 'idle';
  /** Whether this engine's store has failed. Shown from then on, since the view soon forgets it. */
  #isUnsaved = false;
  /** Why the consent page did not open. */
  #refusal: PlexAuthError | undefined;
  #screen: (Screen & { said: string }) | undefined;

  constructor() {
    super();
    // A root that a server wrote is taken over as it is.
    this.#card = new Card(this.shadowRoot ?? this.attachShadow({ mode: 'open' }));
    this.#timeLeft = new TimeLeft(this.#card);
    this.#texts = new LoadedTexts(this.#card, () => this.#updateSoon());
    this.#engines = new EngineSource(this, (isPressed) => this.#update(isPressed));
    for (const id of ['main', 'quiet'] as const) {
      this.#card.find(id).addEventListener('click', (event) => this.#onPress(event, this.#screen?.[id]));
    }
    // The link opens the page, so the refusal is over, once the browser has followed it.
    this.#card.find('link').addEventListener('click', () => {
      this.#refusal = undefined;
      setTimeout(() => this.#render());
    });
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
    this.#timeLeft.stop();
    this.#updateSoon();
  }

  /** How the user approves: `popup`, `redirect` or `code`. Reflects the attribute of that name. */
  get mode(): PlexSignInMode {
    const mode = this.getAttribute('mode');
    return mode === 'redirect' || mode === 'code' ? mode : 'popup';
  }

  set mode(mode: PlexSignInMode) {
    this.setAttribute('mode', mode);
  }

  /** The application's name, as the user reads it. Reflects the attribute of that name. */
  get product(): string {
    return this.getAttribute('product')?.trim() ?? '';
  }

  set product(product: string) {
    this.setAttribute('product', product);
  }

  /**
   * Where the application's server has mounted the handler of `createPlexAuthServer`: then the token stays there, and the event
   * `authenticated` carries the `user`. Reflects the attribute `backend-url`.
   */
  get backendURL(): string {
    return this.getAttribute('backend-url')?.trim() ?? '';
  }

  set backendURL(backendURL: string) {
    this.setAttribute('backend-url', backendURL);
  }

  /** Focuses what the user does next; once signed in, the heading. */
  override focus(options?: FocusOptions): void {
    const [next] = this.#status === 'authenticated' ? [] : this.#card.controls();
    (next ?? this.#card.find('heading')).focus(options);
  }

  connectedCallback(): void {
    // A property that was set before the element was defined lies on the object and hides the accessor.
    for (const [name, value] of Object.entries(this)) {
      if (!(name in PlexSignIn.prototype)) continue;
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    this.#updateSoon();
  }

  disconnectedCallback(): void {
    this.#updateSoon();
  }

  /** Moved by `moveBefore`: nothing ends. */
  connectedMoveCallback(): void {}

  attributeChangedCallback(name: string, _: string | null, value: string | null): void {
    if (name !== 'lang') this.#engines.outdate();
    if (name === 'mode' && value && value !== this.mode) console.warn(`plex-sign-in: no mode ${value}`);
    this.#updateSoon();
  }

  /** Waits until everything that is set at once is set. A tag that was only moved is connected again by then. */
  #updateSoon(): void {
    if (this.#isUpdatePending) return;
    this.#isUpdatePending = true;
    queueMicrotask(() => {
      this.#isUpdatePending = false;
      this.#update();
      void this.#loadTexts();
    });
  }

  #update(isPressed = false): void {
    this.#engines.update(isPressed);
    this.#follow(this.isConnected ? this.#engines.current : undefined);
    this.#engines.disposeReplaced();
    const { error } = this.#engines;
    if (error && error !== this.#shownError) dispatchView(this, { status: 'failed', error });
    this.#shownError = error;
    this.#render();
  }

  #follow(engine: ElementAuth | undefined): void {
    if (engine === this.#engine) return;
    this.#unsubscribe?.();
    this.#engine = engine;
    this.#refusal = undefined;
    this.#isUnsaved = false;
    this.#status = 'idle';
    this.#timeLeft.stop();
    this.#unsubscribe = engine?.subscribe((view) => this.#onView(view));
    if (engine) this.#onView(engine.getSnapshot());
  }

  #onView(view: PlexAuthView | BackendAuthView): void {
    const isNew = view.status !== this.#status;
    this.#status = view.status;
    this.#isUnsaved ||= view.lastError?.code === 'PLEX_STORE';
    if (isStartable(view.status)) this.#refusal = undefined;
    this.#render();
    if (isNew) dispatchView(this, view);
  }

  async #loadTexts(): Promise<void> {
    if (!this.isConnected) return;
    const isFirst = !this.#texts.strings;
    if (!(await this.#texts.load(this, this.mode === 'code'))) return;
    this.#timeLeft.stop();
    this.#render();
    const { activeElement, body } = this.ownerDocument;
    if (isFirst && this.hasAttribute('autofocus') && activeElement === body) this.focus();
  }

  #onPress(event: MouseEvent, control: Control | undefined): void {
    // The second click of a double click was meant for what was there before.
    if (control && !control.isBusy && event.detail < 2) void this.#run(control.command);
  }

  async #run(command: Control['command']): Promise<void> {
    const { codeSteps } = this.#texts;
    if (command === 'copy') return codeSteps?.copy(this.#screen?.steps?.code ?? '', () => this.#render());
    if (this.#engines.isLoadingForPress) {
      if (command === 'cancel') this.#engines.endPress();
      return this.#render();
    }
    // Changes that were made while a sign-in ran apply to the next one.
    this.#update(true);
    void this.#loadTexts();
    const engine = this.#engine ?? (await this.#loadForPress(command));
    const opening = engine && engine === this.#engine ? this.#perform(command, engine) : undefined;
    this.#engines.endPress();
    const result = await opening;
    if (result?.status === 'refused' && engine === this.#engine) this.#refusal = result.error;
    this.#render();
  }

  /** Only within the click do browsers open a window, so this opens it before the engine is loaded. */
  #loadForPress(command: Control['command']): Promise<ElementAuth | undefined> {
    const loading = this.#engines.loadForPress(this.mode === 'popup' && command === 'start');
    this.#render();
    return loading;
  }

  #perform(command: Control['command'], engine: ElementAuth): PageOpening | Promise<PageOpening> | undefined {
    if (command === 'cancel' || command === 'signOut') return void engine[command]();
    this.#refusal = undefined;
    if (this.mode === 'code' || !canOpen(engine)) return void engine.start();
    const isHere = command === 'redirect' || this.mode === 'redirect';
    return isHere ? engine.startByRedirect() : engine.startInPopup();
  }

  get #view(): PlexAuthView | BackendAuthView {
    const { error, isLoadingForPress } = this.#engines;
    if (this.#engine) return this.#engine.getSnapshot();
    if (error) return { status: 'failed', error };
    return { status: isLoadingForPress ? 'requestingPin' : 'idle' };
  }

  #render(): void {
    const { strings: loaded, language, codeSteps } = this.#texts;
    const page = pageOf(this);
    if (!loaded || !page || !this.isConnected) {
      this.#timeLeft.stop();
      return;
    }
    const strings: PlexSignInStrings = Object.assign(Object.create(loaded), this.#ownStrings);
    const [mode, view, last] = [this.mode, this.#view, this.#screen];
    const focused = this.#card.root.activeElement;
    const screen = screenOf({
      view,
      mode,
      strings,
      product: this.#engines.product,
      refusal: this.#refusal,
      canOpen: !this.#engine || canOpen(this.#engine),
      isFramed: isFramed(this),
      canCopy: !!codeSteps && 'clipboard' in page.navigator,
    });
    const { look, heading, text } = screen;
    const shown = { ...screen, said: screen.said ?? `${heading}. ${text}` };
    this.#screen = shown;
    this.#card.show({ screen: shown, strings, language, mode, codeSteps, isUnsaved: this.#isUnsaved });
    this.#timeLeft.show({
      engine: this.#engine,
      expiresAtMs: view.expiresAtMs ?? 0,
      note: codeSteps && screen.steps ? screen.note : undefined,
      language,
      sentence: strings.timeLeft,
    });
    if (focused && (focused.closest('[hidden]') || (look === 'done' && look !== last?.look))) this.focus();
    if (last && last.said !== shown.said) this.#card.write('live', shown.said);
  }
}
