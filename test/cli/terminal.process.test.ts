/** The built program in a pseudo-terminal, its screen read back as a person sees it. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { servePlexEmulator } from '../../src/testing/index.ts';
import { useTerminalWorld } from './terminal-world.ts';

const world = useTerminalWorld();
const { open } = world;

const waiting = /^Waiting for you to approve · \d+:\d\d left$/;
const isPicture = (line: string) => /[█▀▄]/.test(line);

describe('login in a terminal', () => {
  it('shows title, address, QR code and one status line, in a window of 80 by 40', async () => {
    const window = open(['login', '--emulator'], { rows: 40 });
    await window.sees(/approve · 2\d:\d\d left/);
    const lines = window.lines();
    expect(lines[0]).toBe('Sign in to Plex');
    expect(lines.join(' ')).toContain('not plex.tv');
    expect(lines.join('')).toMatch(/http:\/\/127\.0\.0\.1:\d+\/auth#\?clientID=emulated&code=\w{25}&/);
    const visible = lines.slice(-40);
    expect(visible.filter(isPicture).length).toBeGreaterThanOrEqual(21);
    expect(lines.filter((line) => waiting.test(line)).length).toBe(1);
    expect(window.hasColor()).toBe(true);
    expect(window.raw).not.toContain('\u001B]8;;');
  });

  it.each([
    ['login', 80, 24, /http:\/\/127\.0\.0\.1:\d+\/auth#/],
    ['login', 40, 20, /http:\/\/127\.0\.0\.1:\d+\/auth#/],
    ['login', 80, 27, /http:\/\/127\.0\.0\.1:\d+\/auth#/],
    ['login --short', 80, 18, /Open http:\/\/127\.0\.0\.1:\d+\/link and type/],
    ['login --short', 80, 24, /Open http:\/\/127\.0\.0\.1:\d+\/link and type/],
    ['login --short', 30, 24, /Open http:\/\/127\.0\.0\.1:\d+/],
  ])('shows the link in the window, whatever its size: %s, %d by %d', async (line, columns, rows, link) => {
    const window = open([...line.split(' '), '--emulator'], { columns, rows });
    await window.sees(/ \d+:\d\d left/);
    expect(window.visible().join('\n')).toMatch(link);
    expect(window.visible().join('\n')).toMatch(/left(\n|$)/);
    if (line.includes('--short')) expect(window.visible().join('\n')).toMatch(/([A-Z0-9] ){3}[A-Z0-9]/);
  });

  it.each([
    ['login', 80, 50],
    ['login', 60, 50],
    ['login --short', 60, 40],
  ])(
    'says at q how large the window must be for the picture, and draws it once it is: %s',
    async (line, columns, tooSmall) => {
      const window = open([...line.split(' '), '--emulator'], { columns, rows: 13 });
      await window.sees(/^c (copies|copy)/m);
      expect(window.lines().at(-1)).not.toMatch(/\bq\b/);
      window.pty.write('q');
      const size = /needs a window of (\d+) columns by (\d+) rows/;
      const [, wide = '', high = ''] = await window.hasSaid(size);
      expect(Number(high)).toBeLessThan(tooSmall);
      window.resize(Number(wide), Number(high) - 1);
      await window.waitForStatus();
      expect(window.lines().filter(isPicture)).toEqual([]);
      window.resize(Number(wide), Number(high));
      // The screen may arrive in several parts.
      await expect.poll(() => window.visible().filter(isPicture).length).toBeGreaterThan(14);
      await window.sees(/\d:\d\d\s.*left|c cop.* q /s);
      window.resize(Number(wide), Number(high) - 1);
      await window.sees(/Open .*left\n/s);
      expect(window.visible().filter(isPicture)).toEqual([]);
    },
  );

  it('offers q only where it can show the picture', async () => {
    const product = 'A product whose name makes a long link';
    const without = open(['login', '--emulator', '--product', product]);
    await without.sees(/^c copies the link · Ctrl-C cancels$/m);
    const withRoom = open(['login', '--emulator', '--product', product], { rows: 40 });
    await withRoom.sees(/^c copies the link · q (hides|shows) the QR code · Ctrl-C cancels$/m);
  });

  it('shows the picture beside a broken link at q where there is no other room, and the whole link again', async () => {
    const window = open(['login', '--emulator']);
    await window.sees(/^c copies the link · q shows the QR code · Ctrl-C cancels$/m);
    // The consent page names the project in full.
    expect(window.lines().join('')).toContain('context%5Bdevice%5D%5Bproduct%5D=plex-auth-flow');
    window.pty.write('q');
    await expect.poll(() => window.visible().filter(isPicture).length).toBeGreaterThan(20);
    expect(window.visible().at(-1)).toMatch(waiting);
    for (const words of [
      /^http:\/\/127\.0\.0\.1:\d+\/auth#\?/m,
      /^q hides the QR code /m,
      /^Ctrl-C cancels /m,
    ])
      expect(window.visible().join('\n')).toMatch(words);
    window.pty.write('c');
    await expect.poll(() => window.visible().at(-1)).toMatch(/^Copied the link/);
    expect(window.visible().filter(isPicture).length).toBeGreaterThan(20);
    window.pty.write('q');
    await window.sees(/^Open this page and approve:$/m);
    expect(window.visible().filter(isPicture)).toEqual([]);
  });

  it('redraws the status line in place, with the cursor hidden, and prints the rest once', async () => {
    const window = open(['login', '--emulator', '--timeout', '60'], { rows: 40 });
    await window.sees(/· 0:5[89] left/);
    const before = window.lines().length;
    await window.sees(/· 0:5[67] left/);
    expect(window.isCursorHidden()).toBe(true);
    expect(window.lines().length).toBe(before);
    expect(window.lines().filter((line) => line.includes('Waiting for you')).length).toBe(1);
    expect(window.raw.split('Or scan this').length).toBe(2);
  });

  it('ends with the name on a line of its own, and the cursor shown', async () => {
    const window = open(['login', '--emulator', '--approve-after', '1']);
    expect((await window.ended).exitCode).toBe(0);
    expect(window.lines().at(-3)).toBe('Signed in as emulated');
    expect(window.lines().filter((line) => /Waiting|Approved|Asking/.test(line))).toEqual([]);
    expect(window.isCursorHidden()).toBe(false);
    expect(readdirSync(world.folder)).toEqual([]);
  });

  it('shows a short code big, and where to type it', async () => {
    const window = open(['login', '--emulator', '--short'], { rows: 40 });
    await window.sees(/approve · 1\d:\d\d left/);
    const text = window.lines().join('\n');
    expect(text).toMatch(/Open http:\/\/127\.0\.0\.1:\d+\/link and type *\n/);
    expect(text).toMatch(/│ {2}[A-Z0-9] [A-Z0-9] [A-Z0-9] [A-Z0-9] {2}│/);
    expect(window.lines().filter(isPicture).length).toBeGreaterThan(10);
  });

  it.each(['login', 'login --short'])(
    'leaves a clean screen at Ctrl-C, with exit code 130: %s',
    async (line) => {
      const window = open([...line.split(' '), '--emulator']);
      await window.sees(/approve · \d+:\d\d left/);
      window.pty.write('\u0003');
      expect((await window.ended).exitCode).toBe(130);
      expect(window.lines().at(-1)).toBe('Cancelled.');
      expect(window.lines().join('\n')).not.toMatch(/Waiting|\^C/);
      expect(window.isCursorHidden()).toBe(false);
    },
  );

  it('shows the cursor again where it fails', async () => {
    const { url, close } = await servePlexEmulator();
    await close();
    const window = open(['login', '--server-url', url, '--timeout', '1']);
    expect((await window.ended).exitCode).toBe(3);
    expect(window.isCursorHidden()).toBe(false);
    expect(window.raw).toContain(`Cannot reach ${url} (ECONNREFUSED), trying again`);
    expect(window.lines().join('\n')).not.toContain('trying again');
  });

  it('leaves the picture out of a window of 20 columns, and never wraps the status line', async () => {
    const window = open(['login', '--emulator'], { columns: 20 });
    await window.sees(/^.*… · 2\d:\d\d left$/m);
    await window.sees(/29:5[0-7] left/);
    expect(window.lines().filter(isPicture)).toEqual([]);
    expect(window.lines().at(-1)).toBe('c copy · Ctrl-C end');
    expect(window.lines().filter((line) => /left$/.test(line)).length).toBe(1);
  });

  it('stays one status line when the window is made narrower and wider', async () => {
    const window = open(['login', '--emulator']);
    await window.sees(/approve · 2\d:\d\d left/);
    window.resize(30, 24);
    await window.sees(/^Waiting .*… · 2\d:\d\d left$/m);
    window.resize(100, 30);
    await window.sees(/^Waiting for you to approve · 2\d:\d\d left$/m);
    expect(window.lines().filter((line) => /Waiting|left$/.test(line)).length).toBe(1);
  });

  it('has no colour with NO_COLOR, and a picture all the same', async () => {
    const window = open(['login', '--emulator'], { rows: 40, env: { NO_COLOR: '1' } });
    await window.sees(/approve · 2\d:\d\d left/);
    expect(window.hasColor()).toBe(false);
    expect(window.raw).not.toMatch(/\[[\d;]+m/);
    expect(window.lines().filter(isPicture).length).toBeGreaterThanOrEqual(21);
  });

  it.each([{ TERM: 'dumb' }, { CI: 'true' }])('writes plain lines with %j', async (env) => {
    const window = open(['login', '--emulator', '--approve-after', '0'], { env, columns: 300 });
    expect((await window.ended).exitCode).toBe(0);
    expect(window.raw).not.toMatch(/\[\?25|\[J/);
    expect(window.lines().filter(isPicture)).toEqual([]);
    expect(window.lines().at(-3)).toBe('Signed in as emulated');
  });

  it('makes the address a hyperlink where the terminal is known for it', async () => {
    const env = { TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203-110809-5046fc22' };
    const window = open(['login', '--emulator'], { env });
    await window.sees(/approve · 2\d:\d\d left/);
    expect(window.raw).toMatch(/\]8;;http:\/\/127\.0\.0\.1:\d+\/auth#/);
  });
});
