import { copyOptions, requireOption } from '../require-option.ts';
import { loadLanguage, pickLanguage } from './languages.ts';
import type { PlexSignInLook, PlexSignInMode, Screen } from './scene.ts';
import { screenOf } from './screen.ts';
import type { PlexSignInStrings } from './strings.ts';
import { type Branch, badge, glyphs, live, toAttributes, toCard, toHTML } from './structure.ts';
import { styles } from './styles.ts';

/** What each look adds to the styles. Loaded here too, since a bundler keeps this file in the element's. */
const looks: Record<PlexSignInLook, () => Promise<string>> = {
  card: async () => '',
  button: async () => (await import('./button-look.ts')).buttonStyles,
  tv: async () => (await import('./television-look.ts')).televisionStyles,
};

/** What a server writes. */
export interface RenderPlexSignInOptions {
  /** The application's name. Required unless `backendURL` is given. */
  product?: string | undefined;
  /** Where the application's server signs users in: the attribute `backend-url`. */
  backendURL?: string | undefined;
  /** Default `popup`; with the look `tv`, `code`. */
  mode?: PlexSignInMode | undefined;
  /** Default `card`. */
  look?: PlexSignInLook | undefined;
  /** The level of the heading, 1 to 6. Default 2. */
  headingLevel?: number | undefined;
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
 * @throws {TypeError} As a rejection, for a bad `product`, `backendURL`, `look` or `headingLevel`, naming it.
 */
export async function renderPlexSignIn(options: RenderPlexSignInOptions): Promise<string> {
  requireOption(typeof options === 'object' && options !== null, 'options', 'an object');
  const {
    product,
    backendURL,
    look = 'card',
    mode = look === 'tv' ? 'code' : 'popup',
    headingLevel = 2,
    lang = 'en',
    attributes,
    nonce,
    strings: ownStrings,
  } = copyOptions(options);
  const isPath = backendURL === undefined || (typeof backendURL === 'string' && backendURL !== '');
  requireOption(isPath, 'backendURL', 'a path or an address');
  const isText = typeof product === 'string' ? product.trim() !== '' : product === undefined && !!backendURL;
  requireOption(isText, 'product', 'a text that is not empty');
  requireOption(look in looks, 'look', 'card, button or tv');
  requireOption(/^[1-6]$/.test(`${headingLevel}`), 'headingLevel', 'a whole number from 1 to 6');
  const language = pickLanguage(lang);
  const strings = { ...(await loadLanguage(language)), ...ownStrings };
  const screen = screenOf({ view: { status: 'idle' }, mode, look, strings, product });
  const codeStyles = mode === 'code' && (await import('./code-steps.ts')).codeStyles;
  const css = [styles, codeStyles, await looks[look]()].filter(Boolean).join('\n');
  const style = `<style${toAttributes(nonce ? { nonce } : {})}>${css}</style>`;
  const tag = toAttributes({
    ...(product && { product }),
    ...(backendURL && { 'backend-url': backendURL }),
    mode,
    ...(look !== 'card' && { look }),
    ...(headingLevel !== 2 && { 'heading-level': `${headingLevel}` }),
    lang,
    ...attributes,
  });
  const branches = await toBranches(screen, { look, mode, language, strings });
  const html = branches.map((branch) => toHTML(withLevel(branch, headingLevel))).join('');
  return `<plex-sign-in${tag}><template shadowrootmode="open">${style}${html}</template></plex-sign-in>`;
}

interface FirstLook {
  readonly look: PlexSignInLook;
  readonly mode: PlexSignInMode;
  readonly language: string;
  readonly strings: PlexSignInStrings;
}

/** What is in the shadow root with the first screen. */
async function toBranches(screen: Screen, { look, mode, language, strings }: FirstLook): Promise<Branch[]> {
  const { icon, heading, text, main, footnote } = screen;
  const texts = { heading, text, main: main?.label, footnote, state: strings.signIn };
  const state = `;lang=${language};dir=${strings.direction};data-mode=${mode};data-look=${look};data-icon=${icon}`;
  const more = {
    card: state,
    badge: `;data-icon=${icon}`,
    lines: `;d=${glyphs[icon]}`,
    trigger: `;class=main;data-icon=${icon};dir=${strings.direction}`,
  };
  const part = look === 'button' && (await import('./button-look.ts'));
  const branches = part ? [part.toTrigger(badge), toCard()] : [toCard(badge)];
  return [...branches.map((branch) => fillBranch(branch, texts, more)), live];
}

function withLevel([name, ...others]: Branch, level: number): Branch {
  const [attributes, ...children] = others;
  const inside = children.map((child) => (typeof child === 'string' ? child : withLevel(child, level)));
  return [name === 'h2' ? `h${level}` : name, attributes, ...inside];
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
