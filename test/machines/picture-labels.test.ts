/** A reader sees at once which arrow of the chart's picture a word belongs to. */
import { describe, expect, it } from 'vitest';
import { pinAuthMachine } from '../../machines/pin-auth.ts';
import type { PlacedArrow, PlacedText } from '../../tools/draw/chart-part.ts';
import { storyOf } from '../../tools/draw/chart-story.ts';
import { type Box, labelSize, type Point } from '../../tools/draw/elk-graph.ts';
import { layOutChart } from '../../tools/draw/lay-out-chart.ts';
import { textWidth } from '../../tools/draw/text-width.ts';

/** The room that a text takes, from its highest to its lowest letters. */
function boxOf({ text, x, y, anchor }: PlacedText, isBold: boolean): Box {
  const width = textWidth(text, labelSize, isBold);
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
  return { x: left, y: y - 0.75 * labelSize, width, height: 0.95 * labelSize };
}

function gapBetween(one: Box, other: Box): number {
  const across = Math.max(one.x - other.x - other.width, other.x - one.x - one.width, 0);
  const down = Math.max(one.y - other.y - other.height, other.y - one.y - one.height, 0);
  return Math.hypot(across, down);
}

/** The arrow's line runs level and upright only, so that each piece of it is a flat box. */
function gapToLine(box: Box, points: readonly Point[], thickness: number): number {
  const gaps = points.slice(1).map((to, index) => {
    const from = points[index] as Point;
    const piece = {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(from.x - to.x),
      height: Math.abs(from.y - to.y),
    };
    return gapBetween(box, piece);
  });
  return Math.max(0, Math.min(...gaps) - thickness / 2);
}

const gapTo = (box: Box, { arrow, points }: PlacedArrow) =>
  gapToLine(box, points, arrow.kind === 'usual' ? 4 : 1.5);

describe.each(['wide', 'narrow'] as const)('the labels of the %s picture', async (orientation) => {
  const { arrows, boxes, width } = await layOutChart(storyOf(pinAuthMachine), orientation);
  const labels = arrows.flatMap((placed) =>
    placed.label.map((text) => ({
      placed,
      text: text.text,
      box: boxOf(text, placed.arrow.kind === 'usual'),
    })),
  );

  it.each(labels)('$text is at its own arrow, and clearly farther from all others', ({ placed, box }) => {
    const block = labels.filter((one) => one.placed === placed).map((one) => gapTo(one.box, placed));
    const others = arrows.filter((one) => one !== placed).map((one) => gapTo(box, one));
    expect(Math.min(...block)).toBeLessThan(13);
    expect(gapTo(box, placed)).toBeGreaterThan(1);
    expect(Math.min(...others)).toBeGreaterThan(2 * Math.min(...block));
  });

  it.each(labels)('$text has room around it', ({ placed, box }) => {
    const others = labels.filter((one) => one.placed !== placed);
    const tight = others.filter((one) => gapBetween(box, one.box) < 8).map(({ text }) => text);
    expect(tight).toEqual([]);
    for (const [{ key }, { x, y, width, height }] of boxes) {
      const isInside = x <= box.x && box.x + box.width <= x + width && y <= box.y && box.y <= y + height;
      if (!isInside) expect(gapBetween(box, { x, y, width, height }), key).toBeGreaterThan(1);
    }
    expect(box.x).toBeGreaterThan(-8);
    expect(box.x + box.width).toBeLessThan(width + 8);
  });
});
