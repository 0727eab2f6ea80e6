import type { SignIn } from './history.ts';
import { make, setText } from './nodes.ts';
import type { Realm } from './take-away.ts';
import type { TimelineRow } from './timeline-rows.ts';
import { textOfRow } from './timeline-text.ts';

/** In pixels. All lines are as high, so that any of them is found by its number alone. */
const rowHeight = 32;
/** Lines beyond the edges, so that a fast finger sees no gap. */
const spare = 8;

/** The timeline. Only what can be seen of it is in the document. */
export interface TimelineView {
  readonly element: HTMLElement;
  /**
   * @param selected The line that the rest of the page shows; -1 for none.
   * @param foldOf Whether a line stands for folded polls, or begins unfolded ones.
   */
  show(
    rows: readonly TimelineRow[],
    signIn: SignIn | undefined,
    selected: number,
    foldOf: (place: number) => boolean | undefined,
  ): void;
  /** Scrolls a line into sight. */
  reveal(place: number): void;
  /** Goes to the end, and stays there. */
  follow(): void;
  close(): void;
}

/** What it tells. */
export interface TimelineListener {
  onPick(place: number): void;
  /** The polls of a line are to be seen one by one, or as one line again. */
  onFold(place: number): void;
}

export function createTimelineView(document: Document, { onPick, onFold }: TimelineListener): TimelineView {
  const space = make(document, 'div', { class: 'space' });
  const list = make(
    document,
    'div',
    { class: 'rows', role: 'listbox', tabindex: '0', 'aria-label': 'Timeline' },
    space,
  );
  const newest = make(document, 'button', { type: 'button', class: 'newest', hidden: '' }, 'Newest ↓');
  const element = make(document, 'div', { class: 'timeline' }, list, newest);
  const lines: Line[] = [];
  let rows: readonly TimelineRow[] = [];
  let signIn: SignIn | undefined;
  let selected = -1;
  let foldOf: (place: number) => boolean | undefined = () => undefined;
  let isFollowing = true;
  /** As the list told last: to ask it makes the browser lay the page out. */
  let top = 0;
  let height = 0;

  function layOut(): void {
    const first = Math.max(0, Math.floor(top / rowHeight) - spare);
    const count = Math.ceil(height / rowHeight) + 2 * spare;
    const last = Math.min(rows.length, first + count);
    for (const line of lines) line.isUsed = false;
    for (let place = first; place < last; place++) fill(lineFor(place, count), place);
    for (const line of lines) if (line.node.hidden === line.isUsed) line.node.hidden = !line.isUsed;
    if (selected >= first && selected < last) list.setAttribute('aria-activedescendant', `row-${selected}`);
    else list.removeAttribute('aria-activedescendant');
  }

  /** A line keeps its node while it is in sight. */
  function lineFor(place: number, count: number): Line {
    const slot = place % (count + 1);
    for (let made = lines.length; made <= slot; made++) {
      const line = createLine(document);
      lines.push(line);
      space.append(line.node);
    }
    return lines[slot] as Line;
  }

  function fill(line: Line, place: number): void {
    const row = rows[place];
    if (!row) return;
    const { time, title, target, side, mark, tone, isDim } = textOfRow(row, signIn);
    const { node } = line;
    const folded = foldOf(place);
    const isSelected = place === selected;
    const next = [
      place,
      rows.length,
      time,
      title,
      target,
      side,
      mark,
      tone,
      isDim,
      folded,
      isSelected,
    ].join();
    line.isUsed = true;
    if (next === line.shown) return;
    line.shown = next;
    line.place = place;
    node.id = `row-${place}`;
    node.style.transform = `translateY(${place * rowHeight}px)`;
    node.className = [`row ${mark} ${tone}`, isDim && 'dim'].filter(Boolean).join(' ');
    node.setAttribute('aria-selected', String(isSelected));
    node.setAttribute('aria-posinset', String(place + 1));
    node.setAttribute('aria-setsize', String(rows.length));
    setText(line.time, time);
    setText(line.title, title);
    setText(line.target, target);
    setText(line.side, side);
    line.fold.hidden = folded === undefined;
    setText(line.fold, folded === false ? '▾' : '▸');
    node.title = [title, target && `→ ${target}`, side].filter(Boolean).join('  ');
  }

  /** The lines first, then the list: the page is laid out once. */
  function scrollTo(wanted: number): void {
    top = Math.min(Math.max(0, wanted), Math.max(0, rows.length * rowHeight - height));
    layOut();
    list.scrollTop = top;
  }

  function noteScroll(): void {
    const { scrollTop, clientHeight } = list;
    // What was scrolled to by itself, or moved as the list grew, says nothing of the user.
    if (Math.abs(scrollTop - top) < 1 || clientHeight !== height) return;
    top = scrollTop;
    isFollowing = top + height >= rows.length * rowHeight - rowHeight / 2;
    newest.hidden = isFollowing;
    layOut();
  }

  function placeOf(event: Event): number {
    const node = (event.target as Element).closest('.row');
    return lines.find((line) => line.node === node)?.place ?? -1;
  }

  const { ResizeObserver } = document.defaultView as Realm;
  const sizes = new ResizeObserver(() => {
    height = list.clientHeight;
    scrollTo(isFollowing ? rows.length * rowHeight : top);
  });
  sizes.observe(list);
  list.addEventListener('scroll', noteScroll, { passive: true });
  list.addEventListener('click', (event) => {
    const place = placeOf(event);
    if (place < 0) return;
    if ((event.target as Element).closest('.fold')) onFold(place);
    else onPick(place);
  });
  list.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && selected >= 0) onFold(selected);
  });
  newest.addEventListener('click', () => view.follow());

  const view: TimelineView = {
    element,
    show(nextRows, nextSignIn, nextSelected, nextFoldOf) {
      [rows, signIn, selected, foldOf] = [nextRows, nextSignIn, nextSelected, nextFoldOf];
      const spaceHeight = `${rows.length * rowHeight}px`;
      if (space.style.height !== spaceHeight) space.style.height = spaceHeight;
      if (isFollowing) scrollTo(rows.length * rowHeight);
      else layOut();
    },
    reveal(place) {
      isFollowing = false;
      const placeTop = place * rowHeight;
      if (placeTop < top) scrollTo(placeTop);
      else if (placeTop + rowHeight > top + height) scrollTo(placeTop + rowHeight - height);
    },
    follow() {
      isFollowing = true;
      newest.hidden = true;
      scrollTo(rows.length * rowHeight);
    },
    close: () => sizes.disconnect(),
  };
  return view;
}

interface Line {
  readonly node: HTMLElement;
  readonly time: HTMLElement;
  readonly title: HTMLElement;
  readonly target: HTMLElement;
  readonly side: HTMLElement;
  readonly fold: HTMLElement;
  place: number;
  isUsed: boolean;
  /** What it says, to see whether it is to be changed. */
  shown: string;
}

function createLine(document: Document): Line {
  const part = (name: string) => make(document, 'span', { class: name });
  const [time, mark, title, target, side, fold] = [
    part('time'),
    part('mark'),
    part('title'),
    part('target'),
    part('side'),
    part('fold'),
  ];
  mark.setAttribute('aria-hidden', 'true');
  fold.setAttribute('aria-hidden', 'true');
  const words = make(document, 'span', { class: 'words' }, title, target);
  const node = make(document, 'div', { role: 'option' }, time, mark, words, side, fold);
  return { node, time, title, target, side, fold, place: -1, isUsed: false, shown: '' };
}
