import { encode } from 'uqr';

/** A QR code as text, and the room it takes. */
export interface QRPicture {
  readonly lines: readonly string[];
  readonly columns: number;
  readonly rows: number;
}

/** Index: whether the upper module is dark, then whether the lower one is. Ink is the text's colour. */
const inkIsDark = [' ', '▄', '▀', '█'];
const inkIsLight = ['█', '▀', '▄', ' '];
/** Black on white from the fixed part of the 256 colours, which no theme changes. */
const blackOnWhite = '\u001B[38;5;16;48;5;231m';
const unstyled = '\u001B[0m';

/**
 * Draws a QR code, two modules to a character.
 *
 * In colour it is black on white on any terminal. Without, ink is light, which is right where text is light on dark; most
 * readers take the inverse as well.
 */
export function toQRPicture(text: string, hasColor: boolean): QRPicture {
  const { data, size } = encode(text, { border: 2 });
  const glyphs = hasColor ? inkIsDark : inkIsLight;
  const isDark = (row: number, column: number) => Number(data[row]?.[column] ?? false);
  const lines = Array.from({ length: Math.ceil(size / 2) }, (_, line) => {
    const row = Array.from(
      { length: size },
      (_, column) => glyphs[2 * isDark(2 * line, column) + isDark(2 * line + 1, column)] ?? '',
    ).join('');
    return hasColor ? `${blackOnWhite}${row}${unstyled}` : row;
  });
  return { lines, columns: size, rows: lines.length };
}
