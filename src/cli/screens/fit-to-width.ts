import measure from 'fast-string-truncated-width';

/** Cuts text to a number of terminal columns; what is cut ends in an ellipsis. */
export function fitToWidth(text: string, columns: number, ellipsis: string): string {
  const { index, truncated, ellipsed } = measure(text, { limit: columns, ellipsis });
  return truncated ? `${text.slice(0, index).trimEnd()}${ellipsed ? ellipsis : ''}` : text;
}

/** How many terminal columns text takes. */
export function widthOf(text: string): number {
  return measure(text).width;
}
