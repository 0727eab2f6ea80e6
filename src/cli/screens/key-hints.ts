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

interface KeyHint {
  readonly key: string;
  readonly long: string;
  readonly short: string;
}

/** Lists the keys in one line: in words, in fewer of them in a narrow window, or only the first keys. */
export function toHintText(hints: KeyHints, columns: number, { separator }: Glyphs): string {
  const short = listKeys(hints).map(({ key, short }) => `${key} ${short}`);
  const texts = [
    toHintLines(hints).join(separator),
    ...short.map((_, dropped) => short.slice(0, short.length - dropped).join(separator)),
  ];
  return texts.find((text) => widthOf(text) <= columns) ?? '';
}

/** Lists the keys in words, a line for each. */
export function toHintLines(hints: KeyHints): string[] {
  return listKeys(hints).map(({ key, long }) => `${key} ${long}`);
}

function listKeys({ canOpen, copied, hasPicture }: KeyHints): KeyHint[] {
  const picture = { key: 'q', long: `${hasPicture ? 'hides' : 'shows'} the QR code`, short: 'QR' };
  return [
    ...(canOpen ? [{ key: 'Enter', long: 'opens the page', short: 'open' }] : []),
    { key: 'c', long: `copies the ${copied}`, short: 'copy' },
    ...(hasPicture === undefined ? [] : [picture]),
    { key: 'Ctrl-C', long: 'cancels', short: 'end' },
  ];
}
