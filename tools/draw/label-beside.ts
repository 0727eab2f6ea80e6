import { type Orientation, type PlacedText, stackedLabel } from './chart-part.ts';
import type { StoryArrow } from './chart-story.ts';
import { type Box, labelSize, lineHeight, type Point } from './elk-graph.ts';
import { textWidth } from './text-width.ts';

/** Where a label is to be. */
export interface LabelPlace {
  /** The arrow's way from its state to the edge of the spine. */
  readonly tail: readonly Point[];
  /** Whether no other arrow of this state is at its right. */
  readonly isLast: boolean;
  /** The composite around its state, or itself. */
  readonly around: Box | undefined;
}

const gapPx = 5;

/** Places the label of an arrow that leaves the spine, while it is still alone. */
export function labelBeside(
  { words }: StoryArrow,
  { tail, isLast, around }: LabelPlace,
  orientation: Orientation,
): PlacedText[] {
  const [first, last] = [tail[0] as Point, tail.at(-1) as Point];
  if (orientation === 'wide') {
    const y = last.y - 2.6 * lineHeight;
    return isLast
      ? stackedLabel(words, { x: last.x + gapPx, y })
      : stackedLabel(words, { x: last.x - gapPx, y }, 'end');
  }
  const edge = around && around.x + around.width;
  // An arrow to the box itself: there is room in it.
  if (edge !== undefined && edge <= first.x)
    return [{ text: words.join(', '), anchor: 'end', x: edge - gapPx, y: first.y + 4 }];
  const widest = Math.max(...words.map((word) => textWidth(word, labelSize)));
  const isTight = edge !== undefined && edge - first.x < widest;
  const lines = isTight ? words.flatMap((word) => word.split(' ')) : words;
  return lines.map((text, index) => ({
    text,
    anchor: 'start',
    x: first.x + gapPx,
    y: first.y + (index === 0 ? -4 : lineHeight - 2),
  }));
}
