import type { Browser } from './browser.ts';
import type { Keyboard } from './keyboard.ts';
import type { Palette } from './palette.ts';

/** The part of a stream that the program writes to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** What the program gives to a command: nothing below reaches for `process` to write or to read the environment. */
export interface CommandHost {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted, with an `Interruption`, when the command must stop. */
  readonly signal: AbortSignal;
  /** Styles for standard output. */
  readonly palette: Palette;
  /** Whether the terminal shows links behind a text. */
  readonly hasHyperlinks: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly hasUnicode: boolean;
  /** Absent if standard input is no terminal. */
  readonly keyboard?: Keyboard | undefined;
  /** Absent if the user turned it off. */
  readonly browser?: Browser | undefined;
  /** Writes one line to standard error, after the program's name. */
  warn(message: string): void;
}
