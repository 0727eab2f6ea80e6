const wide =
  /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u;
const graphemes = new Intl.Segmenter();

/** Cuts text to a number of terminal columns; what is cut ends in `…`. Wide characters count two, styles are not known. */
export function fitToWidth(text: string, columns: number): string {
  const parts = Array.from(graphemes.segment(text), ({ segment }) => segment);
  if (widthOf(parts) <= columns) return text;
  const kept: string[] = [];
  for (const part of parts) {
    if (widthOf([...kept, part]) > columns - 1) break;
    kept.push(part);
  }
  return columns > 0 ? `${kept.join('').trimEnd()}…` : '';
}

/** How many terminal columns text takes. */
export function widthOf(text: Iterable<string>): number {
  let columns = 0;
  for (const part of text) columns += wide.test(part) ? 2 : 1;
  return columns;
}
