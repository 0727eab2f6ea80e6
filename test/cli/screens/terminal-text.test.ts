import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { toLoggedPath } from '../../../src/cli/commands/emulator.ts';
import { toPrintable } from '../../../src/cli/commands/whoami.ts';
import { createPalette, hasColor } from '../../../src/cli/palette.ts';
import { fitToWidth, widthOf } from '../../../src/cli/screens/fit-to-width.ts';
import { hasHyperlinks, toHyperlink } from '../../../src/cli/screens/hyperlink.ts';
import { toLinkPage } from '../../../src/cli/screens/link-page.ts';
import { toQRPicture } from '../../../src/cli/screens/qr-picture.ts';

describe('a text that is fitted to a width', () => {
  it.each([
    ['Waiting', 7, 'Waiting'],
    ['Waiting', 6, 'Waiti…'],
    ['Waiting for', 9, 'Waiting…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['Waiting', 1, '…'],
    ['Waiting', 0, ''],
  ])('cuts %s to %d columns: %s', (text, columns, fitted) => {
    expect(fitToWidth(text, columns)).toBe(fitted);
    expect(widthOf(fitted)).toBeLessThanOrEqual(columns);
  });
});

describe('colour', () => {
  const terminal = { write: () => true, isTTY: true };
  const pipe = { write: () => true };

  it.each([
    ['a terminal', terminal, {}, true],
    ['a pipe', pipe, {}, false],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, true],
    ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR over NO_COLOR', pipe, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, false],
  ])('is decided for %s', (_name, output, env, isWanted) => {
    expect(hasColor(output, env)).toBe(isWanted);
  });

  it('leaves text alone where it is not wanted', () => {
    expect(createPalette(false).bold('x')).toBe('x');
    expect(createPalette(true).bold('x')).toBe('\u001B[1mx\u001B[22m');
  });
});

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
});

describe('hyperlinks', () => {
  it.each([
    [{ TERM_PROGRAM: 'iTerm.app' }, true],
    [{ VTE_VERSION: '7603' }, true],
    [{ VTE_VERSION: '4002' }, false],
    [{ WT_SESSION: 'x' }, true],
    [{ TERM: 'xterm-kitty' }, true],
    [{ TERM: 'xterm-256color' }, false],
    [{ TERM_PROGRAM: 'iTerm.app', TMUX: '/tmp/tmux' }, false],
    [{}, false],
  ])('are known for %j: %s', (env, isKnown) => {
    expect(hasHyperlinks(env)).toBe(isKnown);
  });

  it('wrap the text', () => {
    expect(toHyperlink('here', 'https://x.example/')).toBe(
      '\u001B]8;;https://x.example/\u001B\\here\u001B]8;;\u001B\\',
    );
  });
});

describe('what is shown of what others chose', () => {
  it('holds no control characters', () => {
    expect(toPrintable('Eve\u001B[2J\u0007\r\nil ü 日本')).toBe('Eve[2Jil ü 日本');
  });

  it('leaves code and query out of a logged path', () => {
    expect(toLoggedPath('http://127.0.0.1:1/api/v2/pins/qr/7RQZ')).toBe('/api/v2/pins/qr/…');
    expect(toLoggedPath('http://127.0.0.1:1/link/?pin=7RQZ')).toBe('/link/');
    expect(toLoggedPath('http://127.0.0.1:1/api/v2/pins/12')).toBe('/api/v2/pins/12');
  });

  it('leaves the code out of the page to type it on', () => {
    expect(toLinkPage('https://plex.tv/link/?pin=7RQZ')).toBe('https://plex.tv/link');
  });
});
