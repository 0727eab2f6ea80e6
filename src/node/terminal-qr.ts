import { encode, renderUnicodeCompact } from 'uqr';
import { copyOptions, requireOneOf, requireOption, requireType } from '../require-option.ts';

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
export function toQRPicture(text: string, hasColor: boolean, border = 2): QRPicture {
  const rows = renderUnicodeCompact(text, { border, invert: hasColor }).split('\n');
  const lines = hasColor ? rows.map((row) => `${blackOnWhite}${row}${unstyled}`) : rows;
  return { lines, columns: rows[0]?.length ?? 0, rows: rows.length };
}

/** How a terminal can draw. */
export interface TerminalQROptions {
  /**
   * Whether to colour it black on white, which every reader takes. Without, the ink is the light modules, for light text on
   * a dark ground. Default: whether standard output is a terminal and `NO_COLOR` is not set.
   */
  hasColor?: boolean | undefined;
  /**
   * `unicode`: two modules to a character. `ascii`: two characters to a module, four times as large, for a terminal
   * without block characters; never coloured. Default `unicode`.
   */
  charset?: 'unicode' | 'ascii' | undefined;
}

/**
 * Draws a QR code for a terminal, such as of `authURL`: print it where the link is printed.
 *
 * @param text What the code holds: up to about 2,900 characters.
 * @returns Lines, with a line break between two of them.
 * @throws {TypeError} For a bad option, naming it.
 */
export function toTerminalQR(text: string, options: TerminalQROptions = {}): string {
  const { hasColor = process.stdout.isTTY && !process.env['NO_COLOR'], charset = 'unicode' } =
    copyOptions(options);
  requireOption(typeof text === 'string' && text !== '', 'text', 'a text that is not empty');
  requireType('hasColor', hasColor, 'boolean');
  requireOneOf('charset', charset, ['unicode', 'ascii']);
  const lines = charset === 'ascii' ? toASCIILines(text) : toQRPicture(text, hasColor === true).lines;
  return lines.join('\n');
}

function toASCIILines(text: string): string[] {
  return encode(text, { border: 2 }).data.map((row) => row.map((isDark) => (isDark ? '  ' : '##')).join(''));
}
