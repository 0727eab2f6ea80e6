import { type Orientation, type PlacedText, stackedLabel } from './chart-part.ts';
import type { StoryArrow } from './chart-story.ts';
import { type Box, labelSize, lineHeight, type Point } from './elk-graph.ts';
import { textWidth } from './text-width.ts';

/** Where a label is to be. */
export interface LabelPlace {
  /** The arrow's way from its state to the edge of the spine. */
  readonly tail: readonly Point[];
  /** Where it is among the arrows at the same flank: from left to right, or from top to bottom. */
  readonly rank: 'first' | 'between' | 'last' | 'only';
  /** The composite around its state, or itself. */
  readonly around: Box | undefined;
}

const gapPx = 5;

/** Places the label of an arrow that leaves the spine, while it is still alone. */
export function labelBeside(
  { words }: StoryArrow,
  { tail, rank, around }: LabelPlace,
  orientation: Orientation,
): PlacedText[] {
  const [first, last] = [tail[0] as Point, tail.at(-1) as Point];
  if (orientation === 'wide') {
    const y = last.y - 2.6 * lineHeight;
    return rank === 'first'
      ? stackedLabel(words, { x: last.x - gapPx, y }, 'end')
      : stackedLabel(words, { x: last.x + gapPx, y });
  }
  const edge = around && around.x + around.width;
  // An arrow to the box itself: there is room in it.
  if (edge !== undefined && edge <= first.x)
    return [{ text: words.join(', '), anchor: 'end', x: edge - gapPx, y: first.y + 4 }];
  const widest = Math.max(...words.map((word) => textWidth(word, labelSize)));
  const isTight = edge !== undefined && edge - first.x < widest;
  const lines = isTight ? words.flatMap((word) => word.split(' ')) : words;
  return alongLine(lines, first, rank);
}

/** Between two lines, nobody could tell whose words are whose: so they are above the first line and below the last one. */
function alongLine(lines: readonly string[], { x, y }: Point, rank: LabelPlace['rank']): PlacedText[] {
  const above = { first: lines.length, only: 1, between: 1, last: 0 }[rank];
  return lines.map((text, index) => ({
    text,
    anchor: 'start',
    x: x + gapPx,
    y:
      index < above
        ? y - 5 - (above - 1 - index) * lineHeight
        : y + lineHeight - 2 + (index - above) * lineHeight,
  }));
}
