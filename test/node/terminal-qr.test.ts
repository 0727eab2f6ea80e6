import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { toQRPicture, toTerminalQR } from '../../src/node/terminal-qr.ts';

describe('the QR picture', () => {
  const text = 'https://plex.example/link/?pin=7RQZ';
  const { data, size } = encode(text, { border: 2 });

  /** Reads the modules back from the characters: where the ink is, above and below. */
  function readInk(lines: readonly string[]): boolean[][] {
    const halves = (line: string, inked: string) => [...line].map((glyph) => inked.includes(glyph));
    return lines.flatMap((line) => [halves(line, '█▀'), halves(line, '█▄')]).slice(0, size);
  }

  it('has ink for the dark modules in colour, black on white', () => {
    const { lines, columns, rows } = toQRPicture(text, true);
    const style = '\u001B[38;5;16;48;5;231m';
    expect(lines.every((line) => line.startsWith(style) && line.endsWith('\u001B[0m'))).toBe(true);
    expect(readInk(lines.map((line) => line.slice(style.length, -4)))).toEqual(data);
    expect([columns, rows]).toEqual([size, Math.ceil(size / 2)]);
  });

  it('has ink for the light modules without colour, and no escape codes', () => {
    const { lines } = toQRPicture(text, false);
    expect(readInk(lines)).toEqual(data.map((row) => row.map((isDark) => !isDark)));
  });

  it('fits a window of 80 by 24 for a consent page of usual length', () => {
    const url = `https://app.plex.tv/auth#?clientID=${'a'.repeat(24)}&code=${'b'.repeat(25)}&context%5Bdevice%5D%5Bproduct%5D=plex-auth`;
    const { columns, rows } = toQRPicture(url, true);
    expect([columns <= 80, rows < 24]).toEqual([true, true]);
  });

  it('is for a terminal of one’s own too: coloured, plain, or in ASCII with two characters to a module', () => {
    expect(toTerminalQR(text, { hasColor: true })).toBe(toQRPicture(text, true).lines.join('\n'));
    expect(toTerminalQR(text, { hasColor: false })).toBe(toQRPicture(text, false).lines.join('\n'));
    const ascii = toTerminalQR(text, { charset: 'ascii' }).split('\n');
    expect(ascii.map((line) => line.match(/../g)?.map((pair) => pair === '  '))).toEqual(data);
  });

  it.each([
    [{ hasColor: 'yes' }, 'hasColor'],
    [{ charset: 'latin1' }, 'charset'],
  ])('refuses %j, naming it', (options, name) => {
    expect(() => toTerminalQR(text, options as never)).toThrow(new RegExp(`${name} must`));
    expect(() => toTerminalQR('')).toThrow(/text must/);
  });
});
