import type { CommandHost } from '../host/command-host.ts';
import { sizeOf } from './invitation.ts';
import { rowsOf } from './lay-out.ts';

/** Clears from the start of the line to the end of the screen, so that what a narrower window has wrapped goes as a whole. */
const clearBelow = '\r\u001B[J';
/** With wrapping off, a line made for a window that has since become narrower is cut. */
const wrapOff = '\u001B[?7l';
const wrapOn = '\u001B[?7h';

/** The terminal's second screen, where nothing scrolls and nothing is wrapped anew. */
const takeScreen = '\u001B[?1049h';
const clearScreen = '\u001B[H\u001B[J';
const giveScreenBack = `${clearScreen}\u001B[?1049l`;

/** Lines below all others, which are drawn again in place. */
export interface LiveBlock {
  /** Whether the lines have a screen of their own, with nothing above them. */
  readonly isApart: boolean;
  /** Draws what has changed. After a change of the window's size that is all. */
  draw(lines: readonly string[]): void;
  /** Moves the lines that are drawn to a screen of their own, until they are cleared. */
  moveApart(): void;
  /** Removes the lines. The next ones are drawn where the cursor is then. */
  clear(): void;
}

/**
 * Makes a block of lines that all fit into the window.
 *
 * Between two drawings the cursor stays at the start of the first line. When a resize wraps the lines, most terminals keep
 * it there, so that the whole block can be cleared from there, but some move it down with the last line (xterm.js, and so
 * VS Code's). That is why the block moves apart then: what such a terminal leaves behind is out of sight. Only lines that have changed are written, since writing ends
 * a selection with the mouse in many terminals.
 */
export function createLiveBlock(host: CommandHost): LiveBlock {
  const { stdout } = host;
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

  return {
    get isApart() {
      return isApart;
    },
    draw(lines) {
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
    moveApart() {
      if (isApart || !drawn) return;
      isApart = true;
      drawn = undefined;
      stdout.write(clearBelow + takeScreen);
    },
    clear() {
      const leave = isApart ? giveScreenBack : '';
      isApart = false;
      drawn = undefined;
      stdout.write(leave + clearBelow);
    },
  };
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
