import type { Realm } from './clipboard-and-download.ts';
import { make } from './dom.ts';
import type { SignIn } from './history-entry.ts';
import { createTimelineLine, lineHeight, type TimelineLine } from './timeline-line.ts';
import type { TimelineRow } from './timeline-rows.ts';
import { textOfRow } from './timeline-text.ts';

export interface TimelineListener {
  onPick(place: number): void;
  /** The user folds or unfolds the polls of a line. */
  onFold(place: number): void;
}

/** What the timeline shows. */
export interface TimelineContent {
  readonly rows: readonly TimelineRow[];
  /** Whether in plain words. */
  readonly isPlain: boolean;
  readonly signIn: SignIn | undefined;
  /** The place of the selected line; -1 for none. */
  readonly place: number;
  isFoldedAt(place: number): boolean | undefined;
}

/** Lines beyond the edges, so that fast scrolling shows no gap. */
const spareLines = 8;
const nothing: TimelineContent = {
  rows: [],
  isPlain: true,
  signIn: undefined,
  place: -1,
  isFoldedAt: () => undefined,
};

/** The timeline. Only the lines in sight are in the document. */
export class TimelineView {
  readonly element: HTMLElement;
  readonly #document: Document;
  readonly #space: HTMLElement;
  readonly #list: HTMLElement;
  readonly #newest: HTMLButtonElement;
  readonly #sizes: ResizeObserver;
  readonly #lines: TimelineLine[] = [];
  #content: TimelineContent = nothing;
  #isFollowing = true;
  /** As last read from the list: reading makes the browser compute the layout. */
  #top = 0;
  #height = 0;

  constructor(document: Document, listener: TimelineListener) {
    this.#document = document;
    this.#space = make(document, 'div', { class: 'space' });
    const attributes = { class: 'rows', role: 'listbox', tabindex: '0', 'aria-label': 'Timeline' };
    this.#list = make(document, 'div', attributes, this.#space);
    this.#newest = make(document, 'button', { type: 'button', class: 'newest', hidden: '' }, 'Newest ↓');
    this.element = make(document, 'div', { class: 'timeline' }, this.#list, this.#newest);
    const { ResizeObserver } = document.defaultView as Realm;
    this.#sizes = new ResizeObserver(() => this.#resize());
    this.#sizes.observe(this.#list);
    this.#listen(listener);
  }

  show(content: TimelineContent): void {
    this.#content = content;
    const height = `${content.rows.length * lineHeight}px`;
    if (this.#space.style.height !== height) this.#space.style.height = height;
    if (this.#isFollowing) this.#scrollTo(this.#end);
    else this.#layOut();
  }

  /** Scrolls a line into sight. */
  reveal(place: number): void {
    this.#isFollowing = false;
    const lineTop = place * lineHeight;
    if (lineTop < this.#top) this.#scrollTo(lineTop);
    else if (lineTop + lineHeight > this.#top + this.#height)
      this.#scrollTo(lineTop + lineHeight - this.#height);
  }

  /** Scrolls to the end, and stays there. */
  follow(): void {
    this.#isFollowing = true;
    this.#newest.hidden = true;
    this.#scrollTo(this.#end);
  }

  close(): void {
    this.#sizes.disconnect();
  }

  get #end(): number {
    return this.#content.rows.length * lineHeight;
  }

  #listen({ onPick, onFold }: TimelineListener): void {
    const list = this.#list;
    list.addEventListener('scroll', () => this.#noteScroll(), { passive: true });
    list.addEventListener('click', ({ target }) => {
      const place = this.#placeOf(target as Element);
      if (place < 0) return;
      if ((target as Element).closest('.fold')) onFold(place);
      else onPick(place);
    });
    list.addEventListener('keydown', ({ key }) => {
      if (key === 'Enter' && this.#content.place >= 0) onFold(this.#content.place);
    });
    this.#newest.addEventListener('click', () => this.follow());
  }

  #layOut(): void {
    const { rows, place: selected } = this.#content;
    const first = Math.max(0, Math.floor(this.#top / lineHeight) - spareLines);
    const count = Math.ceil(this.#height / lineHeight) + 2 * spareLines;
    const last = Math.min(rows.length, first + count);
    const used = new Set<TimelineLine>();
    for (let place = first; place < last; place++) used.add(this.#showRow(place, count));
    for (const line of this.#lines) if (!used.has(line)) line.hide();
    if (selected >= first && selected < last)
      this.#list.setAttribute('aria-activedescendant', `row-${selected}`);
    else this.#list.removeAttribute('aria-activedescendant');
  }

  #showRow(place: number, count: number): TimelineLine {
    const { rows, isPlain, signIn, place: selected, isFoldedAt } = this.#content;
    const line = this.#lineFor(place, count);
    const text = textOfRow(rows[place] as TimelineRow, signIn, isPlain);
    const isSelected = place === selected;
    line.show({ place, count: rows.length, text, isFolded: isFoldedAt(place), isSelected });
    return line;
  }

  /** A row keeps its line while it is in sight. */
  #lineFor(place: number, count: number): TimelineLine {
    const slot = place % (count + 1);
    while (this.#lines.length <= slot) {
      const line = createTimelineLine(this.#document);
      this.#lines.push(line);
      this.#space.append(line.node);
    }
    return this.#lines[slot] as TimelineLine;
  }

  #resize(): void {
    this.#height = this.#list.clientHeight;
    this.#scrollTo(this.#isFollowing ? this.#end : this.#top);
  }

  /** Writes the lines first and scrolls then, so that the browser computes the layout once. */
  #scrollTo(wanted: number): void {
    this.#top = Math.min(Math.max(0, wanted), Math.max(0, this.#end - this.#height));
    this.#layOut();
    this.#list.scrollTop = this.#top;
  }

  #noteScroll(): void {
    const { scrollTop, clientHeight } = this.#list;
    // Our own scrolling, and what moved because the list grew, is not the user's doing.
    if (Math.abs(scrollTop - this.#top) < 1 || clientHeight !== this.#height) return;
    this.#top = scrollTop;
    this.#isFollowing = this.#top + this.#height >= this.#end - lineHeight / 2;
    this.#newest.hidden = this.#isFollowing;
    this.#layOut();
  }

  #placeOf(target: Element): number {
    const node = target.closest('.row');
    return this.#lines.find((line) => line.node === node)?.place ?? -1;
  }
}
