export const encode = (text: string) => new TextEncoder().encode(text);

const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

const insert = (bytes: Uint8Array, at: number, ...more: number[]) => {
  const place = at % (bytes.length + 1);
  return join(bytes.subarray(0, place), Uint8Array.from(more), bytes.subarray(place));
};

/** Changes to the bytes of a body, at a place counted round. */
export const byteEdits = {
  truncate: (bytes: Uint8Array, at: number) => bytes.subarray(0, at % (bytes.length + 1)),
  behead: (bytes: Uint8Array, at: number) => bytes.subarray(at % (bytes.length + 1)),
  twice: (bytes: Uint8Array) => join(bytes, bytes),
  mark: (bytes: Uint8Array) => join(Uint8Array.of(0xef, 0xbb, 0xbf), bytes),
  utf16: (bytes: Uint8Array) => new Uint8Array(Buffer.from(`\uFEFF${Buffer.from(bytes)}`, 'utf16le')),
  utf16Swapped: (bytes: Uint8Array) =>
    new Uint8Array(Buffer.from(`\uFEFF${Buffer.from(bytes)}`, 'utf16le').swap16()),
  badByte: (bytes: Uint8Array, at: number) => insert(bytes, at, 0xff),
  halfCharacter: (bytes: Uint8Array, at: number) => insert(bytes, at, 0xf0, 0x9f, 0x9b),
  surrogateBytes: (bytes: Uint8Array, at: number) => insert(bytes, at, 0xed, 0xa0, 0x80),
  zero: (bytes: Uint8Array, at: number) => insert(bytes, at, 0),
  flip: (bytes: Uint8Array, at: number) =>
    bytes.map((byte, index) => (index === at % bytes.length ? byte ^ (1 << (at % 8)) : byte)),
  gzipMagic: (bytes: Uint8Array) => join(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), bytes),
  empty: () => new Uint8Array(),
  blank: () => encode(' \r\n\t '),
  padded: (bytes: Uint8Array) => join(encode('\n  '), bytes, encode('\r\n')),
  tail: (bytes: Uint8Array) => join(bytes, encode('<!-- served by proxy -->')),
  prefix: (bytes: Uint8Array) => join(encode(")]}',\n"), bytes),
  listed: (bytes: Uint8Array) => join(encode('['), bytes, encode(']')),
  quoted: (bytes: Uint8Array) => encode(JSON.stringify(Buffer.from(bytes).toString())),
  wrapped: (bytes: Uint8Array) => join(encode('{"pin":'), bytes, encode('}')),
  tooLong: (bytes: Uint8Array) => join(bytes, encode(' '.repeat(1_000_001))),
  tooWide: (bytes: Uint8Array) => join(encode(' '.repeat(1_000_001)), bytes),
};
