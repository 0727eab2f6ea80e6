import {
  type BrowserPlexAuth,
  type BrowserPlexAuthOptions,
  createBrowserPlexAuth,
} from '../browser/index.ts';
import { internalsOf } from '../engine/engine-internals.ts';
import type { PlexAuth } from '../engine/plex-auth.ts';
import { type PlexAuthError, toPlexAuthError } from '../errors.ts';
import { systemClock } from '../ports.ts';
import type { Secret } from '../secret.ts';
import type { PlexAuthView } from '../view.ts';
import type { CodeStepsPart } from './code-steps.ts';
import { loadLanguage, pickLanguage } from './languages.ts';
import { type Control, type PlexSignInMode, type Screen, screenOf } from './screen.ts';
import { type PlexSignInStrings, spareStrings } from './strings.ts';
import { glyphs, structure, toNode } from './structure.ts';
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

/** The attributes of which the engine is made. */
const engineAttributes = ['product', 'forward-url', 'server-url', 'auth-app-url', 'link-url'];

/** A television that nobody looks at stops after an hour, and asks Plex for no more codes. */
const codeRenewals = 3;
/** What could not be loaded is tried again. */
const reloadMs = 5000;
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
  static readonly observedAttributes: readonly string[] = [...engineAttributes, 'mode', 'lang'];

  readonly #root: ShadowRoot;
  #given: PlexAuth | undefined;
  #own: BrowserPlexAuth | undefined;
  /** The one of both that is shown. */
  #engine: PlexAuth | undefined;
  #unsubscribe: (() => void) | undefined;
  #options: PlexSignInOptions = {};
  #isStale = true;
  #isSettling = false;
  /** Why no engine can be made of what is set. */
  #misfit: Extract<PlexAuthView, { status: 'failed' }> | undefined;
  #status: PlexAuthView['status'] = 'idle';
  /** Whether this engine's store has failed: said as long as it is shown, for the view soon forgets it. */
  #isUnsaved = false;
  /** Why no page for the consent opened. */
  #refusal: PlexAuthError | undefined;
  #screen: Screen | undefined;
  /** What is loaded, or on its way. */
  #wanted = '';
  #language = 'en';
  /** None before the first language has come: nothing is better than a flash of another one. */
  #languageStrings: PlexSignInStrings | undefined;
  #ownStrings: Partial<PlexSignInStrings> = {};
  #codeSteps: CodeStepsPart | undefined;
  #counted = '';
  #stopCount: (() => void) | undefined;

  constructor() {
    super();
    // A root that a server wrote is taken over as it is.
    this.#root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    if (!this.#find('card')) this.#root.append(toNode(structure));
    addStyles(this.#root, styles);
    for (const id of ['main', 'quiet'] as const) {
      this.#find(id).addEventListener('click', (event) => this.#onPress(event, this.#screen?.[id]));
    }
    // The page opens by the link: what was said of the refusal is over, once the browser has followed it.
    this.#find('link').addEventListener('click', () => {
      this.#refusal = undefined;
      setTimeout(() => this.#render());
    });
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
    return this.getAttribute('product')?.trim() ?? '';
  }

  set product(product: string) {
    this.setAttribute('product', product);
  }

  /** Focuses what the user does next: nothing of this, once signed in. */
  override focus(options?: FocusOptions): void {
    const [next] = this.#status === 'authenticated' ? [] : this.#controls();
    (next ?? this.#find('heading')).focus(options);
  }

  connectedCallback(): void {
    // What was set before the element was defined lies on the object and hides the accessor.
    for (const [name, value] of Object.entries(this)) {
      if (!(name in PlexSignIn.prototype)) continue;
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

  attributeChangedCallback(name: string, _: string | null, value: string | null): void {
    this.#isStale ||= name !== 'lang';
    if (name === 'mode' && value && value !== this.mode) console.warn(`plex-sign-in: no mode ${value}`);
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

  #settle(isPressed = false): void {
    const last = this.#own;
    if (this.isConnected && !this.#given) this.#makeOwn(isPressed);
    else {
      this.#own = this.#misfit = undefined;
      this.#isStale = true;
    }
    this.#follow(this.isConnected ? this.auth : undefined);
    if (last !== this.#own) void last?.dispose();
    if (this.isConnected) void this.#prepare();
    this.#render();
  }

  /** The element's own engine is made anew where something it is made of has changed, and no flow would be lost. */
  #makeOwn(isPressed: boolean): void {
    const isDue = this.#own
      ? this.#isStale && restingStatuses.includes(this.#own.getSnapshot().status)
      : isPressed || (this.#isStale && (this.product || this.#options.product));
    if (!isDue) return;
    this.#isStale = false;
    this.#own = this.#misfit = undefined;
    const isCode = this.mode === 'code';
    const options = { strong: !isCode, renewals: isCode ? codeRenewals : 0, ...this.#options };
    const names: Record<string, string> = {};
    try {
      for (const attribute of engineAttributes) {
        const value = this.getAttribute(attribute)?.trim();
        if (!value) continue;
        const option = attribute.replace(/-(url|.)/g, (part) => part.slice(1).toUpperCase());
        names[option] = attribute;
        const isWhole = attribute === 'product' || /^\w+:/.test(value);
        Object.assign(options, { [option]: isWhole ? value : new URL(value, this.baseURI).href });
      }
      this.#own = createBrowserPlexAuth(options as BrowserPlexAuthOptions);
    } catch (cause) {
      const message = (cause as Error).message.replace(/\w+(?= must)/, (name) => names[name] ?? name);
      const error = toPlexAuthError('PLEX_UNEXPECTED', message, cause, Date.now());
      this.#misfit = { status: 'failed', error };
      reportError(error);
      this.#tell(this.#misfit);
    }
  }

  #follow(engine: PlexAuth | undefined): void {
    if (engine === this.#engine) return;
    this.#unsubscribe?.();
    this.#engine = engine;
    this.#refusal = undefined;
    this.#isUnsaved = false;
    this.#status = 'idle';
    this.#unsubscribe = engine?.subscribe((view) => this.#onView(view));
    if (engine) this.#onView(engine.getSnapshot());
  }

  #onView(view: PlexAuthView): void {
    const isNew = view.status !== this.#status;
    this.#status = view.status;
    this.#isUnsaved ||= 'lastError' in view && view.lastError?.code === 'PLEX_STORE';
    if (restingStatuses.includes(view.status)) this.#refusal = undefined;
    this.#render();
    if (isNew) this.#tell(view);
  }

  /** An event's detail is what the view says beside its status. */
  #tell(view: PlexAuthView): void {
    const { status, lastError: _, ...detail } = { lastError: undefined, ...view };
    if (status === 'authenticated' || status === 'expired' || status === 'failed')
      this.dispatchEvent(new CustomEvent(status, { detail, bubbles: true, composed: true }));
  }

  /** Takes up the language that the tag, the page or the browser asks for, and what the mode needs. */
  async #prepare(): Promise<void> {
    const language = pickLanguage(languageAround(this) || navigator.language);
    const isCode = this.mode === 'code';
    const wanted = `${language} ${isCode}`;
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    const [strings, part] = await Promise.all([
      loadLanguage(language).catch(() => undefined),
      isCode && import('./code-steps.ts').catch(() => undefined),
    ]);
    if (wanted !== this.#wanted) return;
    if (!strings || part === undefined) {
      this.#wanted = '';
      setTimeout(() => this.#settleSoon(), reloadMs);
    }
    const isFirst = !this.#languageStrings;
    if (strings) this.#language = language;
    this.#languageStrings = strings ?? this.#languageStrings ?? spareStrings;
    if (part)
      this.#codeSteps ??= part.addCodeSteps(this.#root, {
        toNode,
        addStyles,
        controls: () => this.#controls(),
      });
    this.#counted = '';
    this.#render();
    if (isFirst && this.hasAttribute('autofocus') && document.activeElement === document.body) this.focus();
  }

  #onPress(event: MouseEvent, control: Control | undefined): void {
    // The second click of a double click is meant for what was there before.
    if (control && !control.isBusy && event.detail < 2) void this.#run(control.command);
  }

  async #run(command: Control['command']): Promise<void> {
    const part = this.#codeSteps;
    if (command === 'copy') return part?.copy(this.#screen?.steps?.code ?? '', () => this.#render());
    // What was set while a flow ran counts from the next one on.
    this.#settle(true);
    const engine = this.#engine;
    if (!engine) return;
    if (command === 'cancel' || command === 'signOut') return engine[command]();
    this.#refusal = undefined;
    if (this.mode === 'code' || !canOpen(engine)) return engine.start();
    const isHere = command === 'redirect' || this.mode === 'redirect';
    const opening = isHere ? await engine.startByRedirect() : engine.startInPopup();
    if (opening.status === 'refused' && engine === this.#engine) this.#refusal = opening.error;
    this.#render();
  }

  #render(): void {
    if (!this.#languageStrings || !this.isConnected) {
      this.#stopCount?.();
      this.#counted = '';
      return;
    }
    const strings: PlexSignInStrings = Object.assign(Object.create(this.#languageStrings), this.#ownStrings);
    const { mode } = this;
    const view = this.#engine?.getSnapshot() ?? this.#misfit ?? { status: 'idle' as const };
    const focused = this.#root.activeElement;
    const last = this.#screen;
    const part = this.#codeSteps;
    const screen = screenOf({
      view,
      mode,
      strings,
      product: this.product || this.#options.product,
      refusal: this.#refusal,
      canOpen: !this.#engine || canOpen(this.#engine),
      canCopy: !!part && 'clipboard' in navigator,
    });
    const { look, heading, text, main, link, note } = screen;
    const said = screen.said ?? `${heading}. ${text}`;
    const steps = part && screen.steps;
    this.#screen = { ...screen, said };
    setAttributes(this.#find('card'), {
      lang: this.#language,
      dir: strings.direction,
      'data-mode': mode,
      'data-look': look,
      'data-steps': steps && '',
    });
    setAttributes(this.#find('lines'), { d: glyphs[look] ?? glyphs.person });
    this.#write('heading', heading);
    // Without its part, the code is said in words.
    this.#write('text', steps ? text : screen.steps ? said : note || text);
    this.#write('footnote', this.#isUnsaved && look !== 'fault' ? strings.unsaved : screen.footnote);
    this.#write('main', main?.command === 'copy' && part?.isCopied ? strings.copied : main?.label);
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
    if (steps) part.show(steps, strings);
    this.#count(view, steps && note, strings);
    if (focused && (focused.closest('[hidden]') || (look === 'done' && look !== last?.look))) this.focus();
    if (last && last.said !== said) this.#write('live', said);
  }

  /** Shows how long a code still lives, or what there is to say in place of it. */
  #count(view: PlexAuthView, note: string | undefined, strings: PlexSignInStrings): void {
    const expiresAtMs = 'expiresAtMs' in view ? view.expiresAtMs : 0;
    const counted = note ?? `${expiresAtMs}`;
    if (counted === this.#counted) return;
    this.#counted = counted;
    this.#stopCount?.();
    this.#write('note', note);
    const engine = this.#engine;
    if (note || !expiresAtMs || !engine) return;
    const root = this.#root;
    const language = this.#language;
    void import('./countdown.ts')
      .then(({ countDown }) => {
        if (counted !== this.#counted || engine !== this.#engine) return;
        this.#stopCount?.();
        const internals = internalsOf(engine);
        this.#stopCount = countDown({
          clock: internals?.clock ?? systemClock,
          expiresAtMs,
          lifeMs: internals?.pendingPin()?.expiresInMs,
          root,
          language,
          timeLeft: strings.timeLeft,
        });
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
