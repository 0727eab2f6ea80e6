/** The characters that stand between and around words. */
export interface Glyphs {
  readonly ellipsis: string;
  /** Between two parts of a line. */
  readonly separator: string;
  /** Of a frame: its top, sides and bottom. */
  readonly frame: {
    readonly top: string;
    readonly side: string;
    readonly bottom: string;
    readonly rule: string;
  };
}

const unicodeGlyphs: Glyphs = {
  ellipsis: '…',
  separator: ' · ',
  frame: { top: '╭╮', side: '│', bottom: '╰╯', rule: '─' },
};

const asciiGlyphs: Glyphs = {
  ellipsis: '...',
  separator: ' - ',
  frame: { top: '++', side: '|', bottom: '++', rule: '-' },
};

export function glyphsOf({ hasUnicode }: { readonly hasUnicode: boolean }): Glyphs {
  return hasUnicode ? unicodeGlyphs : asciiGlyphs;
}
