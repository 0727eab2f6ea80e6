import { make, makeGlyph, makeSVG, setText } from './dom.ts';
import type { StatusText, Tone } from './status-text.ts';

/** Shows the state of the sign-in. */
export interface StatusView {
  readonly element: HTMLElement;
  /** @param waitShare How much of the wait has passed, from 0 to 1. */
  show(status: StatusText | undefined, waitShare: number | undefined): void;
  /** Makes a screen reader announce a text. */
  say(text: string): void;
}

const glyphs: Readonly<Record<Tone | 'none', string>> = {
  none: 'M4 12h3l3-8 4 16 3-8h3',
  quiet: 'M9 6v12M15 6v12',
  busy: 'M12 4v8l5 3.5',
  good: 'M4 12.5l5.5 5.5L20 6.5',
  bad: 'M12 4v10M12 19.5v.1',
};

const empty: StatusText = {
  tone: 'quiet',
  heading: 'Waiting for a sign-in',
  text: 'It will be shown here step by step.',
  deadline: undefined,
  wait: undefined,
  notes: [],
};

export function createStatusView(document: Document): StatusView {
  const arc = makeSVG(document, 'circle', { class: 'arc', cx: '32', cy: '32', r: '29', pathLength: '1' });
  const ring = makeSVG(
    document,
    'svg',
    { class: 'ring', viewBox: '0 0 64 64', 'aria-hidden': 'true' },
    makeSVG(document, 'circle', { class: 'track', cx: '32', cy: '32', r: '29' }),
    arc,
  );
  const glyph = makeGlyph(document, glyphs.none);
  const left = make(document, 'b', { class: 'left' });
  const badge = make(document, 'div', { class: 'badge' }, ring, glyph, left);
  const heading = make(document, 'h2');
  const text = make(document, 'p', { class: 'text' });
  const notes = make(document, 'ul', { class: 'notes', 'aria-label': 'Details' });
  const bar = make(document, 'div', { class: 'bar' });
  const wait = make(document, 'div', { class: 'wait', 'aria-hidden': 'true' }, bar);
  const live = make(document, 'p', { class: 'heard', role: 'status' });
  const words = make(document, 'div', { class: 'words' }, heading, text);
  const element = make(document, 'section', { class: 'status card' }, badge, words, notes, wait, live);
  element.setAttribute('aria-label', 'Status');

  return {
    element,
    show(status, waitShare) {
      const { tone, heading: title, text: words, deadline, notes: all, wait: waiting } = status ?? empty;
      element.dataset['tone'] = status ? tone : 'none';
      setText(heading, title);
      setText(text, words);
      setText(left, deadline?.left ?? '');
      badge.classList.toggle('timed', deadline !== undefined);
      if (deadline) badge.setAttribute('title', 'Until the code ends');
      else badge.removeAttribute('title');
      arc.style.strokeDasharray = deadline ? `${deadline.share} 2` : '';
      const line = glyph.querySelector('path');
      const lines = status ? glyphs[tone] : glyphs.none;
      if (line?.getAttribute('d') !== lines) line?.setAttribute('d', lines);
      const shown = [deadline && `code ends in ${deadline.left}`, waiting, ...all];
      showNotes(
        document,
        notes,
        shown.filter((note) => note !== undefined),
      );
      wait.classList.toggle('on', waitShare !== undefined);
      bar.style.transform = `scaleX(${(waitShare ?? 0).toFixed(3)})`;
    },
    say: (words) => setText(live, words),
  };
}

function showNotes(document: Document, list: HTMLElement, notes: readonly string[]): void {
  while (list.children.length > notes.length) list.lastChild?.remove();
  for (const [index, note] of notes.entries()) {
    const item = list.children[index] ?? list.appendChild(make(document, 'li'));
    setText(item, note);
    item.classList.toggle('bad', /^\d+ failure|error|^PLEX_/.test(note));
    // The ring shows it.
    item.classList.toggle('heard', /^code ends/.test(note));
  }
}
