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

/** Lays out the usual way as one straight line. */
export async function layOutSpine(story: ChartStory, orientation: Orientation): Promise<Spine> {
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
  const portID = ({ from, to }: StoryArrow, part: ChartPart) => `${part.id}: ${from.id} → ${to.id}`;
  const partOf = (state: AnyStateNode) => parts.find(({ id }) => id === topOf(state).id) as ChartPart;
  const doorIn = (part: ChartPart, arrow: StoryArrow) => part.doors.get(arrow) as Door;
  const idOf = ({ from, to }: StoryArrow) => `${from.id} → ${to.id}`;
  const first = parts[0] as ChartPart;
  const isWide = orientation === 'wide';
  const [lead, trail]: [Side, Side] = isWide ? ['WEST', 'EAST'] : ['NORTH', 'SOUTH'];
  const firstDoor = isWide ? { x: 0, y: first.height / 2 } : { x: first.width / 2, y: 0 };
  const laidOut = await layOutGraph(
    isWide ? 'RIGHT' : 'DOWN',
    {
      children: [
        {
          id: entryID,
          width: dotPx,
          height: dotPx,
          ports: [
            fixedPort('entry out', trail, isWide ? { x: dotPx, y: dotPx / 2 } : { x: dotPx / 2, y: dotPx }),
          ],
          layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
        },
        ...parts.map((part) => ({
          id: part.id,
          width: part.width,
          height: part.height,
          ports: [
            ...(part === first ? [fixedPort('entry in', lead, firstDoor)] : []),
            ...along
              .filter(({ from, to }) => partOf(from) === part || partOf(to) === part)
              .map((arrow) => fixedPort(portID(arrow, part), doorIn(part, arrow).side, doorIn(part, arrow))),
          ],
          layoutOptions: { 'elk.portConstraints': 'FIXED_POS' },
        })),
      ],
      edges: [
        edge('entry', ['entry out', 'entry in'], [], true),
        ...along.map((arrow) =>
          edge(
            idOf(arrow),
            [portID(arrow, partOf(arrow.from)), portID(arrow, partOf(arrow.to))],
            arrow.words,
            arrow.kind === 'usual',
          ),
        ),
      ],
    },
    {
      'elk.padding': '[top=0,left=0,bottom=0,right=0]',
      'elk.layered.spacing.nodeNodeBetweenLayers': isWide ? '12' : '9',
      'elk.layered.spacing.edgeNodeBetweenLayers': isWide ? '8' : '3',
      'elk.spacing.edgeLabel': isWide ? '3' : '6',
      'elk.spacing.nodeNode': '8',
      'elk.spacing.edgeNode': '8',
    },
  );
  const size = {
    width: (laidOut.width ?? 0) + (isWide ? 0 : flankPx.narrow),
    height: (laidOut.height ?? 0) + (isWide ? flankPx.wide : 0),
  };
  const boxes = new Map<AnyStateNode, ReturnType<typeof boxIn>>();
  const arrows: PlacedArrow[] = [];
  const doors = new Map<StoryArrow, Door>();
  for (const part of parts) {
    const by = boxIn(laidOut, part.id);
    for (const [state, box] of part.boxes) boxes.set(state, movedBox(box, by));
    arrows.push(...part.arrows.map((arrow) => movedArrow(arrow, by)));
    for (const [arrow, door] of part.doors) {
      if (along.includes(arrow)) continue;
      const at = moved(door, by);
      const end = isWide ? { x: at.x, y: size.height } : { x: size.width, y: at.y };
      const tail = [...door.tail.map((point) => moved(point, by)), end];
      doors.set(arrow, { ...end, side: isWide ? 'SOUTH' : 'EAST', tail });
    }
  }
  for (const arrow of along) {
    const tailIn = (state: AnyStateNode) =>
      doorIn(partOf(state), arrow).tail.map((point) => moved(point, boxIn(laidOut, partOf(state).id)));
    arrows.push({
      arrow,
      points: [...tailIn(arrow.from), ...pointsOf(laidOut, idOf(arrow)), ...tailIn(arrow.to).toReversed()],
      label: labelAlong(arrow, pointsOf(laidOut, idOf(arrow)), labelAt(laidOut, idOf(arrow)), orientation),
    });
  }
  return { id: 'spine', ...size, boxes, arrows, doors, labels: new Map(), entry: pointsOf(laidOut, 'entry') };
}

/** Where it leads to the right, the usual way has its labels above. ELK keeps room for them. */
function labelAlong(
  { kind, words }: StoryArrow,
  [start]: readonly Point[],
  place: Box,
  orientation: Orientation,
): PlacedText[] {
  if (kind !== 'usual' || orientation === 'narrow' || !start) return stackedLabel(words, place);
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
