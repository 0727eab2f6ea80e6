/**
 * The geometry of the chart's picture, by ELK in three steps: inside each composite, along the usual way, and then the states
 * beside it. Each step takes the result of the last one as one node, whose arrows leave it where that step says.
 */
import type { ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { AnyStateNode } from 'xstate';
import { type Door, movedArrow, movedBox, type Orientation, type PlacedArrow, sizeOf } from './chart-part.ts';
import { isComposite } from './chart-parts.ts';
import { type ChartStory, type StoryArrow, topOf } from './chart-story.ts';
import {
  type Box,
  boxIn,
  edge,
  fixedPort,
  freePort,
  layOutGraph,
  moved,
  type Point,
  pointsOf,
  type Size,
} from './elk-graph.ts';
import { type LabelPlace, labelBeside } from './label-beside.ts';
import { layOutSpine, type Spine } from './lay-out-spine.ts';

export interface ChartGeometry extends Size {
  readonly boxes: ReadonlyMap<AnyStateNode, Box>;
  /** The line from where the machine begins. */
  readonly entry: readonly Point[];
  readonly arrows: readonly PlacedArrow[];
}

export async function layOutChart(story: ChartStory, orientation: Orientation): Promise<ChartGeometry> {
  const spine = await layOutSpine(story, orientation);
  const laidOut = await layOutBeside(story, spine, orientation);
  const by = boxIn(laidOut, 'spine');
  const boxes = new Map([
    ...[...spine.boxes].map(([state, box]) => [state, movedBox(box, by)] as const),
    ...story.beside.map((state) => [state, boxIn(laidOut, state.id)] as const),
  ]);
  const arrows = [...spine.doors].map(([arrow, door]): PlacedArrow => {
    const tail = door.tail.map((point) => moved(point, by));
    const line = pointsOf(laidOut, idOf(arrow));
    const owner = topOf(spineEndOf(arrow, story));
    const around = isComposite(owner) ? boxes.get(owner) : undefined;
    const rank = rankOf(arrow, story, spine.doors, orientation);
    return {
      arrow,
      points: story.beside.includes(arrow.from) ? [...line, ...tail.toReversed()] : [...tail, ...line],
      label: labelBeside(arrow, { tail, rank, around }, orientation),
    };
  });
  return {
    width: laidOut.width ?? 0,
    height: laidOut.height ?? 0,
    boxes,
    entry: spine.entry.map((point) => moved(point, by)),
    arrows: [...spine.arrows.map((arrow) => movedArrow(arrow, by)), ...arrows],
  };
}

/** Lays out the states beside the spine, which is one node here. */
function layOutBeside({ beside }: ChartStory, spine: Spine, orientation: Orientation): Promise<ElkNode> {
  const isWide = orientation === 'wide';
  const crossing = [...spine.doors.keys()];
  const portOf = (arrow: StoryArrow, state: AnyStateNode) =>
    `${beside.includes(state) ? state.id : 'spine'}: ${idOf(arrow)}`;
  const spineNode = {
    id: 'spine',
    width: spine.width,
    height: spine.height,
    ports: [...spine.doors].map(([arrow, door]) => fixedPort(`spine: ${idOf(arrow)}`, door.side, door)),
    layoutOptions: {
      'elk.portConstraints': 'FIXED_POS',
      'elk.layered.layering.layerConstraint': 'FIRST',
    },
  };
  const sizes = beside.map((state) => sizeOf(state, orientation));
  const widest = Math.max(...sizes.map(({ width }) => width));
  const stateNodes = beside.map((state, index) => ({
    id: state.id,
    ...(sizes[index] as Size),
    // Below one another they are one column.
    ...(!isWide && { width: widest }),
    ports: crossing
      .filter(({ from, to }) => from === state || to === state)
      .map((arrow) => freePort(portOf(arrow, state), isWide ? 'NORTH' : 'WEST')),
    layoutOptions: { 'elk.portConstraints': 'FIXED_SIDE', 'elk.spacing.portPort': isWide ? '18' : '9' },
  }));
  const edges = crossing.map((arrow) =>
    edge(idOf(arrow), [portOf(arrow, arrow.from), portOf(arrow, arrow.to)]),
  );
  return layOutGraph(
    isWide ? 'DOWN' : 'RIGHT',
    { children: [spineNode, ...stateNodes], edges },
    {
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
      'elk.spacing.nodeNode': isWide ? '40' : '26',
      'elk.layered.spacing.nodeNodeBetweenLayers': '12',
      'elk.layered.spacing.edgeNodeBetweenLayers': isWide ? '12' : '8',
      'elk.layered.spacing.edgeEdgeBetweenLayers': isWide ? '9' : '7',
    },
  );
}

function idOf({ from, to }: StoryArrow): string {
  return `${from.id} → ${to.id}`;
}

/** The state of the usual way that an arrow from there, or back to there, belongs to. */
function spineEndOf({ from, to }: StoryArrow, { beside }: ChartStory): AnyStateNode {
  return beside.includes(from) ? to : from;
}

/** Where an arrow is among those at the same flank: of a whole composite, or in the narrow picture of one state. */
function rankOf(
  arrow: StoryArrow,
  story: ChartStory,
  doors: ReadonlyMap<StoryArrow, Door>,
  orientation: Orientation,
): LabelPlace['rank'] {
  const isWide = orientation === 'wide';
  const ownerOf = (one: StoryArrow) => {
    const state = spineEndOf(one, story);
    return isWide ? topOf(state) : state;
  };
  const siblings = [...doors]
    .filter(([one]) => ownerOf(one) === ownerOf(arrow))
    .toSorted(([, one], [, other]) => (isWide ? one.x - other.x : one.y - other.y))
    .map(([one]) => one);
  if (siblings.length === 1) return 'only';
  if (siblings[0] === arrow) return 'first';
  return siblings.at(-1) === arrow ? 'last' : 'between';
}
