import { renderUnicodeCompact } from 'uqr';

/** A QR code as text, and the room it takes. */
export interface QRPicture {
  readonly lines: readonly string[];
  readonly columns: number;
  readonly rows: number;
}

/** Black on white from the fixed part of the 256 colours, which no theme changes. */
const blackOnWhite = '\u001B[38;5;16;48;5;231m';
const unstyled = '\u001B[0m';

/**
 * Draws a QR code, two modules to a character.
 *
 * In colour it is black on white on any terminal. Without colour the ink is the light modules, which is right for light
 * text on a dark ground; most readers take the inverse as well.
 */
export function toQRPicture(text: string, hasColor: boolean): QRPicture {
  const rows = renderUnicodeCompact(text, { border: 2, invert: hasColor }).split('\n');
  const lines = hasColor ? rows.map((row) => `${blackOnWhite}${row}${unstyled}`) : rows;
  return { lines, columns: rows[0]?.length ?? 0, rows: rows.length };
}
