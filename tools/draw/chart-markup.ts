/** The chart's picture as SVG without colours: for the README with a style sheet in it, for the live view with the page's. */
import type { AnyStateMachine } from 'xstate';
import { briefLegend, fullLegend } from './chart-legend.ts';
import { nameSize, noteLines, type Orientation, type PlacedArrow } from './chart-part.ts';
import { isComposite } from './chart-parts.ts';
import { type ChartStory, endings, storyOf } from './chart-story.ts';
import type { Box, Point } from './elk-graph.ts';
import { type ChartGeometry, layOutChart } from './lay-out-chart.ts';
import { escaped, labelsText, round, textMarkup, waysText } from './mark-text.ts';

/** A picture, and what is put around it. */
export interface ChartMarkup {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
}

const margins = { wide: 14, narrow: 10 };
/** Above the states. In the narrow picture, the title stands beside the first dot. */
const titlePx = { wide: 24, narrow: 0 };
const cornerPx = 7;
const headPx = { plain: 8, usual: 13 };

/**
 * Draws the machine. States carry their id as `data-state`. Arrows and lines of the legend carry their transitions as
 * `data-ways`: `event from to`, one per comma. An event with a question mark stays where it is, if its guard lets it.
 *
 * @param legend Default `full`. `brief` leaves out from where the lines of the legend lead; a tooltip says so.
 */
export async function drawMarkup(
  machine: AnyStateMachine,
  orientation: Orientation,
  legend: 'full' | 'brief' = 'full',
): Promise<ChartMarkup> {
  const story = storyOf(machine);
  const geometry = await layOutChart(story, orientation);
  const marginPx = margins[orientation];
  const width = Math.ceil(geometry.width + 2 * marginPx);
  const legendTop = marginPx + titlePx[orientation] + geometry.height + 20;
  const rows =
    legend === 'full'
      ? fullLegend(story, { marginPx, width, top: legendTop })
      : briefLegend(story, { marginPx, width, top: legendTop });
  const placed = { x: marginPx, y: marginPx + titlePx[orientation] };
  return {
    width,
    height: Math.ceil(rows.bottom + marginPx),
    lines: [
      `<g transform="translate(${placed.x} ${placed.y})">`,
      ...titles(story, geometry, orientation),
      ...states(story, geometry, orientation),
      entryMarkup(geometry),
      ...geometry.arrows.toSorted(usualLast).map(arrowMarkup),
      '</g>',
      ...rows.lines,
    ],
  };
}

/** The usual way lies on top of what crosses it. */
function usualLast(one: PlacedArrow, other: PlacedArrow): number {
  return Number(one.arrow.kind === 'usual') - Number(other.arrow.kind === 'usual');
}

function titles(
  { beside }: ChartStory,
  { boxes, entry, width }: ChartGeometry,
  orientation: Orientation,
): string[] {
  const placed = beside.filter(({ key }) => endings.includes(key)).map((state) => boxes.get(state) as Box);
  const [box] = placed.toSorted((one, other) => one.x + one.y - other.x - other.y) as [Box];
  const usualX = orientation === 'wide' ? 0 : round((entry[0]?.x ?? 0) + 12);
  const end =
    orientation === 'wide'
      ? [
          {
            x: box.x - 14,
            y: box.y + box.height / 2 + 4,
            anchor: 'end' as const,
            text: 'where it ends otherwise',
          },
        ]
      : ['where it ends', 'otherwise'].map((text, index) => ({
          text,
          anchor: 'end' as const,
          x: width,
          y: box.y - 24 + index * 15,
        }));
  return [
    `<g class="title usual"><text x="${usualX}" y="${orientation === 'wide' ? -10 : 9}">the usual way</text></g>`,
    `<g class="title end">${end.map(textMarkup).join('')}</g>`,
  ];
}

function states(story: ChartStory, { boxes }: ChartGeometry, orientation: Orientation): string[] {
  return [...boxes].map(([state, { x, y, width, height }]) => {
    const kind = isComposite(state)
      ? 'box'
      : endings.includes(state.key)
        ? 'end'
        : story.spine.includes(state)
          ? 'usual'
          : '';
    const notes = noteLines(state, orientation);
    const middle = x + width / 2;
    const nameY = isComposite(state) ? y + 20 : y + (notes.length > 0 ? 20 : height / 2 + nameSize / 2 - 2);
    return [
      `<g data-state="${state.id}"${kind && ` class="${kind}"`}>`,
      `<title>${escaped(state.description ?? '')}</title>`,
      `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="9"/>`,
      `<text class="name" x="${round(middle)}" y="${round(nameY)}">${state.key}</text>`,
      ...notes.map(
        (note, index) =>
          `<text class="note" x="${round(middle)}" y="${round(nameY + 15 + index * 14)}">${escaped(note)}</text>`,
      ),
      '</g>',
    ].join('');
  });
}

function entryMarkup({ entry }: ChartGeometry): string {
  const [start, end] = [entry[0] as Point, entry.at(-1) as Point];
  return `<g class="usual" data-ways="xstate.init  pinAuth.idle"><circle cx="${round(start.x - (start.y === end.y ? 5 : 0))}" cy="${round(start.y - (start.x === end.x ? 5 : 0))}" r="5"/>${lineMarkup(entry, 'plain')}</g>`;
}

function arrowMarkup({ arrow, points, label }: PlacedArrow): string {
  const texts = label.map(textMarkup).join('');
  const line = lineMarkup(points, arrow.kind === 'usual' ? 'usual' : 'plain');
  return `<g${arrow.kind === 'plain' ? '' : ` class="${arrow.kind}"`} data-ways="${waysText(arrow.ways)}"><title>${escaped(labelsText(arrow.ways))}</title>${line}${texts}</g>`;
}

/** A line with round corners, and its head. */
function lineMarkup(all: readonly Point[], size: 'plain' | 'usual'): string {
  const points = withoutStraight(snapped(all));
  const [end, before] = [points.at(-1) as Point, points.at(-2) as Point];
  const [dx, dy] = [Math.sign(end.x - before.x), Math.sign(end.y - before.y)];
  const length = headPx[size];
  const back = { x: end.x - dx * length, y: end.y - dy * length };
  const half = length * 0.45;
  const head = [
    end,
    { x: back.x - dy * half, y: back.y + dx * half },
    { x: back.x + dy * half, y: back.y - dx * half },
  ];
  const path = [...points.slice(0, -1), { x: back.x + dx, y: back.y + dy }]
    .map((point, index, line) => {
      const [previous, next] = [line[index - 1], line[index + 1]];
      if (!previous) return `M${place(point)}`;
      if (!next) return `L${place(point)}`;
      return `L${place(towards(point, previous))}Q${place(point)} ${place(towards(point, next))}`;
    })
    .join('');
  return `<path d="${path}"/><polygon points="${head.map(place).join(' ')}"/>`;
}

/** ELK computes in fractions: what is meant to be straight becomes so. */
function snapped(points: readonly Point[]): Point[] {
  const result: Point[] = [];
  for (const { x, y } of points) {
    const before = result.at(-1);
    const isSame = (one: number, other = Number.NaN) => Math.abs(one - other) < 1;
    result.push({
      x: before && isSame(x, before.x) ? before.x : x,
      y: before && isSame(y, before.y) ? before.y : y,
    });
  }
  return result;
}

function withoutStraight(points: readonly Point[]): Point[] {
  const different = points.filter((point, index) => {
    const previous = points[index - 1];
    return !previous || Math.abs(point.x - previous.x) > 0.6 || Math.abs(point.y - previous.y) > 0.6;
  });
  return different.filter((point, index) => {
    const [previous, next] = [different[index - 1], different[index + 1]];
    if (!previous || !next) return true;
    const isLevel = (one: Point, other: Point) => Math.abs(one.y - other.y) < 0.6;
    const isUpright = (one: Point, other: Point) => Math.abs(one.x - other.x) < 0.6;
    return !(
      (isLevel(previous, point) && isLevel(point, next)) ||
      (isUpright(previous, point) && isUpright(point, next))
    );
  });
}

function towards(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = Math.min(cornerPx, length / 2) / (length || 1);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function place({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}
