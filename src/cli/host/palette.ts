import { styleText } from 'node:util';

/** Puts text in a style, or returns it unchanged where styles are off. */
export interface Palette {
  readonly hasColor: boolean;
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

export function createPalette(hasColor: boolean): Palette {
  // Without `validateStream: false` Node decides once more, by its own rules and for the real standard output.
  const style = (format: 'bold' | 'dim' | 'green' | 'yellow') => (text: string) =>
    hasColor ? styleText(format, text, { validateStream: false }) : text;
  return {
    hasColor,
    bold: style('bold'),
    dim: style('dim'),
    green: style('green'),
    yellow: style('yellow'),
  };
}

/**
 * Decides whether to colour an output: by `FORCE_COLOR` where it is set, then by `NO_COLOR`, then by whether it is a terminal.
 *
 * Node's own decision differs: it takes an empty `NO_COLOR` for a set one.
 *
 * @see no-color.org and force-color.org (read 2026-08)
 */
export function hasColor(
  output: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return !['0', 'false'].includes(forced);
  if (env['NO_COLOR']) return false;
  return output.isTTY === true && env['TERM'] !== 'dumb';
}
