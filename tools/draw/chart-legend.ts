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

interface SizedLine {
  readonly line: LegendLine;
  readonly own: number;
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

/** Each name with where it leads, two in a row, below a line that says from where. */
export function briefLegend({ legend }: ChartStory, { marginPx, width, top }: LegendPlace): Legend {
  const rowPx = legendLinePx - 3;
  const caption = {
    text: 'transitions without an arrow:',
    x: marginPx,
    y: top + 4,
    anchor: 'start',
  };
  const sized = legend.map((line) => ({ line, own: briefWidth(line) }));
  const lines: string[] = [];
  let y = caption.y;
  for (const row of inRows(sized, width - 2 * marginPx)) {
    y += rowPx;
    let x = marginPx;
    for (const { line, own } of row) {
      const { name, brief } = line;
      const briefX = x + textWidth(name, labelSize, true) + (brief.startsWith(':') ? 0 : briefGapPx);
      const anchor = 'start';
      lines.push(legendMarkup(line, { text: name, x, y, anchor }, [{ text: brief, x: briefX, y, anchor }]));
      x += own;
    }
  }
  return {
    lines: [
      `<path class="rule" d="M${marginPx},${round(top - 12)}H${width - marginPx}"/>`,
      textMarkup({ ...caption, anchor: 'start' }),
      ...lines,
    ],
    bottom: y,
  };
}

const briefGapPx = 5;

function briefWidth({ name, brief }: LegendLine): number {
  return textWidth(name, labelSize, true) + briefGapPx + textWidth(brief, labelSize) + 14;
}

/** As many rows as it takes, in the order of the legend; what fits into an earlier row goes there. */
function inRows(entries: readonly SizedLine[], width: number): SizedLine[][] {
  const rows: SizedLine[][] = [];
  for (const entry of entries) {
    const widthOf = (row: readonly SizedLine[]) => row.reduce((sum, { own }) => sum + own, 0);
    const free = rows.find((row) => widthOf(row) + entry.own <= width + 14);
    if (free) free.push(entry);
    else rows.push([entry]);
  }
  return rows;
}

function legendMarkup(
  { name, text, ways }: LegendLine,
  title: PlacedText,
  texts: readonly PlacedText[],
): string {
  const labels = `${text}. ${labelsText(ways)}`;
  return `<g class="legend" data-legend="${name}" data-ways="${waysText(ways)}"><title>${escaped(labels)}</title>${textMarkup(title).replace('<text', '<text class="name"')}${texts.map(textMarkup).join('')}</g>`;
}
