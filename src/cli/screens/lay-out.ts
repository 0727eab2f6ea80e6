import type { QRPicture } from '../../node/terminal-qr.ts';
import { breakLine, widthOf } from './fit-to-width.ts';
import type { Invitation } from './invitation.ts';

/** What stands above and below the invitation. */
interface Surroundings {
  /** What was said before; empty where it stands on the screen anyway. A small window can do without. */
  readonly header: readonly string[];
  readonly status: string;
  /** What the keys do; may be empty. */
  readonly hint: string;
  /** The same, a line for each key. */
  readonly keys: readonly string[];
  /** What came of a key, in place of the hint. */
  readonly notice?: Notice | undefined;
}

export interface Notice {
  /** One line or more, broken between words. */
  readonly lines: readonly string[];
  /** As much of it as fits into one row, in place of the status where there is no other row. */
  readonly brief: string;
}

/**
 * Whether the picture is shown: where there is room for it besides the words, or, once the user has asked for it, also beside
 * broken words, or in their place.
 */
export type PictureWish = 'besideWords' | 'asked' | 'hidden';

/** The lines of a screen that fit into the window, wrapped ones included. */
export interface Layout {
  readonly lines: readonly string[];
  readonly hasPicture: boolean;
  /** Whether the link and the code are among the lines, or the picture that the user asked for stands in their place. */
  readonly isComplete: boolean;
}

interface WindowSize {
  readonly columns: number;
  readonly rows: number;
}

const gap = '   ';
/** Beside the picture, words are broken to no fewer columns than that. */
const leastColumns = 24;
const caption = 'Or scan this with your phone:';

/**
 * Arranges a screen so that all of it is in the window: first with the picture beside the words, then with it below them,
 * then, if the user asked for it, with the words broken to what the picture leaves or without them, then without the
 * picture, and then with ever less.
 */
export function layOut(
  invitation: Invitation,
  around: Surroundings,
  size: WindowSize,
  wish: PictureWish,
): Layout {
  const { task, essence } = invitation;
  const { header, status, hint, notice } = around;
  const words = [...(task ? [task] : []), ...essence];
  const ends = [status, ...(notice?.lines ?? (hint ? [hint] : []))];
  const pictured = wish === 'hidden' ? [] : withPicture(invitation, around, size, wish === 'asked');
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
  around: Surroundings,
  size: WindowSize,
): WindowSize | undefined {
  if (!picture) return undefined;
  const columns = Math.max(size.columns, picture.columns);
  const beside = besideBrokenWords([...(task ? [task] : []), ...essence], picture, around, columns);
  return { columns, rows: Math.min(picture.rows + 1, ...beside.map(({ length }) => length)) };
}

/**
 * The screens with the picture, the best one first. What came of a key takes one row there, as the hint does, so that the
 * picture stays.
 */
function withPicture(
  { task, essence, picture }: Invitation,
  surroundings: Surroundings,
  { columns }: WindowSize,
  isAsked: boolean,
): string[][] {
  if (!picture) return [];
  const { header, status, hint, notice } = surroundings;
  const words = [...(task ? [task] : []), ...essence];
  const below = notice?.brief ?? hint;
  const ends = [status, ...(below ? [below] : [])];
  const around = aroundPicture(words, picture, ends, columns);
  const alone = [
    ['', ...picture.lines, '', ...ends],
    [...picture.lines, ...ends],
    // The keys lead back to the link.
    [...picture.lines, below || status],
  ];
  return [
    ...(header.length > 0 ? around.map((lines) => [...header, ...lines]) : []),
    ...around,
    ...(isAsked ? besideBrokenWords(words, picture, surroundings, columns) : []),
    ...(isAsked && picture.columns <= columns ? alone : []),
  ];
}

/** Words and keys in the columns that the picture leaves: a link in several rows, which cannot be selected as one. */
function besideBrokenWords(
  words: readonly string[],
  picture: QRPicture,
  { status, keys, notice }: Surroundings,
  columns: number,
): string[][] {
  const room = columns - picture.columns - gap.length;
  if (room < leastColumns) return [];
  const end = notice?.brief ?? status;
  const place = (lines: readonly string[]) => {
    const broken = lines.flatMap((line) => breakLine(line, room));
    return broken.length <= picture.rows ? sideBySide(broken, picture, room) : undefined;
  };
  const rows = place([...words, '', ...keys]);
  const rowsWithEnd = place([...words, '', ...keys, '', end]);
  return [
    ...(rows
      ? [
          ['', ...rows, '', end],
          [...rows, end],
        ]
      : []),
    ...(rowsWithEnd ? [rowsWithEnd] : []),
  ];
}

function sideBySide(words: readonly string[], picture: QRPicture, width: number): string[] {
  return Array.from({ length: Math.max(words.length, picture.rows) }, (_, index) => {
    const text = words[index] ?? '';
    const line = picture.lines[index];
    return line === undefined ? text : text + ' '.repeat(width - widthOf(text)) + gap + line;
  });
}

/** The picture beside the words, below them, and below them without empty lines. */
function aroundPicture(
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
  const rows = sideBySide(beside, picture, width);
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
