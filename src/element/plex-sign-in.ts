import type { PlexAuthError } from '../errors.ts';
import {
  type BrowserPlexAuth,
  type BrowserPlexAuthOptions,
  createBrowserPlexAuth,
} from '../hosts/browser.ts';
import type { PlexAuth } from '../plex-auth.ts';
import type { Secret } from '../secret.ts';
import type { PlexAuthView } from '../view.ts';
import type { CodeStepsPart } from './code-steps.ts';
import { loadLanguage, pickLanguage } from './languages.ts';
import { type Control, type PlexSignInMode, type Screen, screenOf } from './screen.ts';
import { fillIn, type PlexSignInStrings } from './strings.ts';
import { glyphs, structureOf, toNode } from './structure.ts';
import { addStyles, styles } from './styles.ts';

/** What an element's own engine is made with, beside what the attributes say. */
export type PlexSignInOptions = Partial<BrowserPlexAuthOptions>;

/** What the element tells. All bubble, and leave the shadow roots they are in. */
export interface PlexSignInEventMap {
  /** A token is held. */
  authenticated: CustomEvent<{ token: Secret; clientIdentifier: string }>;
  /** The code, the limit or the token ran out. */
  expired: CustomEvent<{ reason: 'pin' | 'limit' | 'token' }>;
  /** An error that asking again does not mend. */
  failed: CustomEvent<{ error: PlexAuthError }>;
}

declare global {
  interface HTMLElementTagNameMap {
    'plex-sign-in': PlexSignIn;
  }
}

/** The attributes of which the engine is made, as it calls them. */
const engineAttributes = {
  product: 'product',
  'forward-url': 'forwardURL',
  'server-url': 'serverURL',
  'auth-app-url': 'authAppURL',
  'link-url': 'linkURL',
} as const;

/** A television that nobody looks at stops after an hour, and asks Plex for no more codes. */
const codeRenewals = 3;
const copiedMs = 2000;
const restingStatuses = ['idle', 'expired', 'failed'];

/** On a server there are no elements: the class is there, and nothing can be made of it. */
const Base = globalThis.HTMLElement ?? (class {} as typeof HTMLElement);

/**
 * `<plex-sign-in product="My App">`: a sign-in with Plex that a page only has to show.
 *
 * It subscribes to an engine and changes nothing in it but by its buttons. Its own engine ends with it, a given one never
 * does. The token is in the event `authenticated` alone, never in the page.
 */
export class PlexSignIn extends Base {
  static readonly observedAttributes: readonly string[] = [...Object.keys(engineAttributes), 'mode', 'lang'];

  readonly #root: ShadowRoot;
  #given: PlexAuth | undefined;
  #own: BrowserPlexAuth | undefined;
  /** The one of both that is shown. */
  #engine: PlexAuth | undefined;
  #unsubscribe = () => {};
  #options: PlexSignInOptions = {};
  #isStale = false;
  #isSettling = false;
  #status: PlexAuthView['status'] = 'idle';
  /** Why no page for the consent opened. */
  #refusal: PlexAuthError | undefined;
  #screen: Screen | undefined;
  #said = '';
  #language = '';
  /** None before the first language has come: nothing is better than a flash of another one. */
  #languageStrings: PlexSignInStrings | undefined;
  #ownStrings: Partial<PlexSignInStrings> = {};
  #codeSteps: CodeStepsPart | undefined;
  #counted = '';
  #stopCount = () => {};
  #copiedTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    // A root that a server wrote is taken over as it is.
    this.#root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    if (!this.#find('card')) this.#root.append(toNode(structureOf()));
    addStyles(this.#root, styles);
    this.#find('card').addEventListener('keydown', (event) => this.#onKey(event));
    for (const id of ['main', 'quiet'] as const) {
      this.#find(id).addEventListener('click', (event) => this.#onPress(event, this.#screen?.[id]));
    }
  }

  /** The engine that is shown: the given one, or the element's own once it is made. Set it to give one. */
  get auth(): PlexAuth | undefined {
    return this.#given ?? this.#own;
  }

  set auth(auth: PlexAuth | undefined) {
    this.#given = auth ?? undefined;
    this.#settleSoon();
  }

  /** Everything that no attribute says, for the element's own engine: stores, `fetch`, `clock`, `device`, … */
  get options(): PlexSignInOptions {
    return this.#options;
  }

  set options(options: PlexSignInOptions) {
    this.#options = options ?? {};
    this.#isStale = true;
    this.#settleSoon();
  }

  /** Texts to say instead of the language's. */
  get strings(): Partial<PlexSignInStrings> {
    return this.#ownStrings;
  }

  set strings(strings: Partial<PlexSignInStrings>) {
    this.#ownStrings = strings ?? {};
    this.#counted = '';
    this.#settleSoon();
  }

  /** How the user approves: `popup`, `redirect` or `code`. The attribute of that name. */
  get mode(): PlexSignInMode {
    const mode = this.getAttribute('mode');
    return mode === 'redirect' || mode === 'code' ? mode : 'popup';
  }

  set mode(mode: PlexSignInMode) {
    this.setAttribute('mode', mode);
  }

  /** The application's name, as the user reads it. The attribute of that name. */
  get product(): string {
    return this.getAttribute('product') ?? '';
  }

  set product(product: string) {
    this.setAttribute('product', product);
  }

  /** Focuses what the user does next. */
  override focus(options?: FocusOptions): void {
    (this.#controls()[0] ?? this.#find('heading')).focus(options);
  }

  connectedCallback(): void {
    // What was set before the element was defined lies on the object and hides the accessor.
    for (const name of ['auth', 'options', 'strings', 'mode', 'product'] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name];
      Reflect.deleteProperty(this, name);
      Reflect.set(this, name, value);
    }
    this.#settleSoon();
  }

  disconnectedCallback(): void {
    this.#settleSoon();
  }

  /** Moved by `moveBefore`: nothing ends. */
  connectedMoveCallback(): void {}

  attributeChangedCallback(name: string): void {
    this.#isStale ||= name !== 'lang';
    this.#settleSoon();
  }

  /** Waits for what else is set in the same go; a tag that is only moved is back by then. */
  #settleSoon(): void {
    if (this.#isSettling) return;
    this.#isSettling = true;
    queueMicrotask(() => {
      this.#isSettling = false;
      this.#settle();
    });
  }

  #settle(): void {
    const last = this.#own;
    if (!this.isConnected || this.#given) this.#own = undefined;
    else this.#makeOwn();
    this.#follow(this.isConnected ? this.auth : undefined);
    if (last !== this.#own) void last?.dispose();
    if (this.isConnected) void this.#prepare();
    this.#render();
  }

  /** The element's own engine is made anew where something it is made of has changed, and no flow would be lost. */
  #makeOwn(): void {
    if (this.#own && !(this.#isStale && restingStatuses.includes(this.#own.getSnapshot().status))) return;
    if (!this.product && !this.#options.product) return;
    this.#isStale = false;
    this.#own = createBrowserPlexAuth(this.#engineOptions());
  }

  #engineOptions(): BrowserPlexAuthOptions {
    const isCode = this.mode === 'code';
    const options = { strong: !isCode, renewals: isCode ? codeRenewals : 0, ...this.#options };
    for (const [attribute, option] of Object.entries(engineAttributes)) {
      const value = this.getAttribute(attribute);
      if (value) options[option] = value;
    }
    return options as BrowserPlexAuthOptions;
  }

  #follow(engine: PlexAuth | undefined): void {
    if (engine === this.#engine) return;
    this.#unsubscribe();
    this.#engine = engine;
    this.#refusal = undefined;
    this.#status = engine?.getSnapshot().status ?? 'idle';
    this.#unsubscribe = engine?.subscribe((view) => this.#onView(view)) ?? (() => {});
  }

  #onView(view: PlexAuthView): void {
    const { status } = view;
    const isNew = status !== this.#status;
    this.#status = status;
    if (restingStatuses.includes(status)) this.#refusal = undefined;
    this.#render();
    if (!isNew) return;
    if (status === 'authenticated') {
      const { token, clientIdentifier } = view;
      this.#tell(status, { token, clientIdentifier });
    } else if (status === 'expired') this.#tell(status, { reason: view.reason });
    else if (status === 'failed') this.#tell(status, { error: view.error });
  }

  #tell<Name extends keyof PlexSignInEventMap>(name: Name, detail: PlexSignInEventMap[Name]['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** Takes up the language that the tag, the page or the browser asks for, and what the mode needs. */
  async #prepare(): Promise<void> {
    const language = pickLanguage(languageAround(this) || navigator.language);
    const isCode = this.mode === 'code' && !this.#codeSteps;
    if (language === this.#language && !isCode) return;
    this.#language = language;
    const [strings, part] = await Promise.all([
      loadLanguage(language),
      isCode && import('./code-steps.ts').catch(() => undefined),
    ]);
    if (language !== this.#language) return;
    const isFirst = !this.#languageStrings;
    this.#languageStrings = strings;
    if (part) this.#codeSteps ??= part.addCodeSteps(this.#root, { toNode, addStyles });
    this.#counted = '';
    this.#render();
    if (isFirst && this.hasAttribute('autofocus') && document.activeElement === document.body) this.focus();
  }

  #onPress(event: MouseEvent, control: Control | undefined): void {
    // The second click of a double click is meant for what was there before.
    if (control && !control.isBusy && event.detail < 2) void this.#run(control.command);
  }

  async #run(command: Control['command']): Promise<void> {
    if (command === 'copy') return this.#copy();
    // What was set while a flow ran counts from the next one on. Without a product there is none, and it throws.
    this.#settle();
    const engine = this.#engine ?? createBrowserPlexAuth(this.#engineOptions());
    if (command === 'cancel' || command === 'signOut') return engine[command]();
    this.#refusal = undefined;
    if (this.mode === 'code' || !canOpen(engine)) return engine.start();
    const isHere = command === 'redirect' || this.mode === 'redirect';
    const opening = isHere ? await engine.startByRedirect() : engine.startInPopup();
    if (opening.status === 'refused' && engine === this.#engine) this.#refusal = opening.error;
    this.#render();
  }

  async #copy(): Promise<void> {
    if (!(await this.#codeSteps?.copy(this.#screen?.steps?.code ?? ''))) return;
    clearTimeout(this.#copiedTimer);
    this.#copiedTimer = setTimeout(() => {
      this.#copiedTimer = undefined;
      this.#render();
    }, copiedMs);
    this.#render();
    this.#write('live', this.#find('main').textContent);
  }

  #render(): void {
    if (!this.#languageStrings || !this.isConnected) {
      this.#stopCount();
      this.#counted = '';
      return;
    }
    const strings = { ...this.#languageStrings, ...this.#ownStrings };
    const { mode } = this;
    const view = this.#engine?.getSnapshot() ?? { status: 'idle' as const };
    const focused = this.#root.activeElement;
    const isFirst = !this.#screen;
    const screen = screenOf({
      view,
      mode,
      strings,
      product: this.product || this.#options.product,
      refusal: this.#refusal,
      canOpen: !this.#engine || canOpen(this.#engine),
      canCopy: 'clipboard' in navigator,
    });
    const { look, heading, text, main, link, steps, note } = screen;
    const said = screen.said ?? `${heading}. ${text}`;
    this.#screen = screen;
    setAttributes(this.#find('card'), {
      lang: this.#language,
      dir: strings.direction,
      'data-mode': mode,
      'data-look': look,
      'data-steps': steps && '',
    });
    setAttributes(this.#find('lines'), { d: glyphs[look] ?? glyphs.person });
    this.#write('heading', heading);
    this.#write('text', steps ? text : note || text);
    this.#write('footnote', screen.footnote);
    this.#write('main', main?.command === 'copy' && this.#copiedTimer ? strings.copied : main?.label);
    this.#write('link', link?.label);
    this.#write('quiet', screen.quiet?.label);
    setAttributes(this.#find('main'), {
      class: main?.isMain ? 'main' : '',
      'aria-disabled': main?.isBusy ? 'true' : undefined,
    });
    setAttributes(this.#find('link'), {
      class: link?.isMain ? 'main' : '',
      href: link?.href,
      target: link?.isNewTab ? '_blank' : '',
    });
    for (const id of ['steps', 'scan']) this.#find(id).hidden = !steps;
    if (steps) this.#codeSteps?.show(steps, strings);
    this.#count(view, steps && note, strings);
    if (focused?.closest('[hidden]')) this.focus();
    if (!isFirst && this.#said !== said) this.#write('live', said);
    this.#said = said;
  }

  /** Shows how long a code still lives, or what there is to say in place of it. */
  #count(view: PlexAuthView, note: string | undefined, strings: PlexSignInStrings): void {
    const expiresAtMs = 'expiresAtMs' in view ? view.expiresAtMs : 0;
    const counted = note ?? `${expiresAtMs}`;
    if (counted === this.#counted) return;
    this.#counted = counted;
    this.#stopCount();
    this.#write('note', note);
    const engine = this.#engine;
    if (note || !expiresAtMs || !engine) return;
    const root = this.#root;
    const language = this.#language;
    const word = (time: string) => fillIn(strings.timeLeft, { time }, strings.direction);
    const say = (text: string) => this.#write('live', text);
    void import('./countdown.ts')
      .then(({ countDown }) => {
        if (counted !== this.#counted || engine !== this.#engine) return;
        this.#stopCount();
        this.#stopCount = countDown({ engine, expiresAtMs, root, language, word, say });
      })
      // Without it the time is not shown, and the sign-in goes on.
      .catch(() => {});
  }

  /** Writes a text where it is another one, and hides what says nothing. */
  #write(id: string, text: string | null = ''): void {
    const node = this.#find(id);
    if (node.textContent !== text) node.textContent = text;
    node.hidden = !text && id !== 'live';
  }

  /** Arrows lead from one control to the next, as on a remote control. */
  #onKey(event: KeyboardEvent): void {
    const forth = this.#find('card').dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const { key } = event;
    if (!/^Arrow/.test(key) || event.altKey || event.ctrlKey || event.metaKey) return;
    const controls = this.#controls();
    const step = key === forth || key === 'ArrowDown' ? 1 : -1;
    const next = controls[controls.indexOf(this.#root.activeElement as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #controls(): HTMLElement[] {
    const controls = this.#root.querySelectorAll<HTMLElement>('button,a[href]');
    return [...controls].filter((control) => !control.closest('[hidden]'));
  }

  #find(id: string): HTMLElement {
    return this.#root.getElementById(id) as HTMLElement;
  }
}

function canOpen(engine: PlexAuth): engine is BrowserPlexAuth {
  return 'startInPopup' in engine;
}

/** The nearest `lang`, out of every shadow root on the way. */
function languageAround(element: Element): string {
  const found = element.closest('[lang]');
  if (found) return found.getAttribute('lang') ?? '';
  const { host } = element.getRootNode() as ShadowRoot;
  return host ? languageAround(host) : '';
}

function setAttributes(node: Element, attributes: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
}
