import { codeStyles } from './code-styles.ts';
import { loadLanguage, pickLanguage } from './languages.ts';
import { type PlexSignInMode, screenOf } from './screen.ts';
import type { PlexSignInStrings } from './strings.ts';
import { type Branch, structureOf, toAttributes, toHTML } from './structure.ts';
import { styles } from './styles.ts';

/** What a server writes. */
export interface RenderPlexSignInOptions {
  /** The application's name. */
  product: string;
  /** Default `popup`. */
  mode?: PlexSignInMode | undefined;
  /** The language, such as `de` or `pt-BR`. Default `en`: a server knows no browser. */
  lang?: string | undefined;
  /** Other texts than the language's; give the element the same. */
  strings?: Partial<PlexSignInStrings> | undefined;
  /** Further attributes of the tag, such as `id` or `forward-url`. */
  attributes?: Record<string, string> | undefined;
  /** For a page whose Content-Security-Policy lets styles through by it. */
  nonce?: string | undefined;
}

/**
 * Writes the tag as HTML, with its first screen in a declarative shadow root: a browser shows it before any script runs.
 *
 * Needs no DOM. The element takes these very nodes over when it is defined.
 */
export async function renderPlexSignIn(options: RenderPlexSignInOptions): Promise<string> {
  const { product, mode = 'popup', lang = 'en', attributes, nonce } = options;
  const language = pickLanguage(lang);
  const strings = { ...(await loadLanguage(language)), ...options.strings };
  const screen = screenOf({ view: { status: 'idle' }, mode, strings, product });
  const [name, cardAttributes, ...children] = structureOf(screen);
  const state = `lang=${language};dir=${strings.direction};data-mode=${mode};data-look=${screen.look}`;
  const card: Branch = [name, `${cardAttributes};${state}`, ...children];
  const css = mode === 'code' ? styles + codeStyles : styles;
  const style = `<style${toAttributes(nonce ? { nonce } : {})}>${css}</style>`;
  const tag = toAttributes({ product, mode, lang, ...attributes });
  return `<plex-sign-in${tag}><template shadowrootmode="open">${style}${toHTML(card)}</template></plex-sign-in>`;
}
