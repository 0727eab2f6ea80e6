import type { CommandHost } from '../host/command-host.ts';
import { sizeOf } from './invitation.ts';
import { rowsOf } from './lay-out.ts';

/** Clears from the start of the line to the end of the screen, so that what a narrower window has wrapped goes as a whole. */
const clearBelow = '\r\u001B[J';
/** With wrapping off, a line made for a window that has since become narrower is cut. */
const wrapOff = '\u001B[?7l';
const wrapOn = '\u001B[?7h';

/** The terminal's second screen: nothing on it is left behind, however the window's size changes. */
const takeScreen = '\u001B[?1049h';
const clearScreen = '\u001B[H\u001B[J';
const giveScreenBack = `${clearScreen}\u001B[?1049l`;

/** Lines below all others, which are drawn again in place. */
export interface LiveBlock {
  /** Whether the terminal has a second screen, on which nothing stands above the lines. */
  readonly canBeApart: boolean;
  /**
   * Draws what has changed. After a change of the window's size that is all.
   *
   * @param isApart Whether the lines get the second screen, if there is one. Default: false.
   */
  draw(lines: readonly string[], isApart?: boolean): void;
  /** Removes the lines. The next ones are drawn where the cursor is then. */
  clear(): void;
}

/**
 * Makes a block of lines that all fit into the window.
 *
 * Between two drawings the cursor stays at the start of the first line, so that the whole block can be cleared from there.
 * A resize may wrap the lines, and some terminals then move the cursor down with the last one (xterm.js, and so VS Code's):
 * lines that must survive a resize belong apart. Only lines that have changed are written, since writing ends a selection
 * with the mouse in many terminals.
 */
export function createLiveBlock(host: CommandHost): LiveBlock {
  const { stdout } = host;
  const canBeApart = hasSecondScreen(host.env);
  let isApart = false;
  let drawn: { lines: readonly string[]; heights: readonly number[]; size: string } | undefined;

  function drawAll(lines: readonly string[], heights: readonly number[]): void {
    const text = lines.map((line, index) => (heights[index] === 1 ? toCut(line) : line)).join('\n');
    const height = heights.reduce((sum, each) => sum + each, 0);
    stdout.write(`${isApart ? clearScreen : clearBelow}${text}${toUp(height - 1)}\r`);
  }

  function drawChanged(
    before: readonly string[],
    lines: readonly string[],
    heights: readonly number[],
  ): void {
    let top = 0;
    for (const [index, line] of lines.entries()) {
      if (line !== before[index]) {
        stdout.write(`${toDown(top)}\r\u001B[2K${toCut(line)}${toUp(top)}\r`);
      }
      top += heights[index] ?? 1;
    }
  }

  function moveApart(): void {
    if (isApart) return;
    stdout.write(clearBelow + takeScreen);
    isApart = true;
    drawn = undefined;
  }

  function clear(): void {
    stdout.write((isApart ? giveScreenBack : '') + clearBelow);
    isApart = false;
    drawn = undefined;
  }

  return {
    canBeApart,
    draw(lines, shallBeApart = false) {
      if (shallBeApart && canBeApart) moveApart();
      else if (isApart) clear();
      const { columns, rows } = sizeOf(host);
      const size = `${columns} ${rows}`;
      const heights = lines.map((line) => rowsOf(line, columns));
      const before = drawn;
      drawn = { lines, heights, size };
      const isSameShape = before?.size === size && before.heights.join() === heights.join();
      const isWrapped = (line: string, index: number) =>
        line !== before?.lines[index] && heights[index] !== 1;
      if (before && isSameShape && !lines.some(isWrapped)) drawChanged(before.lines, lines, heights);
      else drawAll(lines, heights);
    },
    clear,
  };
}

/** The console of Linux and GNU screen may have one screen only, and would lose what stands on it. */
function hasSecondScreen({ TERM = '', STY }: CommandHost['env']): boolean {
  return !STY && !/^(linux|ansi|cygwin|vt\d+)/.test(TERM);
}

function toCut(line: string): string {
  return `${wrapOff}${line}${wrapOn}`;
}

function toUp(rows: number): string {
  return rows > 0 ? `\u001B[${rows}A` : '';
}

function toDown(rows: number): string {
  return rows > 0 ? `\u001B[${rows}B` : '';
}
