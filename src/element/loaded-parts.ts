import type { ButtonLookPart } from './button-look.ts';
import { type Card, setAttributes } from './card.ts';
import type { CodeStepsPart } from './code-steps.ts';
import { canDerive } from './colors.ts';
import { loadLanguage, pickLanguage } from './languages.ts';
import type { LaterPart } from './later-part.ts';
import { pageOf } from './page-of.ts';
import type { PlexSignInLook, PlexSignInMode } from './scene.ts';
import { type PlexSignInStrings, spareStrings } from './strings.ts';
import { toNode } from './structure.ts';
import { addStyles } from './styles.ts';

/** After how long a part that did not load is tried again, in milliseconds. */
const reloadMs = 5000;

/** The element, as far as its parts depend on it. */
interface PartsHost extends Element {
  readonly mode: PlexSignInMode;
  readonly look: PlexSignInLook;
}

const toUndefined = () => undefined;

/** What an element loads for its language, its mode and its look. */
export class LoadedParts {
  readonly #card: Card;
  readonly #onReload: () => void;
  #wanted = '';
  #isTelevision = false;
  /** Undefined before the first language is there: nothing is better than a flash of another language. */
  strings: PlexSignInStrings | undefined;
  language = 'en';
  codeSteps: CodeStepsPart | undefined;
  buttonLook: ButtonLookPart | undefined;
  later: LaterPart | undefined;

  /** @param onReload Called when it is time to load again. */
  constructor(card: Card, onReload: () => void) {
    this.#card = card;
    this.#onReload = onReload;
  }

  /**
   * Loads what is wanted and not there.
   *
   * @param isFirst Whether the first screen is to be shown: it does not wait for what comes later.
   * @returns Whether something new is there.
   */
  async load(element: PartsHost, isFirst: boolean): Promise<boolean> {
    const page = pageOf(element);
    if (!page) return false;
    const { mode, look } = element;
    const isCode = mode === 'code';
    const language = pickLanguage(languageAround(element) || page.navigator.language);
    const wanted = `${language} ${isCode} ${look}`;
    if (wanted === this.#wanted) return false;
    this.#wanted = wanted;
    const loading = this.#loadLater();
    const [strings, steps, button, television, oldAccent] = await Promise.all([
      loadLanguage(language).catch(toUndefined),
      isCode && import('./code-steps.ts').catch(toUndefined),
      look === 'button' && import('./button-look.ts').catch(toUndefined),
      look === 'tv' && import('./television-look.ts').catch(toUndefined),
      !page.CSS?.supports(canDerive) && import('./old-accent.ts').catch(toUndefined),
    ]);
    if (wanted !== this.#wanted) return false;
    if (!element.isConnected || !pageOf(element)) {
      // Taken out meanwhile, perhaps with the whole page: loaded again where it is put in again.
      this.#wanted = '';
      return false;
    }
    if ([strings, steps, button, television].includes(undefined)) {
      this.#wanted = '';
      setTimeout(this.#onReload, reloadMs);
    }
    if (!isFirst) await loading;
    if (strings) this.language = language;
    this.strings = strings ?? this.strings ?? spareStrings;
    const { root } = this.#card;
    const controls = () => this.#card.controls();
    const tools = { toNode, addStyles, setAttributes, controls };
    if (steps) this.codeSteps ??= steps.addCodeSteps(root, { ...tools, page: () => pageOf(root) });
    if (button) this.buttonLook ??= button.addButtonLook(root, tools);
    if (television && !this.#isTelevision) television.addTelevisionLook(root, tools);
    this.#isTelevision ||= !!television;
    if (oldAccent) oldAccent.deriveFromAccent(root, page, addStyles);
    return true;
  }

  async #loadLater(): Promise<void> {
    if (this.later) return;
    const part = await import('./later-part.ts').catch(toUndefined);
    if (part) this.later ??= part.addLaterPart(this.#card, { toNode, addStyles }, this.#onReload);
    else this.#wanted = '';
    if (part) this.#onReload();
    else setTimeout(this.#onReload, reloadMs);
  }
}

/** The nearest `lang`, through every shadow root on the way. */
function languageAround(element: Element): string {
  const found = element.closest('[lang]');
  if (found) return found.getAttribute('lang') ?? '';
  const { host } = element.getRootNode() as ShadowRoot;
  return host ? languageAround(host) : '';
}
