import measure from 'fast-string-truncated-width';
import { wrapAnsi } from 'fast-wrap-ansi';

/** Cuts text to a number of terminal columns; what is cut ends in an ellipsis. */
export function fitToWidth(text: string, columns: number, ellipsis: string): string {
  const { index, truncated, ellipsed } = measure(text, { limit: columns, ellipsis });
  return truncated ? `${text.slice(0, index).trimEnd()}${ellipsed ? ellipsis : ''}` : text;
}

/** How many terminal columns text takes. */
export function widthOf(text: string): number {
  return measure(text).width;
}

/** Breaks text into lines between its words. A word that is wider than the window, such as a link, is left whole. */
export function wrapWords(text: string, columns: number): string[] {
  return wrapAnsi(text, columns).split('\n');
}

/** Breaks text into lines between its words, and a word that is wider than that wherever the line ends. */
export function breakLine(text: string, columns: number): string[] {
  return wrapAnsi(text, columns, { hard: true }).split('\n');
}
