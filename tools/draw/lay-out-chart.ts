/**
 * The geometry of the chart's picture, by ELK in three steps: inside each composite, along the usual way, and then the states
 * beside it. Each step takes the result of the last one as one node, whose arrows leave it where that step says.
 */
import type { AnyStateNode } from 'xstate';
import { movedArrow, movedBox, type Orientation, type PlacedArrow, sizeOf } from './chart-part.ts';
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
import { labelBeside } from './label-beside.ts';
import { layOutSpine } from './lay-out-spine.ts';

export interface ChartGeometry extends Size {
  readonly boxes: ReadonlyMap<AnyStateNode, Box>;
  /** The line from where the machine begins. */
  readonly entry: readonly Point[];
  readonly arrows: readonly PlacedArrow[];
}

export async function layOutChart(story: ChartStory, orientation: Orientation): Promise<ChartGeometry> {
  const isWide = orientation === 'wide';
  const spine = await layOutSpine(story, orientation);
  const crossing = [...spine.doors.keys()];
  const idOf = ({ from, to }: StoryArrow) => `${from.id} → ${to.id}`;
  const isBeside = (state: AnyStateNode) => story.beside.includes(state);
  const portOf = (arrow: StoryArrow, state: AnyStateNode) =>
    `${isBeside(state) ? state.id : 'spine'}: ${idOf(arrow)}`;
  const ownerOf = ({ from, to }: StoryArrow) => topOf(isBeside(from) ? to : from);
  const doorX = (arrow: StoryArrow) => spine.doors.get(arrow)?.x ?? 0;
  const isLast = (arrow: StoryArrow) =>
    crossing.every((one) => ownerOf(one) !== ownerOf(arrow) || doorX(one) <= doorX(arrow));
  const laidOut = await layOutGraph(
    isWide ? 'DOWN' : 'RIGHT',
    {
      children: [
        {
          id: 'spine',
          width: spine.width,
          height: spine.height,
          ports: [...spine.doors].map(([arrow, door]) => fixedPort(`spine: ${idOf(arrow)}`, door.side, door)),
          layoutOptions: {
            'elk.portConstraints': 'FIXED_POS',
            'elk.layered.layering.layerConstraint': 'FIRST',
          },
        },
        ...story.beside.map((state) => ({
          id: state.id,
          ...sizeOf(state, orientation),
          ports: crossing
            .filter(({ from, to }) => from === state || to === state)
            .map((arrow) => freePort(portOf(arrow, state), isWide ? 'NORTH' : 'WEST')),
          layoutOptions: { 'elk.portConstraints': 'FIXED_SIDE', 'elk.spacing.portPort': isWide ? '18' : '9' },
        })),
      ],
      edges: crossing.map((arrow) => edge(idOf(arrow), [portOf(arrow, arrow.from), portOf(arrow, arrow.to)])),
    },
    {
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
      'elk.spacing.nodeNode': isWide ? '40' : '26',
      'elk.layered.spacing.nodeNodeBetweenLayers': '12',
      'elk.layered.spacing.edgeNodeBetweenLayers': isWide ? '12' : '8',
      'elk.layered.spacing.edgeEdgeBetweenLayers': isWide ? '9' : '7',
    },
  );
  const by = boxIn(laidOut, 'spine');
  const boxes = new Map([
    ...[...spine.boxes].map(([state, box]) => [state, movedBox(box, by)] as const),
    ...story.beside.map((state) => [state, boxIn(laidOut, state.id)] as const),
  ]);
  const arrows = crossing.map((arrow): PlacedArrow => {
    const tail = spine.doors.get(arrow)?.tail.map((point) => moved(point, by)) ?? [];
    const line = pointsOf(laidOut, idOf(arrow));
    const points = isBeside(arrow.from) ? [...line, ...tail.toReversed()] : [...tail, ...line];
    const owner = ownerOf(arrow);
    const around = isComposite(owner) ? boxes.get(owner) : undefined;
    return { arrow, points, label: labelBeside(arrow, { tail, isLast: isLast(arrow), around }, orientation) };
  });
  return {
    width: laidOut.width ?? 0,
    height: laidOut.height ?? 0,
    boxes,
    entry: spine.entry.map((point) => moved(point, by)),
    arrows: [...spine.arrows.map((arrow) => movedArrow(arrow, by)), ...arrows],
  };
}
