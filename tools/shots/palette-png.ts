import { deflateSync } from 'node:zlib';

/** A picture as a canvas holds it. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue and opacity of each pixel, row by row. The opacity is not looked at. */
  readonly pixels: Uint8Array;
}

const mostColors = 256;
/** How many are kept as they are: a wide shadow has many that look alike, and shows stripes without them. */
const commonColors = 128;

/**
 * Writes a PNG with a palette: a third of what a browser's own takes for a drawing.
 *
 * It keeps the colours that are there most, and a colour like no other however seldom it is, such as that of a thin
 * line.
 */
export function toPalettePNG({ width, height, pixels }: Picture): Buffer {
  const colors = toColors(pixels);
  const counts = new Map<number, number>();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const palette = pickColors([...counts.keys()].sort((one, other) => countOf(other) - countOf(one)));
  const indexes = new Map([...counts.keys()].map((color) => [color, indexOfNearest(palette, color)]));
  const rows = Buffer.alloc((width + 1) * height);
  colors.forEach((color, at) => {
    rows[at + Math.floor(at / width) + 1] = indexes.get(color) ?? 0;
  });
  return toPNG({ width, height, palette, rows });

  function countOf(color: number): number {
    return counts.get(color) ?? 0;
  }
}

/** One number a pixel, 0xRRGGBB. */
function toColors(pixels: Uint8Array): Uint32Array {
  return Uint32Array.from({ length: pixels.length / 4 }, (_, at) => {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at * 4, at * 4 + 3);
    return (red << 16) | (green << 8) | blue;
  });
}

/**
 * Takes one colour after another, but of the rarer ones none like one that is taken; what counts as alike grows until
 * all have room.
 */
function pickColors(colors: readonly number[]): number[] {
  for (let alike = 0; ; alike += 2) {
    const picked = colors.slice(0, commonColors);
    for (const color of colors.slice(commonColors)) {
      if (picked.every((one) => distance(one, color) > alike)) picked.push(color);
      if (picked.length > mostColors) break;
    }
    if (picked.length <= mostColors) return picked;
  }
}

function indexOfNearest(palette: readonly number[], color: number): number {
  const distances = palette.map((one) => distance(one, color));
  return distances.indexOf(Math.min(...distances));
}

/** How far apart two colours are, 0 to 441. */
function distance(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 255) - ((other >> 8) & 255);
  const blue = (one & 255) - (other & 255);
  return Math.sqrt(red * red + green * green + blue * blue);
}

interface PalettePicture {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly number[];
  /** Row by row: a zero, then one index a pixel. */
  readonly rows: Buffer;
}

function toPNG({ width, height, palette, rows }: PalettePicture): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((color) => [color >> 16, (color >> 8) & 255, color & 255]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
