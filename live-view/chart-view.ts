import { type ChartWay, pathOf, toWay, waysIn } from './chart-path.ts';
import { narrowChart, wideChart } from './chart-picture.ts';
import { make, makeButton, makeSVG, parsePicture, setLabel, switchOff } from './dom.ts';
import type { EventEntry } from './history-entry.ts';

/** The picture of the chart, with the current state and the last step highlighted. */
export interface ChartView {
  readonly element: HTMLElement;
  /** Highlights where an event led. Without an event, nothing. */
  show(entry: EventEntry | undefined): void;
  showReplay(state: 'none' | 'possible' | 'running'): void;
  /** The picture that is visible now. */
  picture(): SVGSVGElement;
}

/** One of the two pictures of the chart. */
interface Drawing {
  readonly svg: SVGSVGElement;
  /** Copies of the arrows that were just taken, on top of everything. */
  readonly lit: SVGGElement;
  readonly states: ReadonlyMap<string, Element>;
  /** The arrow or the line of the legend of each transition. */
  readonly marks: ReadonlyMap<string, Element>;
}

const replayGlyph = 'M4 5v5h5M4.6 10a8 8 0 1 1-.4 5';

/** Both pictures are in the document, and the width decides which one is visible. */
export function createChartView(document: Document, onReplay: () => void): ChartView {
  const drawings = [draw(document, wideChart, 'wide'), draw(document, narrowChart, 'narrow')];
  const ways = waysIn(wideChart);
  const replay = makeButton(document, 'Replay', replayGlyph, { class: 'replay quiet' }, 'Replay');
  const pictures = drawings.map(({ svg }) => svg);
  const element = make(document, 'div', { class: 'chart' }, ...pictures, replay);
  let shown: EventEntry | undefined;
  let shownAfter: string | undefined;
  replay.addEventListener('click', onReplay);

  return {
    element,
    show(entry) {
      if (entry === shown && entry?.after === shownAfter) return;
      const isSameState = entry?.after === shownAfter && entry?.before === entry?.after;
      shown = entry;
      shownAfter = entry?.after;
      const path = pathOfEntry(ways, entry);
      for (const drawing of drawings) {
        lightState(drawing, entry?.after);
        if (path.length > 0 || !isSameState) lightPath(drawing, path);
      }
    },
    showReplay(state) {
      switchOff(replay, state === 'none');
      setLabel(replay, state === 'running' ? 'Stop' : 'Replay');
      element.classList.toggle('replaying', state === 'running');
    },
    picture() {
      const seen = drawings.find(({ svg }) => svg.getClientRects().length > 0) ?? drawings[0];
      return (seen as Drawing).svg;
    },
  };
}

function pathOfEntry(ways: readonly ChartWay[], entry: EventEntry | undefined): readonly ChartWay[] {
  return entry?.after === undefined ? [] : pathOf(ways, entry.before, entry.type, entry.after);
}

function draw(document: Document, markup: string, className: string): Drawing {
  const svg = parsePicture(document, markup);
  const lit = makeSVG(document, 'g', { class: 'lit' });
  // Within the group that all states and arrows are moved by.
  (svg.querySelector('g') ?? svg).append(lit);
  svg.setAttribute('class', className);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'The chart of the sign-in');
  const states = [...svg.querySelectorAll('[data-state]')].map(
    (node) => [node.getAttribute('data-state') ?? '', node] as const,
  );
  const marks = [...svg.querySelectorAll('[data-ways]')].flatMap((node) =>
    (node.getAttribute('data-ways') ?? '').split(',').map((way) => [keyOf(toWay(way)), node] as const),
  );
  return { svg, lit, states: new Map(states), marks: new Map(marks) };
}

function lightState({ svg, states }: Drawing, state: string | undefined): void {
  const id = state === undefined ? undefined : `pinAuth.${state}`;
  for (const [name, node] of states) {
    node.classList.toggle('on', name === id);
    node.classList.toggle('in', id?.startsWith(`${name}.`) === true);
  }
  svg.setAttribute('aria-label', `The chart of the sign-in${state === undefined ? '' : `: ${state}`}`);
}

/**
 * Draws copies of the arrows, one after another along the way, and highlights the lines of the legend. The copies' words are
 * wider than those that they cover.
 */
function lightPath({ svg, lit, marks }: Drawing, path: readonly ChartWay[]): void {
  for (const mark of svg.querySelectorAll('.taken, .covered')) mark.classList.remove('taken', 'covered');
  const copies: SVGGElement[] = [];
  for (const way of path) {
    const mark = marks.get(keyOf(way));
    if (mark?.classList.contains('legend')) {
      mark.classList.add('taken');
    } else if (mark) {
      const copy = mark.cloneNode(true) as SVGGElement;
      copy.classList.remove('covered');
      copy.querySelector('path')?.setAttribute('pathLength', '1');
      copy.style.setProperty('--turn', String(copies.length));
      copies.push(copy);
      mark.classList.add('covered');
    }
  }
  lit.replaceChildren(...copies);
}

function keyOf({ event, from, to }: ChartWay): string {
  return `${event} ${from} ${to}`;
}
