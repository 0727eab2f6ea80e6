import type { CodeStepsPart } from './code-steps.ts';
import type { CodeSteps, PlexSignInLook, Screen } from './scene.ts';
import type { PlexSignInStrings } from './strings.ts';
import { badge, glyphs, live, toCard, toNode } from './structure.ts';
import { addStyles, styles } from './styles.ts';

/** What a card shows. */
export interface CardContent {
  readonly screen: Screen;
  readonly strings: PlexSignInStrings;
  readonly language: string;
  readonly mode: string;
  readonly look: PlexSignInLook;
  /** The level of the heading, 1 to 6. */
  readonly level: number;
  /** What shows a code. Without it, the code is said in words. */
  readonly codeSteps: CodeStepsPart | undefined;
  /** Whether the store has failed, so that nothing can be saved. */
  readonly isUnsaved: boolean;
}

/** The nodes in the element's shadow root, and how a screen is written into them. */
export class Card {
  readonly root: ShadowRoot;

  /** @param root Empty, or as a server wrote it: its nodes are taken over as they are. */
  constructor(root: ShadowRoot) {
    this.root = root;
    if (!root.getElementById('card'))
      root.append(toNode(toCard(badge), root.ownerDocument), toNode(live, root.ownerDocument));
    addStyles(root, styles);
  }

  /** Shows a screen. */
  show({ screen, strings, language, mode, look, level, codeSteps, isUnsaved }: CardContent): void {
    const { icon, heading, text, main, link, note, quiet } = screen;
    const steps = codeSteps && screen.steps;
    this.#setLevel(level);
    const card = this.find('card');
    const wasDone = card.getAttribute('data-icon') === 'done';
    const isOtherLayout = !steps === card.hasAttribute('data-steps') || wasDone !== (icon === 'done');
    const isOtherHeading = this.find('heading').textContent !== heading;
    setAttributes(card, {
      lang: language,
      dir: strings.direction,
      'data-mode': mode,
      'data-look': look,
      'data-icon': icon,
      'data-steps': steps && layoutOf(steps),
    });
    setAttributes(this.find('badge'), { 'data-icon': icon });
    setAttributes(this.find('lines'), { d: glyphs[icon] ?? glyphs.person });
    // What the application says stands on the first screen; later ones have something of their own to say.
    const isFirst = icon === 'person';
    setAttributes(this.find('logo'), { name: isFirst || icon === 'busy' ? 'logo' : 'unused' });
    setAttributes(this.find('intro'), { name: isFirst ? 'intro' : 'unused' });
    setAttributes(this.find('foot'), { name: isFirst ? 'footnote' : 'unused' });
    this.write('heading', heading);
    // A long name is cut.
    setAttributes(this.find('heading'), { title: icon === 'done' ? heading : undefined });
    this.write('text', steps ? text : note || text);
    this.write('footnote', isUnsaved && icon !== 'fault' ? strings.unsaved : screen.footnote);
    this.write('main', main?.command === 'copy' && codeSteps?.isCopied ? strings.copied : main?.label);
    this.write('link', link?.label);
    this.write('quiet', quiet?.label);
    setAttributes(this.find('main'), {
      class: main?.isMain ? 'main' : '',
      'aria-disabled': main?.isBusy ? 'true' : undefined,
    });
    setAttributes(this.find('link'), {
      class: link?.isMain ? 'main' : '',
      href: link?.href || undefined,
      target: link?.isNewTab ? '_blank' : '',
    });
    for (const id of ['steps', 'scan']) this.find(id).hidden = !steps;
    codeSteps?.show(steps, strings);
    if (isOtherLayout) this.#layOutAnew('body');
    // A heading of two lines after one of one line.
    else if (isOtherHeading) this.#layOutAnew('intro');
  }

  /** Writes a text if it differs, and hides a node without one. */
  write(id: string, text: string | null = ''): void {
    const node = this.find(id);
    if (node.textContent !== text) node.textContent = text;
    node.hidden = !text && id !== 'live';
  }

  /** The buttons and links that can be used now, in their order. */
  controls(): HTMLElement[] {
    const controls = this.root.querySelectorAll<HTMLElement>('button,a[href]');
    return [...controls].filter((control) => !control.closest('[hidden]'));
  }

  find(id: string): HTMLElement {
    return this.root.getElementById(id) as HTMLElement;
  }

  /** What another screen shows is no shift of what the last one showed: it is laid out as new, within one frame. */
  #layOutAnew(id: string): void {
    const node = this.find(id);
    node.hidden = true;
    void node.offsetWidth;
    node.hidden = false;
  }

  #setLevel(level: number): void {
    const heading = this.find('heading');
    if (heading.localName === `h${level}`) return;
    const { ownerDocument, textContent } = heading;
    const other = toNode([`h${level}`, 'id=heading;part=heading;tabindex=-1', textContent], ownerDocument);
    heading.replaceWith(other);
  }
}

/** How the steps lie: below what a phone opens itself, beside their picture, or as the picture alone. */
function layoutOf({ isPhone, code, href }: CodeSteps): string {
  if (isPhone) return 'phone';
  return code || !href ? '' : 'scan';
}

/** Sets attributes that differ, and removes those without a value. */
export function setAttributes(node: Element, attributes: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
}

/** Whether a node is laid out. */
export function isSeen(node: Element): boolean {
  return node.getClientRects().length > 0;
}
