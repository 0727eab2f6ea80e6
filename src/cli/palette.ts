import type { Output } from './command-host.ts';

/** Puts text in a style, or leaves it as it is where no styles are wanted. */
export interface Palette {
  readonly hasColor: boolean;
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** Makes the styles for an output. */
export function createPalette(hasColor: boolean): Palette {
  const style = (on: number, off: number) => (text: string) =>
    hasColor && text ? `\u001B[${on}m${text}\u001B[${off}m` : text;
  return { hasColor, bold: style(1, 22), dim: style(2, 22), green: style(32, 39), yellow: style(33, 39) };
}

/**
 * Says whether to colour an output. `FORCE_COLOR` decides where it is set, then `NO_COLOR`, then whether it is a terminal.
 *
 * @see no-color.org and force-color.org (read 2026-08)
 */
export function hasColor(output: Output, env: Readonly<Record<string, string | undefined>>): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return !['0', 'false'].includes(forced);
  if (env['NO_COLOR']) return false;
  return output.isTTY === true && env['TERM'] !== 'dumb';
}
