import type { QRPicture } from '../../node/terminal-qr.ts';
import { widthOf } from './fit-to-width.ts';
import type { Invitation } from './invitation.ts';

/** What stands above and below the invitation. */
interface Surroundings {
  /** What was said before; empty where it stands on the screen anyway. A small window can do without. */
  readonly header: readonly string[];
  readonly status: string;
  /** What the keys do; may be empty. */
  readonly hint: string;
  /** What came of a key, in place of the hint. */
  readonly notice?: Notice | undefined;
}

export interface Notice {
  readonly words: string;
  /** As many of them as fit into one row, in place of the status where there is no other row. */
  readonly brief: string;
}

/** The lines of a screen that fit into the window, wrapped ones included. */
export interface Layout {
  readonly lines: readonly string[];
  readonly hasPicture: boolean;
  /** Whether the link and the code are among the lines. */
  readonly isComplete: boolean;
}

interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

const gap = '   ';
const caption = 'Or scan this with your phone:';

/**
 * Arranges a screen so that all of it is in the window: first with the picture beside the words, then with it below them,
 * then without it, and then with ever less.
 */
export function layOut(
  invitation: Invitation,
  around: Surroundings,
  size: WindowSize,
  isPictureWanted: boolean,
): Layout {
  const { task, essence, picture } = invitation;
  const { header, status, hint, notice } = around;
  const words = [...(task ? [task] : []), ...essence];
  const below = notice?.words ?? hint;
  const ends = [status, ...(below ? [below] : [])];
  const draw = (top: readonly string[]) =>
    picture && isPictureWanted
      ? withPicture(words, picture, ends, size.columns).map((lines) => [...top, ...lines])
      : [];
  const pictured = [...(header.length > 0 ? draw(header) : []), ...draw([])];
  const plain = [
    [...header, '', ...words, '', ...ends],
    ['', ...words, '', ...ends],
    [...words, ...ends],
    [...essence, notice?.brief ?? status],
  ];
  const fits = (lines: readonly string[]) => countRows(lines, size.columns) <= size.rows;
  const lines = [...pictured, ...plain].find(fits);
  if (!lines) return { lines: toLeast(around, size), hasPicture: false, isComplete: false };
  return { lines, hasPicture: pictured.includes(lines), isComplete: true };
}

/** What stays where the link stands above: two rows, so that as much of it as possible is in the window. */
function toLeast({ status, hint, notice }: Surroundings, { rows }: WindowSize): string[] {
  const least = [status, notice?.brief ?? hint].filter(Boolean);
  return rows < least.length ? [notice?.brief ?? status] : least;
}

/** How large the window must be for the picture, if it stays as wide as it is or becomes wider. */
export function sizeForPicture(
  { task, essence, picture }: Invitation,
  { columns }: WindowSize,
): WindowSize | undefined {
  if (!picture) return undefined;
  const wide = Math.max(columns, picture.columns);
  const words = [...(task ? [task] : []), ...essence];
  const least = withPicture(words, picture, ['', ''], wide).at(-1) ?? [];
  return { columns: wide, rows: countRows(least, wide) };
}

/** The screens with the picture: beside the words, below them, and without empty lines. */
function withPicture(
  words: readonly string[],
  picture: QRPicture,
  ends: readonly string[],
  columns: number,
): string[][] {
  const below = ['', ...words, '', caption, ...picture.lines, '', ...ends];
  const dense = [...words, caption, ...picture.lines, ...ends];
  const beside = [...words, '', caption];
  const width = Math.max(...beside.map(widthOf));
  const isWide = width + gap.length + picture.columns <= columns;
  const rows = Array.from({ length: Math.max(beside.length, picture.rows) }, (_, index) => {
    const text = beside[index] ?? '';
    const line = picture.lines[index];
    return line === undefined ? text : text + ' '.repeat(width - widthOf(text)) + gap + line;
  });
  const isNarrow = picture.columns > columns;
  return [...(isWide ? [['', ...rows, '', ...ends]] : []), ...(isNarrow ? [] : [below, dense])];
}

/** Counts the rows that lines take, each wrapped at the window's edge. */
export function countRows(lines: readonly string[], columns: number): number {
  return lines.reduce((sum, line) => sum + rowsOf(line, columns), 0);
}

export function rowsOf(line: string, columns: number): number {
  return Math.max(1, Math.ceil(widthOf(line) / columns));
}
