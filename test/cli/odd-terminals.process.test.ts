/** Sign-ins in terminals with few characters, and with a link that is longer than the window. */
import { describe, expect, it } from 'vitest';
import { useTerminalWorld } from './terminal-world.ts';

const world = useTerminalWorld();

describe('a terminal with ASCII alone', () => {
  it.each([{ LANG: 'C' }, { LC_ALL: 'de_DE.ISO-8859-1', LANG: 'en_US.UTF-8' }, { TERM: 'linux' }])(
    'is sent nothing else: %j',
    async (env) => {
      const window = world.open(['login', '--emulator', '--short'], { env, columns: 120, rows: 50 });
      await window.sees(/Waiting for you to approve - \d+:\d\d left/);
      expect(window.lines().join('\n')).toMatch(/ {2}\+-+\+\s+ {2}\| {2}([A-Z0-9] ){4} \|/);
      expect(window.lines().at(-1)).toMatch(/^c copies the code - q hides the QR code - Ctrl-C cancels$/);
      expect(window.raw).not.toMatch(/[^\0-~]/);
    },
  );

  it('has no picture without colour', async () => {
    const window = world.open(['login', '--emulator'], { env: { LANG: 'C', NO_COLOR: '1' }, rows: 60 });
    await window.sees(/^c copies the link - Ctrl-C cancels$/m);
    expect(window.raw).not.toMatch(/Or scan|[^\0-~]/);
  });

  it.each([
    [{ FORCE_COLOR: '1', TERM: 'dumb' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true],
  ])('is coloured as the environment says: %j', async (env, isColored) => {
    const window = world.open(['login', '--emulator', '--approve-after', '0'], { env });
    await window.ended;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape code itself
    expect(/\u001B\[[\d;]+m/.test(window.raw)).toBe(isColored);
  });
});

describe('a name of an application', () => {
  it('of 3,000 letters leaves the whole link above, and the rest in the window', async () => {
    const product = `long ${'x'.repeat(2990)} end`;
    const window = world.open(['login', '--emulator', '--product', product]);
    await window.sees(/approve · \d+:\d\d left/);
    await window.waitForStatus();
    expect(window.lines().join('')).toMatch(/\/auth#\?clientID=.+&code=\w{25}&.+long%20x{2990}%20end/);
    expect(window.lines().filter((line) => line === 'Open this page and approve:')).toHaveLength(1);
    expect(window.visible().at(-2)).toMatch(/^Waiting for you to approve · \d+:\d\d left$/);
    expect(window.visible().at(-1)).toMatch(/^c copies the link · Ctrl-C cancels$/);
  });

  it.each(['日本語の製品 👩‍👩‍👧‍👦', '\u202Eمنتج עברית'])(
    'of any script leaves the screen as it is: %s',
    async (product) => {
      const window = world.open(['login', '--emulator', '--product', product], { columns: 40, rows: 24 });
      await window.sees(/approve · \d+:\d\d left/);
      await window.waitForStatus();
      expect(window.lines().filter((line) => line.endsWith(' left'))).toHaveLength(1);
      expect(window.raw).not.toContain('\u202E');
      expect(window.lines().at(-1)).toBe('c copies the link · Ctrl-C cancels');
    },
  );
});
