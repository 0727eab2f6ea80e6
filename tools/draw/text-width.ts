/** How wide each character of Arial is, as a share of the font's size. Generous: a reader's font may be wider. */
const widths: readonly (readonly [RegExp, number])[] = [
  [/[ijl|'.,:;!]/, 0.26],
  [/[ftrI/ ()[\]{}·-]/, 0.33],
  [/[mwMW…→]/, 0.9],
  [/[A-Z_]/, 0.7],
];

/** Estimates the width of a text, since no font can be measured while a picture is drawn. */
export function textWidth(text: string, size: number, isBold = false): number {
  const shares = [...text].map((character) => widths.find(([class_]) => class_.test(character))?.[1] ?? 0.56);
  return shares.reduce((sum, share) => sum + share, 0) * size * (isBold ? 1.08 : 1.02);
}

/** Breaks a text into lines of at most this width, between words. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = [lines.at(-1), word].filter(Boolean).join(' ');
    if (lines.length > 0 && textWidth(line, size) <= width) lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}
