import { make, setText } from './dom.ts';
import type { RowText } from './timeline-text.ts';

/** In pixels. All lines have the same height, so that the place of a line gives its position. */
export const lineHeight = 32;

/** What a line of the timeline shows. */
interface LineContent {
  readonly place: number;
  /** How many lines there are. */
  readonly count: number;
  readonly text: RowText;
  /** `true` for folded polls, `false` for the first line of unfolded ones. */
  readonly isFolded: boolean | undefined;
  readonly isSelected: boolean;
}

/** One line in the document, which shows one row after another as the list is scrolled. */
export interface TimelineLine {
  readonly node: HTMLElement;
  /** The place of the row that it shows; -1 before the first. */
  readonly place: number;
  show(content: LineContent): void;
  hide(): void;
}

const parts = ['time', 'mark', 'title', 'target', 'side', 'fold'] as const;
type LineParts = Readonly<Record<(typeof parts)[number], HTMLElement>>;

export function createTimelineLine(document: Document): TimelineLine {
  const spans = Object.fromEntries(
    parts.map((name) => [name, make(document, 'span', { class: name })]),
  ) as LineParts;
  const { time, mark, title, target, side, fold } = spans;
  mark.setAttribute('aria-hidden', 'true');
  fold.setAttribute('aria-hidden', 'true');
  const words = make(document, 'span', { class: 'words' }, title, target);
  const node = make(document, 'div', { role: 'option' }, time, mark, words, side, fold);
  let place = -1;
  let shown = '';

  return {
    node,
    get place() {
      return place;
    },
    show(content) {
      if (node.hidden) node.hidden = false;
      // Written only if something changed: most lines stay as they are from frame to frame.
      const next = toKey(content);
      if (next === shown) return;
      shown = next;
      place = content.place;
      write(node, spans, content);
    },
    hide() {
      if (!node.hidden) node.hidden = true;
    },
  };
}

function toKey({ text, ...content }: LineContent): string {
  return [...Object.values(content), ...Object.values(text)].join();
}

function write(node: HTMLElement, spans: LineParts, content: LineContent): void {
  const { place, count, isFolded, isSelected } = content;
  const { time, title, target, side, mark, tone, isDim } = content.text;
  node.id = `row-${place}`;
  node.style.transform = `translateY(${place * lineHeight}px)`;
  node.className = [`row ${mark} ${tone}`, isDim && 'dim'].filter(Boolean).join(' ');
  node.setAttribute('aria-selected', String(isSelected));
  node.setAttribute('aria-posinset', String(place + 1));
  node.setAttribute('aria-setsize', String(count));
  node.title = [title, target && `→ ${target}`, side].filter(Boolean).join('  ');
  setText(spans.time, time);
  setText(spans.title, title);
  setText(spans.target, target);
  setText(spans.side, side);
  spans.fold.hidden = isFolded === undefined;
  setText(spans.fold, isFolded === false ? '▾' : '▸');
}
