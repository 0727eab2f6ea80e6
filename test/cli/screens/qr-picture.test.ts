import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { type QRPicture, toQRPicture } from '../../../src/cli/screens/qr-picture.ts';

describe('the QR picture', () => {
  const text = 'https://plex.example/link/?pin=7RQZ';
  const { data, size } = encode(text, { border: 2 });

  function draw(address: string, hasColor: boolean): QRPicture {
    const picture = toQRPicture(address, { hasColor, hasUnicode: true });
    if (!picture) throw new Error('There is no picture');
    return picture;
  }

  /** Reads the modules back from the characters: where the ink is, above and below. */
  function readInk(lines: readonly string[]): boolean[][] {
    const halves = (line: string, inked: string) => [...line].map((glyph) => inked.includes(glyph));
    return lines.flatMap((line) => [halves(line, '█▀'), halves(line, '█▄')]).slice(0, size);
  }

  it('has ink for the dark modules in colour, black on white', () => {
    const { lines, columns, rows } = draw(text, true);
    const style = '\u001B[38;5;16;48;5;231m';
    expect(lines.every((line) => line.startsWith(style) && line.endsWith('\u001B[0m'))).toBe(true);
    expect(readInk(lines.map((line) => line.slice(style.length, -4)))).toEqual(data);
    expect([columns, rows]).toEqual([size, Math.ceil(size / 2)]);
  });

  it('has ink for the light modules without colour, and no escape codes', () => {
    const { lines } = draw(text, false);
    expect(readInk(lines)).toEqual(data.map((row) => row.map((isDark) => !isDark)));
  });

  it('fits a window of 80 by 24 for a consent page of usual length', () => {
    const url = `https://app.plex.tv/auth#?clientID=${'a'.repeat(24)}&code=${'b'.repeat(25)}&context%5Bdevice%5D%5Bproduct%5D=plex-auth`;
    const { columns, rows } = draw(url, true);
    expect([columns <= 80, rows < 24]).toEqual([true, true]);
  });

  it('is made of spaces on black and white where there is only ASCII', () => {
    const picture = toQRPicture(text, { hasColor: true, hasUnicode: false });
    const rows = picture?.lines.map((line) =>
      [...line.matchAll(/\[48;5;(16|231)m {2}/g)].map(([, color]) => color === '16'),
    );
    expect(rows).toEqual(data);
    expect(picture?.lines.join('')).not.toMatch(/[^\0-~]/);
    expect([picture?.columns, picture?.rows]).toEqual([size * 2, size]);
  });

  it('is left out where no QR code holds the text', () => {
    const options = { hasColor: true, hasUnicode: true };
    expect(toQRPicture('x'.repeat(2953), options)?.columns).toBe(181);
    expect(toQRPicture('x'.repeat(2954), options)).toBeUndefined();
  });

  it('is left out where there is neither colour nor more than ASCII', () => {
    expect(toQRPicture(text, { hasColor: false, hasUnicode: false })).toBeUndefined();
  });
});
