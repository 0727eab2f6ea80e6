import { encode } from 'uqr';
import { type QRPicture, toQRPicture } from '../../node/terminal-qr.ts';

/** From the fixed part of the 256 colours, which no theme changes. */
const onBlack = '\u001B[48;5;16m';
const onWhite = '\u001B[48;5;231m';
const unstyled = '\u001B[0m';
/** What the largest QR code holds. */
const mostBytes = 2953;

/**
 * Draws a QR code as the terminal can show it, with a light border of so many modules. Where there is only ASCII, a module is two spaces on a ground of its colour.
 *
 * @returns Undefined if there is neither colour nor more than ASCII, or if the text is too long for any QR code.
 */
export function findQRPicture(
  text: string,
  { hasColor, hasUnicode }: { hasColor: boolean; hasUnicode: boolean },
  border = 2,
): QRPicture | undefined {
  if (Buffer.byteLength(text) > mostBytes) return undefined;
  if (hasUnicode) return toQRPicture(text, hasColor, border);
  return hasColor ? toSpaces(text, border) : undefined;
}

function toSpaces(text: string, border: number): QRPicture {
  const { data, size } = encode(text, { border });
  const lines = data.map((row) => row.map((isDark) => `${isDark ? onBlack : onWhite}  `).join('') + unstyled);
  return { lines, columns: size * 2, rows: size };
}
