import { listenForArrows } from './arrow-keys.ts';
import { toCodeScreen } from './code-screen.ts';
import { codeStyles } from './code-styles.ts';
import type { CodeSteps } from './scene.ts';
import type { PlexSignInStrings } from './strings.ts';
import type { Branch, toNode } from './structure.ts';
import type { addStyles } from './styles.ts';

// A server writes them too.
export { codeStyles };

/** What the element passes in. Imported here, a bundler would move it out of the element into a file of its own. */
interface Tools {
  readonly toNode: typeof toNode;
  readonly addStyles: typeof addStyles;
  /** The page, while there is one. */
  readonly page: () => Window | null;
  /** The controls that can be used now, in their order. */
  readonly controls: () => HTMLElement[];
}

const copiedMs = 2000;

/** Shows the code, its address and its picture. Loaded in the mode `code` only. */
export interface CodeStepsPart {
  readonly toCodeScreen: typeof toCodeScreen;
  /** @param steps Undefined where another screen is shown. */
  show(steps: CodeSteps | undefined, strings: PlexSignInStrings): void;
  /** Whether the code has just been copied. */
  readonly isCopied: boolean;
  /**
   * Copies the code to the clipboard. If that is not allowed, the code is selected.
   *
   * @param said What a screen reader says then.
   */
  copy(code: string, said: string, onChange: () => void): Promise<void>;
}

/** Puts what the mode `code` needs into an element's shadow root. */
export function addCodeSteps(root: ShadowRoot, tools: Tools): CodeStepsPart {
  const { addStyles, page, controls } = tools;
  const create = (branch: Branch) => tools.toNode(branch, root.ownerDocument);
  addStyles(root, codeStyles);
  const find = (id: string) => root.getElementById(id) as HTMLElement;
  const address = create(['a', 'id=address;part=link;target=_blank;rel=noreferrer;dir=ltr']);
  const enter = create(['p', 'id=enter;part=text']);
  const tiles = create(['p', 'id=code;part=code;dir=ltr;aria-hidden=true']);
  const spelled = create(['p', 'class=heard;id=spelled']);
  const copy = create(['button', 'id=copy;part=quiet;type=button']);
  const picture = new QRPictureNode(create);
  const caption = create(['p', 'id=caption;aria-hidden=true']);
  const clipboard = new CodeClipboard(root, tiles, page);
  const elsewhere = create(['p', 'id=elsewhere']);
  find('steps').replaceChildren(elsewhere, address, enter, tiles, spelled, copy);
  find('scan').replaceChildren(picture.node, caption);
  listenForArrows(root, controls);

  return {
    toCodeScreen,
    show(shown, strings) {
      const isTyped = !shown?.href || !!shown.code;
      // The link to Plex comes before "Get a code", and takes the focus of the button that this was.
      const [first, second] = isTyped ? [find('main'), find('link')] : [find('link'), find('main')];
      if (first.nextSibling !== second) {
        const isLeft = second.matches(':focus');
        first.after(second);
        if (isLeft) first.focus();
      }
      if (!shown) return;
      const { code, href, address: words, spelled: heard, scanned, isPhone, isLink, ...steps } = shown;
      if (href && isLink) address.setAttribute('href', href);
      else address.removeAttribute('href');
      // In the order of reading: on a phone, the button that opens Plex's page comes before the code.
      const before = find(isPhone ? 'actions' : 'words');
      if (before.nextElementSibling?.id !== 'steps') before.after(find('steps'));
      elsewhere.hidden = !isPhone;
      write(elsewhere, steps.goTo);
      copy.hidden = !steps.copy;
      copy.setAttribute('aria-disabled', `${!code}`);
      write(copy, (clipboard.isCopied ? strings.copied : steps.copy) ?? '');
      find('scan').hidden = isPhone;
      write(address, words);
      write(enter, strings.enter);
      write(spelled, heard);
      // Without the code, its address leads nowhere.
      address.hidden = enter.hidden = tiles.hidden = !isTyped;
      const characters = code || '\u00A0'.repeat(4);
      if (tiles.textContent !== characters) {
        tiles.replaceChildren(...[...characters].map((character) => create(['span', '', character])));
      }
      write(caption, steps.caption);
      picture.node.setAttribute('aria-label', scanned);
      if (!isPhone) void picture.draw(href);
    },
    get isCopied() {
      return clipboard.isCopied;
    },
    copy: (code, said, onChange) => clipboard.copy(code, said, onChange),
  };
}

/** The QR picture of an address. Its code is loaded when it is drawn; without it, the address stands beside it. */
class QRPictureNode {
  readonly node: HTMLElement;
  readonly #modules: HTMLElement;
  #drawn = '';

  constructor(create: (branch: Branch) => HTMLElement) {
    this.node = create(['svg', 'id=qr;role=img']);
    this.#modules = create(['path', 'id=modules']);
    this.node.append(this.#modules);
  }

  async draw(href: string): Promise<void> {
    if (href === this.#drawn) return;
    this.#drawn = href;
    this.node.removeAttribute('class');
    this.#modules.removeAttribute('d');
    if (!href) return;
    const drawing = await import('./qr-picture.ts').catch(() => undefined);
    if (href !== this.#drawn) return;
    if (!drawing) {
      this.#drawn = '';
      return;
    }
    const { size, path } = drawing.toQRPicture(href);
    this.node.setAttribute('viewBox', `0 0 ${size} ${size}`);
    this.#modules.setAttribute('d', path);
    // By a class: Chromium does not restyle when an SVG attribute in camelCase changes.
    this.node.setAttribute('class', 'drawn');
  }
}

/** Copies the code, and remembers for a moment that it did. */
class CodeClipboard {
  readonly #root: ShadowRoot;
  readonly #tiles: HTMLElement;
  readonly #page: Tools['page'];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: ShadowRoot, tiles: HTMLElement, page: Tools['page']) {
    this.#root = root;
    this.#tiles = tiles;
    this.#page = page;
  }

  get isCopied(): boolean {
    return this.#timer !== undefined;
  }

  async copy(code: string, said: string, onChange: () => void): Promise<void> {
    const page = this.#page();
    if (!page) return;
    try {
      await page.navigator.clipboard.writeText(code);
    } catch {
      page.document.getSelection()?.selectAllChildren(this.#tiles);
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      onChange();
    }, copiedMs);
    onChange();
    const live = this.#root.getElementById('live');
    if (live) write(live, said);
  }
}

function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
