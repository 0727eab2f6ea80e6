/** The legend of the chart's picture: transitions that would lead round everything as arrows. */
import type { PlacedText } from './chart-part.ts';
import type { ChartStory, LegendLine } from './chart-story.ts';
import { labelSize } from './elk-graph.ts';
import { escaped, labelsText, round, textMarkup, waysText } from './mark-text.ts';
import { textWidth, wrap } from './text-width.ts';

const legendLinePx = 18;
const legendNamePx = 100;

export interface LegendPlace {
  readonly marginPx: number;
  /** The width of the picture. */
  readonly width: number;
  readonly top: number;
}

export interface Legend {
  readonly lines: readonly string[];
  readonly bottom: number;
}

/** One line after another, with where each leads. */
export function fullLegend({ legend }: ChartStory, { marginPx, width, top }: LegendPlace): Legend {
  let y = top + 12;
  const lines = legend.map((line) => {
    const texts = wrap(line.text, labelSize, width - 2 * marginPx - legendNamePx);
    const name = { text: line.name, x: marginPx, y, anchor: 'start' as const };
    const markup = texts.map((text, index) => ({
      text,
      x: marginPx + legendNamePx,
      y: y + index * (legendLinePx - 3),
      anchor: 'start' as const,
    }));
    y += legendLinePx + (texts.length - 1) * (legendLinePx - 3);
    return legendMarkup(line, name, markup);
  });
  return {
    lines: [`<path class="rule" d="M${marginPx},${round(top - 8)}H${width - marginPx}"/>`, ...lines],
    bottom: y - 8,
  };
}

/** Each name with where it leads, in two columns, below a line that says from where. */
export function briefLegend({ legend }: ChartStory, { marginPx, width, top }: LegendPlace): Legend {
  const rowPx = legendLinePx - 3;
  const columnPx = (width - 2 * marginPx) / 2;
  const caption = {
    text: 'transitions without an arrow:',
    x: marginPx,
    y: top + 4,
    anchor: 'start' as const,
  };
  const rows = inRows(legend, columnPx);
  const lines = rows.flatMap((row, index) =>
    row.map((line, column) => {
      const y = caption.y + (index + 1) * rowPx;
      return briefMarkup(line, { x: marginPx + column * columnPx, y });
    }),
  );
  return {
    lines: [
      `<path class="rule" d="M${marginPx},${round(top - 12)}H${width - marginPx}"/>`,
      textMarkup(caption),
      ...lines,
    ],
    bottom: caption.y + rows.length * rowPx,
  };
}

/** Two in a row, in the order of the legend. One that is wider than its column has a row of its own. */
function inRows(legend: readonly LegendLine[], columnPx: number): LegendLine[][] {
  const isWide = ({ name, brief }: LegendLine) =>
    textWidth(name, labelSize, true) + textWidth(` ${brief}`, labelSize) > columnPx;
  const rows: LegendLine[][] = [];
  for (const line of legend) {
    const last = rows.at(-1);
    if (last?.length === 1 && !isWide(line) && !last.some(isWide)) last.push(line);
    else rows.push([line]);
  }
  return rows;
}

/** In one text, so that the gap after the name is that of the reader's own font. */
function briefMarkup(line: LegendLine, { x, y }: { x: number; y: number }): string {
  const { name, brief } = line;
  const gap = brief.startsWith(':') ? '' : ' ';
  const words = `<tspan class="name">${name}</tspan>${gap}${escaped(brief)}`;
  return groupMarkup(line, `<text x="${round(x)}" y="${round(y)}">${words}</text>`);
}

function legendMarkup(line: LegendLine, title: PlacedText, texts: readonly PlacedText[]): string {
  const name = textMarkup(title).replace('<text', '<text class="name"');
  return groupMarkup(line, name + texts.map(textMarkup).join(''));
}

function groupMarkup({ name, text, ways }: LegendLine, content: string): string {
  const labels = `${text}. ${labelsText(ways)}`;
  return `<g class="legend" data-legend="${name}" data-ways="${waysText(ways)}"><title>${escaped(labels)}</title>${content}</g>`;
}
