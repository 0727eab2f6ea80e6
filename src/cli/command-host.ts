import type { Palette } from './palette.ts';

/** Where text goes: the part of a stream that a command uses. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

/** What a command is given by the program around it. */
export interface CommandHost {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted, with an `Interruption`, when the command is to stop. */
  readonly signal: AbortSignal;
  /** Colours for standard output. */
  readonly palette: Palette;
  /** Writes one line to standard error, under the program's name. */
  warn(message: string): void;
}
