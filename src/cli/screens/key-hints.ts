import { widthOf } from './fit-to-width.ts';
import type { Glyphs } from './glyphs.ts';

/** Which keys do something now, and what. */
export interface KeyHints {
  readonly canOpen: boolean;
  /** What `c` copies. */
  readonly copied: 'link' | 'code';
  /** Whether the picture is shown; undefined if there is none. */
  readonly hasPicture: boolean | undefined;
}

/** Lists the keys in one line: in words, in fewer of them in a narrow window, or only the first keys. */
export function toHintText(hints: KeyHints, columns: number, { separator }: Glyphs): string {
  const { canOpen, copied, hasPicture } = hints;
  const keys: [key: string, long: string, short: string][] = [
    ...(canOpen ? [['Enter', 'opens the page', 'open'] satisfies [string, string, string]] : []),
    ['c', `copies the ${copied}`, 'copy'],
    ...(hasPicture === undefined
      ? []
      : [['q', `${hasPicture ? 'hides' : 'shows'} the QR code`, 'QR'] satisfies [string, string, string]]),
    ['Ctrl-C', 'cancels', 'end'],
  ];
  const short = keys.map(([key, , words]) => `${key} ${words}`);
  const texts = [
    keys.map(([key, words]) => `${key} ${words}`).join(separator),
    ...short.map((_, dropped) => short.slice(0, short.length - dropped).join(separator)),
  ];
  return texts.find((text) => widthOf(text) <= columns) ?? '';
}
