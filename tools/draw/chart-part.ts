/** A piece of the chart's picture that is laid out already: to the next step it is one node with doors. */
import type { AnyStateNode } from 'xstate';
import type { StoryArrow } from './chart-story.ts';
import { noteOf } from './chart-words.ts';
import { type Box, labelSize, lineHeight, moved, type Point, type Side, type Size } from './elk-graph.ts';
import { textWidth, wrap } from './text-width.ts';

/** `wide` leads from left to right, with the other states below; `narrow` from top to bottom, with them at the right. */
export type Orientation = 'wide' | 'narrow';

export interface PlacedText extends Point {
  readonly text: string;
  readonly anchor: 'start' | 'middle' | 'end';
}

export interface PlacedArrow {
  readonly arrow: StoryArrow;
  readonly points: readonly Point[];
  readonly label: readonly PlacedText[];
}

/** Where an arrow leaves or enters a part. */
export interface Door extends Point {
  readonly side: Side;
  /** The way from the state inside to the door, both included. */
  readonly tail: readonly Point[];
}

export interface ChartPart extends Size {
  readonly id: string;
  readonly boxes: ReadonlyMap<AnyStateNode, Box>;
  /** The arrows inside. */
  readonly arrows: readonly PlacedArrow[];
  readonly doors: ReadonlyMap<StoryArrow, Door>;
  /** The labels of arrows that leave it, as far as they are placed. */
  readonly labels: ReadonlyMap<StoryArrow, readonly PlacedText[]>;
}

export const nameSize = 14;
const noteSize = 12;
const narrowNotePx = 72;
/** How far an arrow back is from the one that it is the way back of. */
const backPx = 16;

/** The lines below a state's name. */
export function noteLines(state: AnyStateNode, orientation: Orientation): string[] {
  const note = noteOf(state);
  if (!note || orientation === 'wide') return note ? [note] : [];
  return wrap(note, noteSize, Math.max(narrowNotePx, textWidth(state.key, nameSize, true)));
}

export function sizeOf(state: AnyStateNode, orientation: Orientation): Size {
  const notes = noteLines(state, orientation);
  const widest = Math.max(
    textWidth(state.key, nameSize, true),
    ...notes.map((note) => textWidth(note, noteSize)),
  );
  const padding = orientation === 'wide' ? 15 : 13;
  return { width: Math.ceil(widest + padding), height: 34 + notes.length * 14 - (notes.length > 0 ? 2 : 0) };
}

/** A state without states inside. */
export function toPart(
  state: AnyStateNode,
  arrows: readonly StoryArrow[],
  sideOf: (arrow: StoryArrow, state: AnyStateNode) => Side,
  orientation: Orientation,
): ChartPart {
  const { width, height } = sizeOf(state, orientation);
  const own = arrows.filter(({ from, to }) => from === state || to === state);
  const doors = new Map<StoryArrow, Door>();
  for (const side of ['NORTH', 'EAST', 'SOUTH', 'WEST'] as const) {
    const here = own.filter((arrow) => sideOf(arrow, state) === side);
    const hasUsual = here.some(({ kind }) => kind === 'usual');
    for (const [index, arrow] of here.entries()) {
      const byPx = hasUsual && arrow.kind !== 'usual' ? backPx : 0;
      const isLevel = side === 'EAST' || side === 'WEST';
      const share = hasUsual ? 0.5 : doorShare(index, here.length, isLevel);
      const at = isLevel
        ? { x: side === 'EAST' ? width : 0, y: height * share + byPx }
        : { x: width * share + byPx, y: side === 'SOUTH' ? height : 0 };
      doors.set(arrow, { ...at, side, tail: [at] });
    }
  }
  const boxes = new Map([[state, { x: 0, y: 0, width, height }]]);
  return { id: state.id, width, height, boxes, arrows: [], doors, labels: new Map() };
}

/** Labels have more room at both sides of two arrows than between them, but not above and below. */
function doorShare(index: number, count: number, isLevel: boolean): number {
  const edge = isLevel ? 0.17 : 0.35;
  return count === 1 ? 0.5 : edge + (index / (count - 1)) * (1 - 2 * edge);
}

export function movedBox(box: Box, by: Point): Box {
  return { ...box, ...moved(box, by) };
}

export function movedArrow({ arrow, points, label }: PlacedArrow, by: Point): PlacedArrow {
  return { arrow, points: points.map((point) => moved(point, by)), label: movedTexts(label, by) };
}

function movedTexts(texts: readonly PlacedText[], by: Point): PlacedText[] {
  return texts.map((text) => ({ ...text, ...moved(text, by) }));
}

/** The lines of a label below one another. @param top Where the first one begins. */
export function stackedLabel(
  words: readonly string[],
  { x, y }: Point,
  anchor: PlacedText['anchor'] = 'start',
): PlacedText[] {
  return words.map((text, index) => ({ text, anchor, x, y: y + labelSize - 1 + index * lineHeight }));
}
