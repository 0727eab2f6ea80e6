/** A text without its encodings, as bytes, and where in the text each byte came from. */
export interface DecodedText {
  readonly octets: Uint8Array;
  /** Where the spelling of each byte starts. */
  readonly starts: Uint32Array;
  /** Where the backslashes before it start, if they count as none. */
  readonly escapeStarts: Uint32Array;
  /** Where it ends. */
  readonly ends: Uint32Array;
}

const backslash = 0x5c;
const percent = 0x25;
const plus = 0x2b;
const space = 0x20;
/** Percent-encoded any number of times. */
const percentEscape = /%(?:25)*([0-9a-f]{2})/iy;
const unicodeEscape = /u([0-9a-f]{4})/iy;
const controls = new Map(Object.entries({ b: 8, t: 9, n: 10, f: 12, r: 13 }));
const encoder = new TextEncoder();

/**
 * Removes percent-encoding and the escapes of JSON, each however often it was applied, in one pass over the text.
 *
 * The encodings of one text all come out as the same bytes. Backslashes before a letter or a digit count as one, others as
 * none; a plus sign is a space, as in a form.
 *
 * @param readsEscapes Whether `\n` is a line break and `\u0041` a letter. Otherwise they are a backslash and what follows.
 */
export function decodeText(text: string, readsEscapes: boolean): DecodedText {
  const decoded = new DecodedBytes(3 * text.length);
  /** Where the backslashes before the next character start. */
  let runStart: number | undefined;
  let lastBackslashAt = 0;
  for (let at = 0; at < text.length; ) {
    const escaped = percentEscapeAt(text, at);
    const code = escaped?.byte ?? text.codePointAt(at) ?? 0;
    let end = escaped?.end ?? at + (code > 0xffff ? 2 : 1);
    if (code === backslash) {
      runStart ??= at;
      lastBackslashAt = at;
    } else {
      const json = readsEscapes && runStart !== undefined && !escaped ? jsonEscapeAt(text, at) : undefined;
      if (json) end = at + json.length;
      else if (runStart !== undefined && isWordCode(code)) {
        decoded.add(backslash, runStart, lastBackslashAt, at);
        runStart = undefined;
      }
      const bytes = json?.octets ?? (escaped || code < 0x80 ? [code] : toBytes(code));
      for (const byte of bytes) decoded.add(byte, runStart ?? at, at, end);
      runStart = undefined;
    }
    at = end;
  }
  return decoded.taken();
}

class DecodedBytes {
  readonly #octets: Uint8Array;
  readonly #starts: Uint32Array;
  readonly #escapeStarts: Uint32Array;
  readonly #ends: Uint32Array;
  #length = 0;

  constructor(most: number) {
    this.#octets = new Uint8Array(most);
    this.#starts = new Uint32Array(most);
    this.#escapeStarts = new Uint32Array(most);
    this.#ends = new Uint32Array(most);
  }

  add(byte: number, escapeStart: number, start: number, end: number): void {
    this.#octets[this.#length] = byte === plus ? space : byte;
    this.#escapeStarts[this.#length] = escapeStart;
    this.#starts[this.#length] = start;
    this.#ends[this.#length++] = end;
  }

  taken(): DecodedText {
    const length = this.#length;
    return {
      octets: this.#octets.subarray(0, length),
      starts: this.#starts.subarray(0, length),
      escapeStarts: this.#escapeStarts.subarray(0, length),
      ends: this.#ends.subarray(0, length),
    };
  }
}

function percentEscapeAt(text: string, at: number): { byte: number; end: number } | undefined {
  if (text.charCodeAt(at) !== percent) return undefined;
  percentEscape.lastIndex = at;
  const [, hex] = percentEscape.exec(text) ?? [];
  return hex === undefined ? undefined : { byte: Number.parseInt(hex, 16), end: percentEscape.lastIndex };
}

/** What stands after the backslash of an escape. */
function jsonEscapeAt(text: string, at: number): { octets: Iterable<number>; length: number } | undefined {
  const control = controls.get(text.charAt(at));
  if (control !== undefined) return { octets: [control], length: 1 };
  unicodeEscape.lastIndex = at;
  const [all = '', hex] = unicodeEscape.exec(text) ?? [];
  return hex === undefined ? undefined : { octets: toBytes(Number.parseInt(hex, 16)), length: all.length };
}

function toBytes(code: number): Uint8Array {
  return encoder.encode(String.fromCodePoint(code));
}

/** Whether JSON never escapes the character: an ASCII letter or digit. */
export function isWordCode(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
