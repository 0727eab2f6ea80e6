import type { ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { AnyStateNode } from 'xstate';
import {
  type ChartPart,
  type Door,
  movedArrow,
  movedBox,
  type Orientation,
  type PlacedArrow,
  type PlacedText,
  stackedLabel,
  toPart,
} from './chart-part.ts';
import { isComposite } from './chart-parts.ts';
import { type ChartStory, type StoryArrow, topOf } from './chart-story.ts';
import {
  type Box,
  boxIn,
  edge,
  fixedPort,
  labelAt,
  layOutGraph,
  moved,
  type Point,
  pointsOf,
  type Side,
  type Size,
} from './elk-graph.ts';
import { layOutComposite } from './lay-out-composite.ts';

/** The machine's first dot. */
const entryID = 'entry';
const dotPx = 10;
/** Room for the labels of what leaves the spine. */
const flankPx = { wide: 44, narrow: 6 };

export interface Spine extends ChartPart {
  /** The line from the first dot to the first state. */
  readonly entry: readonly Point[];
}

/** What is laid out: the parts of the usual way, and the arrows from one of them to another. */
interface SpinePlan {
  readonly parts: readonly ChartPart[];
  readonly along: readonly StoryArrow[];
  readonly orientation: Orientation;
}

/** Lays out the usual way as one straight line. */
export async function layOutSpine(story: ChartStory, orientation: Orientation): Promise<Spine> {
  const plan = await planSpine(story, orientation);
  const laidOut = await layOutPlan(plan);
  const isWide = orientation === 'wide';
  const size = {
    width: (laidOut.width ?? 0) + (isWide ? 0 : flankPx.narrow),
    height: (laidOut.height ?? 0) + (isWide ? flankPx.wide : 0),
  };
  const placed = plan.parts.map((part) => ({ part, by: boxIn(laidOut, part.id) }));
  const boxes = placed.flatMap(({ part, by }) =>
    [...part.boxes].map(([state, box]) => [state, movedBox(box, by)] as const),
  );
  const inside = placed.flatMap(({ part, by }) => part.arrows.map((arrow) => movedArrow(arrow, by)));
  const doors = placed.flatMap(({ part, by }) =>
    [...part.doors]
      .filter(([arrow]) => !plan.along.includes(arrow))
      .map(([arrow, door]) => [arrow, toFlank(door, by, size, orientation)] as const),
  );
  return {
    id: 'spine',
    ...size,
    boxes: new Map(boxes),
    arrows: [...inside, ...plan.along.map((arrow) => placeAlong(arrow, plan, laidOut))],
    doors: new Map(doors),
    labels: new Map(),
    entry: pointsOf(laidOut, entryID),
  };
}

/** Lays out each part by itself, with its doors where arrows are to leave and enter it. */
async function planSpine(story: ChartStory, orientation: Orientation): Promise<SpinePlan> {
  const tops = [...new Set(story.spine.map(topOf))];
  const sideOf = (arrow: StoryArrow, state: AnyStateNode) => sideAt(arrow, state, story, orientation);
  const ordered = story.arrows.toSorted((one, other) => rankOf(one, story) - rankOf(other, story));
  const parts = await Promise.all(
    tops.map((state) =>
      isComposite(state)
        ? layOutComposite(state, ordered, sideOf, orientation)
        : toPart(state, ordered, sideOf, orientation),
    ),
  );
  const along = story.arrows.filter(
    ({ from, to }) => topOf(from) !== topOf(to) && tops.includes(topOf(from)) && tops.includes(topOf(to)),
  );
  return { parts, along, orientation };
}

/** Leads the parts and the first dot, each as one node, along a line. */
function layOutPlan(plan: SpinePlan): Promise<ElkNode> {
  const { along, parts } = plan;
  const isWide = plan.orientation === 'wide';
  const edges = along.map((arrow) => {
    const ends = [portID(arrow, partOf(arrow.from, plan)), portID(arrow, partOf(arrow.to, plan))] as const;
    return edge(idOf(arrow), ends, arrow.words, arrow.kind === 'usual');
  });
  return layOutGraph(
    isWide ? 'RIGHT' : 'DOWN',
    {
      children: [entryNode(isWide), ...parts.map((part) => toNode(part, plan))],
      edges: [edge(entryID, ['entry out', 'entry in'], [], true), ...edges],
    },
    {
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
      'elk.layered.spacing.nodeNodeBetweenLayers': isWide ? '12' : '16',
      'elk.layered.spacing.edgeNodeBetweenLayers': isWide ? '8' : '6',
      'elk.spacing.edgeLabel': isWide ? '3' : '6',
      'elk.spacing.nodeNode': '8',
      'elk.spacing.edgeNode': '8',
    },
  );
}

function entryNode(isWide: boolean): ElkNode {
  const out = isWide ? { x: dotPx, y: dotPx / 2 } : { x: dotPx / 2, y: dotPx };
  return {
    id: entryID,
    width: dotPx,
    height: dotPx,
    ports: [fixedPort('entry out', isWide ? 'EAST' : 'SOUTH', out)],
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
  };
}

function toNode(part: ChartPart, plan: SpinePlan): ElkNode {
  const { id, width, height } = part;
  const isWide = plan.orientation === 'wide';
  const front = isWide ? { x: 0, y: height / 2 } : { x: width / 2, y: 0 };
  const entry = part === plan.parts[0] ? [fixedPort('entry in', isWide ? 'WEST' : 'NORTH', front)] : [];
  const own = plan.along.filter(({ from, to }) => partOf(from, plan) === part || partOf(to, plan) === part);
  const ports = own.map((arrow) => {
    const door = doorIn(part, arrow);
    return fixedPort(portID(arrow, part), door.side, door);
  });
  return {
    id,
    width,
    height,
    ports: [...entry, ...ports],
    layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
  };
}

/** Leads a way out of a part straight on to the edge of the spine. */
function toFlank(door: Door, by: Point, size: Size, orientation: Orientation): Door {
  const at = moved(door, by);
  const isWide = orientation === 'wide';
  const end = isWide ? { x: at.x, y: size.height } : { x: size.width, y: at.y };
  const tail = [...door.tail.map((point) => moved(point, by)), end];
  return { ...end, side: isWide ? 'SOUTH' : 'EAST', tail };
}

/** Joins the way between two parts with the ways inside them. */
function placeAlong(arrow: StoryArrow, plan: SpinePlan, laidOut: ElkNode): PlacedArrow {
  const tailIn = (state: AnyStateNode) => {
    const part = partOf(state, plan);
    return doorIn(part, arrow).tail.map((point) => moved(point, boxIn(laidOut, part.id)));
  };
  const between = pointsOf(laidOut, idOf(arrow));
  return {
    arrow,
    points: [...tailIn(arrow.from), ...between, ...tailIn(arrow.to).toReversed()],
    label: labelAlong(arrow, between, labelAt(laidOut, idOf(arrow)), plan.orientation),
  };
}

function idOf({ from, to }: StoryArrow): string {
  return `${from.id} → ${to.id}`;
}

function portID(arrow: StoryArrow, part: ChartPart): string {
  return `${part.id}: ${idOf(arrow)}`;
}

function partOf(state: AnyStateNode, { parts }: SpinePlan): ChartPart {
  return parts.find(({ id }) => id === topOf(state).id) as ChartPart;
}

function doorIn(part: ChartPart, arrow: StoryArrow): Door {
  return part.doors.get(arrow) as Door;
}

/** The usual way has its labels above, or where it leads down at its left. ELK keeps room for them. */
function labelAlong(
  { kind, words }: StoryArrow,
  [start]: readonly Point[],
  place: Box,
  orientation: Orientation,
): PlacedText[] {
  if (kind !== 'usual' || !start) return stackedLabel(words, place);
  if (orientation === 'narrow') return stackedLabel(words, { x: start.x - 7, y: place.y }, 'end');
  const middle = { x: place.x + place.width / 2, y: start.y - place.height - 7 };
  return stackedLabel(words, middle, 'middle');
}

/** Arrows to the states beside are ordered like these, so that fewer cross. */
function rankOf({ from, to }: StoryArrow, { beside }: ChartStory): number {
  return Math.max(beside.indexOf(from), beside.indexOf(to));
}

/** The usual way enters a state in front and leaves it behind; the way back is beside it; all else leaves at the flank. */
function sideAt(
  arrow: StoryArrow,
  state: AnyStateNode,
  { spine }: ChartStory,
  orientation: Orientation,
): Side {
  const tops = spine.map(topOf);
  const [from, to] = [tops.indexOf(topOf(arrow.from)), tops.indexOf(topOf(arrow.to))];
  if (from < 0 || to < 0) return orientation === 'wide' ? 'SOUTH' : 'EAST';
  const isSource = topOf(arrow.from) === topOf(state);
  const isBehind = isSource === from < to;
  if (orientation === 'wide') return isBehind ? 'EAST' : 'WEST';
  return isBehind ? 'SOUTH' : 'NORTH';
}
