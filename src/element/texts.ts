import type { Card } from './card.ts';
import type { CodeStepsPart } from './code-steps.ts';
import { loadLanguage, pickLanguage } from './languages.ts';
import { pageOf } from './page-of.ts';
import { type PlexSignInStrings, spareStrings } from './strings.ts';
import { toNode } from './structure.ts';
import { addStyles } from './styles.ts';

/** After how long a part that did not load is tried again, in milliseconds. */
const reloadMs = 5000;

/** What an element loads for its language and its mode: the texts, and what shows a code. */
export class LoadedTexts {
  readonly #card: Card;
  readonly #onReload: () => void;
  #wanted = '';
  /** Undefined before the first language is there: nothing is better than a flash of another language. */
  strings: PlexSignInStrings | undefined;
  language = 'en';
  codeSteps: CodeStepsPart | undefined;

  /** @param onReload Called when it is time to load again. */
  constructor(card: Card, onReload: () => void) {
    this.#card = card;
    this.#onReload = onReload;
  }

  /** Loads what is wanted and not there. @returns Whether something new is there. */
  async load(element: Element, isCode: boolean): Promise<boolean> {
    const page = pageOf(element);
    if (!page) return false;
    const language = pickLanguage(languageAround(element) || page.navigator.language);
    const wanted = `${language} ${isCode}`;
    if (wanted === this.#wanted) return false;
    this.#wanted = wanted;
    const [strings, part] = await Promise.all([
      loadLanguage(language).catch(() => undefined),
      isCode && import('./code-steps.ts').catch(() => undefined),
    ]);
    if (wanted !== this.#wanted) return false;
    if (!element.isConnected || !pageOf(element)) {
      // Taken out meanwhile, perhaps with the whole page: loaded again where it is put in again.
      this.#wanted = '';
      return false;
    }
    if (!strings || part === undefined) {
      this.#wanted = '';
      setTimeout(this.#onReload, reloadMs);
    }
    if (strings) this.language = language;
    this.strings = strings ?? this.strings ?? spareStrings;
    if (part) {
      const controls = () => this.#card.controls();
      const { root } = this.#card;
      this.codeSteps ??= part.addCodeSteps(root, { toNode, addStyles, page: () => pageOf(root), controls });
    }
    return true;
  }
}

/** The nearest `lang`, through every shadow root on the way. */
function languageAround(element: Element): string {
  const found = element.closest('[lang]');
  if (found) return found.getAttribute('lang') ?? '';
  const { host } = element.getRootNode() as ShadowRoot;
  return host ? languageAround(host) : '';
}
