import type { ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { AnyStateNode } from 'xstate';
import { type ChartPart, type Door, nameSize, type Orientation, sizeOf, stackedLabel } from './chart-part.ts';
import type { StoryArrow } from './chart-story.ts';
import {
  type Box,
  boxIn,
  edge,
  freePort,
  labelAt,
  layOutGraph,
  type Point,
  pointsOf,
  type Side,
} from './elk-graph.ts';
import { textWidth } from './text-width.ts';

/** Inside the box of a composite, below its name. */
const paddings = {
  wide: '[top=34,left=12,bottom=14,right=24]',
  narrow: '[top=30,left=12,bottom=24,right=12]',
};
const spacing = {
  'elk.spacing.nodeNode': '14',
  'elk.spacing.edgeNode': '12',
  'elk.spacing.edgeEdge': '10',
  'elk.layered.spacing.nodeNodeBetweenLayers': '6',
  'elk.layered.spacing.edgeNodeBetweenLayers': '5',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '6',
};

/** Lays out a composite from top to bottom. What leaves it downwards is led past the states below by ELK. */
export async function layOutComposite(
  state: AnyStateNode,
  arrows: readonly StoryArrow[],
  sideOf: (arrow: StoryArrow, state: AnyStateNode) => Side,
  orientation: Orientation,
): Promise<ChartPart> {
  const children = Object.values(state.states);
  const innerOf = ({ from, to }: StoryArrow) => children.find((child) => child === from || child === to);
  const inside = arrows.filter(({ from, to }) => children.includes(from) && children.includes(to));
  const crossing = arrows.filter(
    (arrow) => !inside.includes(arrow) && (innerOf(arrow) || arrow.to === state),
  );
  const down = crossing.filter((arrow) => innerOf(arrow) && sideOf(arrow, state) === 'SOUTH');
  const laidOut = await layOutInside(children, { down, inside }, orientation);
  const width = Math.max(laidOut.width ?? 0, textWidth(state.key, nameSize, true) + 28);
  const box: Box = { x: 0, y: 0, width, height: laidOut.height ?? 0 };
  const boxes = new Map([
    [state, box],
    ...children.map((child) => [child, boxIn(laidOut, child.id)] as const),
  ]);
  const ways = down.map((arrow) => [arrow, pointsOf(laidOut, `${idOf(arrow)} down`)] as const);
  const doors = new Map(ways.map(([arrow, tail]) => [arrow, toDownDoor(tail)]));
  const usual = down.find(({ kind }) => kind === 'usual');
  const usualX = usual && doors.get(usual)?.x;
  for (const arrow of crossing.filter((one) => !down.includes(one))) {
    const inner = innerOf(arrow);
    const at = inner ? (boxes.get(inner) as Box) : box;
    doors.set(arrow, doorOf(sideOf(arrow, state), at, box, inner ? usualX : undefined, !inner));
  }
  return {
    id: state.id,
    width,
    height: box.height,
    boxes,
    arrows: inside.map((arrow) => ({
      arrow,
      points: pointsOf(laidOut, idOf(arrow)),
      label: stackedLabel(arrow.words, labelAt(laidOut, idOf(arrow))),
    })),
    doors,
    labels: new Map(),
  };
}

/** Asks ELK for the places of the states inside, and for the ways down to the composite's lower side. */
function layOutInside(
  children: readonly AnyStateNode[],
  { down, inside }: { readonly down: readonly StoryArrow[]; readonly inside: readonly StoryArrow[] },
  orientation: Orientation,
): Promise<ElkNode> {
  return layOutGraph(
    'DOWN',
    {
      children: children.map((child) => ({ id: child.id, ...sizeOf(child, orientation) })),
      ports: down.map((arrow) => freePort(idOf(arrow), 'SOUTH')),
      edges: [
        ...down.map((arrow) =>
          edge(
            `${idOf(arrow)} down`,
            [(children.includes(arrow.from) ? arrow.from : arrow.to).id, idOf(arrow)],
            [],
            arrow.kind === 'usual',
          ),
        ),
        ...inside.map((arrow) => edge(idOf(arrow), [arrow.from.id, arrow.to.id], arrow.words)),
      ],
    },
    { ...spacing, 'elk.padding': paddings[orientation], 'elk.portConstraints': 'FIXED_SIDE' },
  );
}

function idOf({ from, to }: StoryArrow): string {
  return `${from.id} → ${to.id}`;
}

/** The door at the end of a way that ELK has led down past the states below. */
function toDownDoor(tail: readonly Point[]): Door {
  return { ...(tail.at(-1) as Point), side: 'SOUTH', tail };
}

/** A straight way from a state to the side of the box around it. */
function doorOf(side: Side, inner: Box, box: Box, usualX: number | undefined, isOfBox: boolean): Door {
  const level = isOfBox ? box.height - 12 : inner.y + inner.height / 2;
  const upright = isOfBox ? box.width - 14 : (usualX ?? inner.x + inner.width / 2);
  const [from, at]: [Point, Point] =
    side === 'WEST' || side === 'EAST'
      ? [
          { x: side === 'WEST' ? inner.x : inner.x + inner.width, y: level },
          { x: side === 'WEST' ? 0 : box.width, y: level },
        ]
      : [
          { x: upright, y: side === 'NORTH' ? inner.y : inner.y + inner.height },
          { x: upright, y: side === 'NORTH' ? 0 : box.height },
        ];
  return { ...at, side, tail: isOfBox ? [at] : [from, at] };
}
