import type { CommandHost } from '../host/command-host.ts';
import { sizeOf } from './invitation.ts';
import { rowsOf } from './lay-out.ts';

/** Clears from the start of the line to the end of the screen, so that what a narrower window has wrapped goes as a whole. */
const clearBelow = '\r\u001B[J';
/** With wrapping off, a line made for a window that has since become narrower is cut. */
const wrapOff = '\u001B[?7l';
const wrapOn = '\u001B[?7h';

/** Lines below all others, which are drawn again in place. */
export interface LiveBlock {
  /** Draws what has changed. After a change of the window's size that is all. */
  draw(lines: readonly string[]): void;
  /** Removes the lines. The next ones are drawn where the cursor is then. */
  clear(): void;
}

/**
 * Makes a block of lines that all fit into the window.
 *
 * Between two drawings the cursor stays at the start of the first line: most terminals keep it there when a resize wraps
 * the lines, so that the whole block can be cleared from there. Only lines that have changed are written, since writing ends
 * a selection with the mouse in many terminals.
 */
export function createLiveBlock(host: CommandHost): LiveBlock {
  const { stdout } = host;
  let drawn: { lines: readonly string[]; heights: readonly number[]; size: string } | undefined;

  function drawAll(lines: readonly string[], heights: readonly number[]): void {
    const text = lines.map((line, index) => (heights[index] === 1 ? toCut(line) : line)).join('\n');
    const height = heights.reduce((sum, each) => sum + each, 0);
    stdout.write(`${clearBelow}${text}${toUp(height - 1)}\r`);
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
    clear() {
      drawn = undefined;
      stdout.write(clearBelow);
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
