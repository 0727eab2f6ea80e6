import { requireOption } from '../require-option.ts';
import { codeStyles } from './code-styles.ts';
import { loadLanguage, pickLanguage } from './languages.ts';
import { type PlexSignInMode, screenOf } from './screen.ts';
import type { PlexSignInStrings } from './strings.ts';
import { type Branch, glyphs, structure, toAttributes, toHTML } from './structure.ts';
import { styles } from './styles.ts';

/** What a server writes. */
export interface RenderPlexSignInOptions {
  /** The application's name. Required unless `backendURL` is given. */
  product?: string | undefined;
  /** Where the application's server signs users in: the attribute `backend-url`. */
  backendURL?: string | undefined;
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
 *
 * @throws {TypeError} As a rejection, for a bad `product` or `backendURL`, naming it.
 */
export async function renderPlexSignIn(options: RenderPlexSignInOptions): Promise<string> {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const { product, backendURL, mode = 'popup', lang = 'en', attributes, nonce } = options;
  const isPath = backendURL === undefined || (typeof backendURL === 'string' && backendURL !== '');
  requireOption(isPath, 'backendURL', 'a path or an address');
  const isText = typeof product === 'string' ? product.trim() !== '' : product === undefined && !!backendURL;
  requireOption(isText, 'product', 'a text that is not empty');
  const language = pickLanguage(lang);
  const strings = { ...(await loadLanguage(language)), ...options.strings };
  const { look, heading, text, main, footnote } = screenOf({
    view: { status: 'idle' },
    mode,
    strings,
    product,
  });
  const texts = { heading, text, main: main?.label, footnote };
  const state = `;lang=${language};dir=${strings.direction};data-mode=${mode};data-look=${look}`;
  const card = fillBranch(structure, texts, { card: state, lines: `;d=${glyphs[look]}` });
  const css = mode === 'code' ? styles + codeStyles : styles;
  const style = `<style${toAttributes(nonce ? { nonce } : {})}>${css}</style>`;
  const tag = toAttributes({
    ...(product && { product }),
    ...(backendURL && { 'backend-url': backendURL }),
    mode,
    lang,
    ...attributes,
  });
  return `<plex-sign-in${tag}><template shadowrootmode="open">${style}${toHTML(card)}</template></plex-sign-in>`;
}

/** Puts texts and further attributes in by id. What has a text is not hidden. */
function fillBranch(
  [name, attributes, ...children]: Branch,
  texts: Partial<Record<string, string>>,
  more: Partial<Record<string, string>>,
): Branch {
  const id = /^id=(\w+)/.exec(attributes)?.[1] ?? '';
  const text = texts[id];
  const shown = text ? attributes.replace(';hidden', '') : attributes;
  const inside = children.map((child) =>
    typeof child === 'string' ? child : fillBranch(child, texts, more),
  );
  return [name, shown + (more[id] ?? ''), ...(text ? [text] : []), ...inside];
}
