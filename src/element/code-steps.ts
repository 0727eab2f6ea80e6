import { codeStyles } from './code-styles.ts';
import type { CodeSteps } from './screen.ts';
import type { PlexSignInStrings } from './strings.ts';
import type { toNode } from './structure.ts';
import type { addStyles } from './styles.ts';

/** What the element brings along: imported here, it would be cut out of it into a file of its own. */
interface Tools {
  readonly toNode: typeof toNode;
  readonly addStyles: typeof addStyles;
  /** What can be pressed now, in its order. */
  readonly controls: () => HTMLElement[];
}

const copiedMs = 2000;

/** The code, its address and its picture. Loaded in the mode `code` only. */
export interface CodeStepsPart {
  show(steps: CodeSteps, strings: PlexSignInStrings): void;
  /** Whether the code has just been copied. */
  readonly isCopied: boolean;
  /** Puts the code into the clipboard; where it may not, it is selected. */
  copy(code: string, onChange: () => void): Promise<void>;
}

/** Puts what the mode `code` needs into an element's shadow root. */
export function addCodeSteps(root: ShadowRoot, { toNode, addStyles, controls }: Tools): CodeStepsPart {
  addStyles(root, codeStyles);
  const address = toNode(['a', 'id=address;part=link;target=_blank;rel=noreferrer;dir=ltr']);
  const enter = toNode(['p', 'id=enter;part=text']);
  const tiles = toNode(['p', 'id=code;part=code;dir=ltr;aria-hidden=true']);
  const spelled = toNode(['p', 'class=heard;id=spelled']);
  const modules = toNode(['path', 'id=modules']);
  const qr = toNode(['svg', 'id=qr;role=img']);
  const caption = toNode(['p', 'id=caption;aria-hidden=true']);
  qr.append(modules);
  root.getElementById('steps')?.replaceChildren(address, enter, tiles, spelled);
  root.getElementById('scan')?.replaceChildren(qr, caption);
  root.getElementById('card')?.addEventListener('keydown', moveFocus);
  let drawn = '';
  let copiedTimer: ReturnType<typeof setTimeout> | undefined;

  /** Arrows lead from one control to the next, as on a remote control. */
  function moveFocus(event: KeyboardEvent): void {
    const { key } = event;
    if (!/^Arrow/.test(key) || event.altKey || event.ctrlKey || event.metaKey) return;
    const forth = root.querySelector('[dir=rtl]') ? 'ArrowLeft' : 'ArrowRight';
    const step = key === forth || key === 'ArrowDown' ? 1 : -1;
    const all = controls();
    const next = all[all.indexOf(root.activeElement as HTMLElement) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** The picture comes when it is needed, and is no loss where it does not: the address stands beside it. */
  async function draw(href: string): Promise<void> {
    if (href === drawn) return;
    drawn = href;
    qr.removeAttribute('class');
    modules.removeAttribute('d');
    if (!href) return;
    const drawing = await import('./qr-picture.ts').catch(() => undefined);
    if (href !== drawn) return;
    if (!drawing) {
      drawn = '';
      return;
    }
    const { size, path } = drawing.toQRPicture(href);
    qr.setAttribute('viewBox', `0 0 ${size} ${size}`);
    modules.setAttribute('d', path);
    // A class: Chromium does not style anew for an attribute of SVG's own spelling.
    qr.setAttribute('class', 'drawn');
  }

  return {
    show({ code, href, address: words, spelled: heard, scanned }, strings) {
      const isTyped = code !== '' || href === '';
      if (href) address.setAttribute('href', href);
      else address.removeAttribute('href');
      write(address, words);
      write(enter, strings.enter);
      write(spelled, heard);
      enter.hidden = tiles.hidden = !isTyped;
      const characters = code || '\u00A0'.repeat(4);
      if (tiles.textContent !== characters) {
        tiles.replaceChildren(...[...characters].map((character) => toNode(['span', '', character])));
      }
      write(caption, strings.scan);
      qr.setAttribute('aria-label', scanned);
      void draw(href);
    },
    get isCopied() {
      return copiedTimer !== undefined;
    },
    async copy(code, onChange) {
      try {
        await navigator.clipboard.writeText(code);
      } catch {
        getSelection()?.selectAllChildren(tiles);
        return;
      }
      clearTimeout(copiedTimer);
      copiedTimer = setTimeout(() => {
        copiedTimer = undefined;
        onChange();
      }, copiedMs);
      onChange();
      const live = root.getElementById('live');
      if (live) write(live, root.getElementById('main')?.textContent ?? '');
    },
  };
}

function write(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
