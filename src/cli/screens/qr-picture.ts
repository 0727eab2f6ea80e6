import { encode, renderUnicodeCompact } from 'uqr';

/** A QR code as text, and the room it takes. */
export interface QRPicture {
  readonly lines: readonly string[];
  readonly columns: number;
  readonly rows: number;
}

/** From the fixed part of the 256 colours, which no theme changes. */
const blackOnWhite = '\u001B[38;5;16;48;5;231m';
const onBlack = '\u001B[48;5;16m';
const onWhite = '\u001B[48;5;231m';
const unstyled = '\u001B[0m';
const border = 2;
/** What the largest QR code holds. */
const mostBytes = 2953;

/**
 * Draws a QR code, two modules to a character. Where there is only ASCII, a module is two spaces on a ground of its colour.
 *
 * In colour it is black on white on any terminal. Without colour the ink is the light modules, which is right for light
 * text on a dark ground; most readers take the inverse as well.
 *
 * @returns Undefined if there is neither colour nor more than ASCII, or if the text is too long for any QR code.
 */
export function toQRPicture(
  text: string,
  { hasColor, hasUnicode }: { hasColor: boolean; hasUnicode: boolean },
): QRPicture | undefined {
  if (Buffer.byteLength(text) > mostBytes) return undefined;
  if (!hasUnicode) return hasColor ? toSpaces(text) : undefined;
  const rows = renderUnicodeCompact(text, { border, invert: hasColor }).split('\n');
  const lines = hasColor ? rows.map((row) => `${blackOnWhite}${row}${unstyled}`) : rows;
  return { lines, columns: rows[0]?.length ?? 0, rows: rows.length };
}

function toSpaces(text: string): QRPicture {
  const { data, size } = encode(text, { border });
  const lines = data.map((row) => row.map((isDark) => `${isDark ? onBlack : onWhite}  `).join('') + unstyled);
  return { lines, columns: size * 2, rows: size };
}
