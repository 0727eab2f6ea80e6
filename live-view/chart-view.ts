import { arrowsIn, type ChartArrow, pathOf } from './chart-path.ts';
import { narrowChart, wideChart } from './chart-picture.ts';
import { make, makeSVG, parsePicture } from './dom.ts';
import { toEventLabel } from './format.ts';
import type { EventEntry } from './history-entry.ts';

/** The picture of the chart, with the current state and the last step highlighted. */
export interface ChartView {
  readonly element: HTMLElement;
  /** Highlights where an event led. Without an event, nothing. */
  show(entry: EventEntry | undefined): void;
  /** The picture that is visible now. */
  picture(): SVGSVGElement;
}

/** One of the two pictures of the chart. */
interface Drawing {
  readonly svg: SVGSVGElement;
  /** Copies of the arrows that were just taken, on top of everything. */
  readonly lit: SVGGElement;
  readonly states: ReadonlyMap<string, Element>;
  /** Where labels go, by label and arrow. At most one for each transition. */
  readonly places: Map<string, Place>;
}

type Place = Record<'x' | 'y', string>;

/** Both pictures are in the document, and the width decides which one is visible. */
export function createChartView(document: Document): ChartView {
  const drawings = [draw(document, wideChart, 'wide'), draw(document, narrowChart, 'narrow')];
  const arrows = arrowsIn(wideChart);
  const element = make(document, 'div', { class: 'chart' }, ...drawings.map(({ svg }) => svg));
  let shown: EventEntry | undefined;
  let shownAfter: string | undefined;

  return {
    element,
    show(entry) {
      if (entry === shown && entry?.after === shownAfter) return;
      const isSameState = entry?.after === shownAfter && entry?.before === entry?.after;
      shown = entry;
      shownAfter = entry?.after;
      const after = entry?.after;
      const path = entry && after !== undefined ? pathOf(arrows, entry.before, entry.type, after) : [];
      for (const drawing of drawings) {
        lightState(drawing, after);
        if (path.length > 0 || !isSameState) lightPath(document, drawing, path, entry?.type ?? '');
      }
    },
    picture() {
      const seen = drawings.find(({ svg }) => svg.getClientRects().length > 0) ?? drawings[0];
      return (seen as Drawing).svg;
    },
  };
}

function draw(document: Document, markup: string, className: string): Drawing {
  const svg = parsePicture(document, markup);
  const lit = makeSVG(document, 'g', { class: 'lit' });
  svg.append(lit);
  svg.setAttribute('class', className);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'The chart of the sign-in');
  const states = [...svg.querySelectorAll('[data-state]')].map(
    (node) => [node.getAttribute('data-state') ?? '', node] as const,
  );
  return { svg, lit, states: new Map(states), places: new Map() };
}

function lightState({ svg, states }: Drawing, state: string | undefined): void {
  const id = state === undefined ? undefined : `pinAuth.${state}`;
  for (const [name, node] of states) {
    node.classList.toggle('on', name === id);
    node.classList.toggle('in', id?.startsWith(`${name}.`) === true);
  }
  svg.setAttribute('aria-label', `The chart of the sign-in${state === undefined ? '' : `: ${state}`}`);
}

/** Draws copies of the arrows, one after another along the way. */
function lightPath(document: Document, drawing: Drawing, path: readonly ChartArrow[], type: string): void {
  const { svg, lit } = drawing;
  const copies = path.map(({ from, to }, index) => {
    const arrow = svg.querySelector(`[data-from="${from}"][data-to="${to}"]`);
    const copy = arrow?.cloneNode(true) as SVGGElement | undefined;
    const line = copy?.querySelector('path');
    line?.setAttribute('pathLength', '1');
    copy?.style.setProperty('--turn', String(index));
    for (const text of copy?.querySelectorAll('text') ?? []) {
      const isTaken = text.getAttribute('data-event') === (index === 0 ? type : 'always');
      if (!isTaken) text.remove();
    }
    return copy;
  });
  lit.replaceChildren(...copies.filter((copy) => copy !== undefined));
  const [first] = copies;
  if (first && !first.querySelector('text')) addLabel(document, drawing, first, toEventLabel(type));
}

/** Labels an arrow that the picture leaves without a label. */
function addLabel(document: Document, drawing: Drawing, arrow: SVGGElement, label: string): void {
  const line = arrow.querySelector('path');
  if (!line) return;
  const key = `${label} ${line.getAttribute('d')}`;
  // Measured once, because it makes the browser compute the layout.
  const place = drawing.places.get(key) ?? placeOfLabel(drawing, line, label);
  if (!place) return;
  drawing.places.set(key, place);
  arrow.append(makeSVG(document, 'text', { ...place, class: 'named' }, label));
}

/**
 * Finds a place on the arrow that overlaps no state, or else its middle.
 *
 * @returns Undefined if the picture is not visible.
 */
function placeOfLabel({ svg }: Drawing, line: SVGPathElement, label: string): Place | undefined {
  if (line.getClientRects().length === 0) return undefined;
  const length = line.getTotalLength();
  const places = [0.5, 0.35, 0.65, 0.2, 0.8].map((share) => line.getPointAtLength(length * share));
  const boxes = [...svg.querySelectorAll<SVGRectElement>('[data-state]:not(.box) rect')].map((box) =>
    box.getBBox(),
  );
  const halfWidth = label.length * 4;
  const isFree = ({ x, y }: DOMPoint) =>
    !boxes.some(
      (box) =>
        x + halfWidth > box.x &&
        x - halfWidth < box.x + box.width &&
        y + 10 > box.y &&
        y - 10 < box.y + box.height,
    );
  const { x, y } = places.find(isFree) ?? (places[0] as DOMPoint);
  return { x: String(x), y: String(y) };
}
