/** The chart as the live view draws it. */

import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { arrowsOf, initialOf, isComposite, statesOf } from './chart-parts.ts';
import { dotOf, drawingOf, endsOf, escaped, kindOf, light } from './draw-svg.ts';

/** Writes the module that the live view draws the chart from: twice, since labels are too small to read on a phone. */
export async function writeChartPicture(machine: AnyStateMachine): Promise<string> {
  const wide = toMarkup(await drawingOf(machine, light), machine);
  const narrow = toMarkup(await drawingOf(machine, light, true), machine);
  return `/** The chart of \`machines/pin-auth.ts\` as SVG, without colours and sizes. Made by \`npm run draw\`. */
export const wideChart: string = \`${wide}\`;

/** The same for narrow places: no labels at the arrows. */
export const narrowChart: string = \`${narrow}\`;
`;
}

/**
 * Reduces GraphViz's drawing to what a style sheet can dress: `data-state`, `data-from` and `data-to` say what is what,
 * `data-events` which events take an arrow, the class whether it leads back or is a fault.
 */
function toMarkup(drawing: string, machine: AnyStateMachine): string {
  const placement = /viewBox="\S+ \S+ ([\d.]+) ([\d.]+)"[\s\S]*?translate\(([-\d.]+) ([-\d.]+)\)/.exec(
    drawing,
  );
  const [width = 0, height = 0, left = 0, top = 0] = placement?.slice(1).map(Number) ?? [];
  const states = new Map(statesOf(machine).map((state) => [state.id, state]));
  const arrows = new Map(arrowsOf(machine).map((arrow) => [`${arrow.from.id} → ${arrow.to.id}`, arrow]));
  const start = initialOf(machine.root);

  const groups = [...drawing.matchAll(/<g id="(?:clust|node|edge)[\s\S]*?<\/g>/g)].map(([group]) => {
    const title = /<title>([^<]*)/.exec(group)?.[1] ?? '';
    const [from = '', to] = endsOf(title.replace(/^cluster_/, ''));
    const shapes = shapesIn(group, left, top);
    if (to === undefined) return stateMarkup(from, shapes, states.get(from));
    const arrow = arrows.get(`${from} → ${to}`);
    // Not the unseen tie between a box and its dot.
    if (!arrow && states.has(from)) return '';
    return arrowMarkup(from, to, shapes, {
      events: arrow?.transitions.map(({ eventType }) => eventType || 'always') ?? [
        from === dotOf(machine.root) ? 'xstate.init' : 'always',
      ],
      kind: arrow ? kindOf(arrow, start) : 'ink',
    });
  });
  const drawn = groups.filter(Boolean).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">\n${drawn}\n</svg>`;
}

/** What GraphViz drew for one state or one arrow, with its origin at the left top. */
interface Shapes {
  readonly path: string;
  readonly polygons: readonly string[];
  readonly dot: string | undefined;
  readonly texts: readonly { readonly x: number; readonly y: number; readonly words: string }[];
}

function shapesIn(group: string, left: number, top: number): Shapes {
  const across = (x = '0') => rounded(Number(x) + left);
  const down = (y = '0') => rounded(Number(y) + top);
  const moved = (points = '') =>
    points.replace(/([-\d.]+),([-\d.]+)/g, (_, x, y) => `${across(x)},${down(y)}`);
  const [, dotX, dotY] = /<ellipse [^>]*cx="(\S+)" cy="(\S+)"/.exec(group) ?? [];
  return {
    path: moved(/<path [^>]* d="([^"]*)"/.exec(group)?.[1]),
    polygons: [...group.matchAll(/<polygon [^>]*points="([^"]*)"/g)].map(([, points]) => moved(points)),
    dot: dotX && `cx="${across(dotX)}" cy="${down(dotY)}"`,
    texts: [...group.matchAll(/<text [^>]*x="([-\d.]+)" y="([-\d.]+)"[^>]*>([^<]*)</g)]
      .map(([, x, y, text = '']) => ({
        x: across(x),
        y: down(y),
        words: text.replaceAll('&#45;', '-').replaceAll('&#160;', ' ').trim(),
      }))
      .filter(({ words }) => words),
  };
}

function stateMarkup(id: string, { path, polygons, dot, texts }: Shapes, state?: AnyStateNode): string {
  if (dot) return `<g data-state="${id}"><circle ${dot} r="5.5"/></g>`;
  const points = [...path.matchAll(/([-\d.]+),([-\d.]+)/g)].map((point) => point.slice(1).map(Number));
  const [x, y] = [0, 1].map((axis) => Math.min(...points.map((point) => point[axis] ?? 0))) as [
    number,
    number,
  ];
  const [right, bottom] = [0, 1].map((axis) => Math.max(...points.map((point) => point[axis] ?? 0)));
  const size = `width="${rounded(Number(right) - x)}" height="${rounded(Number(bottom) - y)}"`;
  // After its outline comes the line below the name, where it says more than that.
  const lineY = texts.length > 1 ? polygons[1]?.split(/[ ,]/)[1] : undefined;
  const parts = [
    `<title>${escaped(state?.description ?? '')}</title>`,
    `<rect x="${x}" y="${y}" ${size} rx="10"/>`,
    lineY && `<path d="M${x},${lineY}H${right}"/>`,
    ...texts.map(({ x, y, words }) => `<text x="${x}" y="${y}">${words}</text>`),
  ];
  const box = state && isComposite(state) ? ' class="box"' : '';
  return `<g data-state="${id}"${box}>${parts.filter(Boolean).join('')}</g>`;
}

function arrowMarkup(
  from: string,
  to: string,
  { path, polygons: [head], texts }: Shapes,
  { events, kind }: { events: string[]; kind: ReturnType<typeof kindOf> },
): string {
  const names = `data-from="${from}" data-to="${to}" data-events="${[...new Set(events)].join(' ')}"`;
  const labels = texts.map(
    ({ x, y, words }, index) =>
      `<text data-event="${events[index]}" x="${rounded(x + 4)}" y="${y}">${words}</text>`,
  );
  const drawn = `<path d="${path}"/><polygon points="${head}"/>${labels.join('')}`;
  return `<g ${names}${kind === 'ink' ? '' : ` class="${kind}"`}>${drawn}</g>`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
