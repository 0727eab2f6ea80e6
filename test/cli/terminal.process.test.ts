/** The built program in a pseudo-terminal, its screen read back as a person sees it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildOnce, cleanEnv, program } from './run-plex-auth.ts';

beforeAll(buildOnce, 120_000);

let folder: string;
let started: IPty[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plex-auth-terminal-'));
  started = [];
});

afterEach(() => {
  for (const pty of started) pty.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A window with the program in it. */
interface Window {
  readonly pty: IPty;
  /** All bytes that came. */
  readonly raw: string;
  /** Every line, those that have scrolled away included, without the empty ones at the end. */
  lines(): string[];
  /** The lines that the window shows now. */
  visible(): string[];
  /** Resolves once the status line has been drawn again. */
  waitForStatus(): Promise<void>;
  /** Whether a cell has a colour of its own. */
  hasColor(): boolean;
  isCursorHidden(): boolean;
  resize(columns: number, rows: number): void;
  /** Resolves once the screen holds it. */
  sees(pattern: RegExp): Promise<void>;
  readonly ended: Promise<{ exitCode: number; signal?: number }>;
}

function open(
  args: readonly string[],
  size: { columns?: number; rows?: number; env?: Record<string, string> } = {},
): Window {
  const { columns: cols = 80, rows = 24, env = {} } = size;
  const terminal = new xterm.Terminal({
    cols,
    rows,
    allowProposedApi: true,
    scrollback: 500,
  });
  const pty = spawn(process.execPath, [program, ...args], {
    cols,
    rows,
    env: cleanEnv(folder, { TERM: 'xterm-256color', ...env }),
  });
  started.push(pty);
  let raw = '';
  let isAlive = true;
  pty.onData((part) => {
    raw += part;
    terminal.write(part);
  });
  const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => {
    pty.onExit((exit) => {
      isAlive = false;
      terminal.write('', () => resolve(exit));
    });
  });
  const lines = () => {
    const { active } = terminal.buffer;
    const all = Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    );
    while (all.at(-1) === '') all.pop();
    return all;
  };
  const visible = () => {
    const { active, length } = { active: terminal.buffer.active, length: terminal.rows };
    return Array.from(
      { length },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    ).filter(Boolean);
  };
  const drawings = () => raw.split(' left').length;
  return {
    pty,
    ended,
    lines,
    visible,
    waitForStatus: () => {
      const drawn = drawings();
      return expect.poll(drawings, { timeout: 20_000, interval: 30 }).toBeGreaterThan(drawn + 1);
    },
    get raw() {
      return raw;
    },
    hasColor: () => {
      const { active } = terminal.buffer;
      return Array.from({ length: active.length }, (_, row) => active.getLine(row)).some((line) =>
        Array.from({ length: cols }, (_, column) => line?.getCell(column)).some(
          (cell) => cell && (!cell.isFgDefault() || !cell.isBgDefault()),
        ),
      );
    },
    isCursorHidden: () => raw.lastIndexOf('\u001B[?25l') > raw.lastIndexOf('\u001B[?25h'),
    resize(columns, newRows) {
      terminal.resize(columns, newRows);
      pty.resize(columns, newRows);
    },
    sees: (pattern) =>
      expect
        .poll(() => (pattern.test(lines().join('\n')) ? 'seen' : isAlive ? lines().join('\n') : 'over'), {
          timeout: 20_000,
          interval: 30,
        })
        .toBe('seen'),
  };
}

const waiting = /^Waiting for you to approve · \d+:\d\d left$/;
const isPicture = (line: string) => /^[\s█▀▄]+$/.test(line) && /[█▀▄]/.test(line);

describe('login in a terminal', () => {
  it('shows title, address, QR code and one status line, in a window of 80 by 40', async () => {
    const window = open(['login', '--emulator'], { rows: 40 });
    await window.sees(/approve · 2\d:\d\d left/);
    const lines = window.lines();
    expect(lines[0]).toBe('Sign in to Plex');
    expect(lines.join(' ')).toContain('not plex.tv');
    expect(lines.join('')).toMatch(
      /http:\/\/127\.0\.0\.1:\d+\/auth#\?clientID=plex-auth-emulated&code=\w{25}&/,
    );
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
    expect(window.visible().join('\n')).toMatch(/left$/);
  });

  it.each([
    ['login', 80, 50],
    ['login', 60, 50],
    ['login --short', 80, 40],
  ])(
    'says how large the window must be for the picture, and draws it once it is: %s',
    async (line, columns, tooSmall) => {
      const window = open([...line.split(' '), '--emulator'], { columns, rows: 12 });
      await window.sees(/too small/);
      const [, wide = '', high = ''] = /make it (\d+) columns by (\d+) rows/.exec(window.raw) ?? [];
      expect(Number(high)).toBeLessThan(tooSmall);
      window.resize(Math.max(columns, Number(wide)), Number(high) - 1);
      await window.waitForStatus();
      expect(window.lines().filter(isPicture)).toEqual([]);
      window.resize(Math.max(columns, Number(wide)), Number(high));
      await window.sees(/Or scan this/);
      await window.waitForStatus();
      expect(window.visible().filter(isPicture).length).toBeGreaterThan(14);
      expect(window.visible().join('\n')).toMatch(/Open /);
      await window.waitForStatus();
      expect(window.raw.split('Or scan this').length).toBe(2);
    },
  );

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
    expect(window.lines().at(-1)).toBe('Signed in as emulated');
    expect(window.lines().filter((line) => /Waiting|Approved|Asking/.test(line))).toEqual([]);
    expect(window.isCursorHidden()).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('shows a short code big, and where to type it', async () => {
    const window = open(['login', '--emulator', '--short'], { rows: 40 });
    await window.sees(/approve · 1\d:\d\d left/);
    const text = window.lines().join('\n');
    expect(text).toMatch(/Open http:\/\/127\.0\.0\.1:\d+\/link and type\n/);
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
    const window = open(['login', '--server-url', 'http://127.0.0.1:1', '--timeout', '1']);
    expect((await window.ended).exitCode).toBe(3);
    expect(window.isCursorHidden()).toBe(false);
    expect(window.raw).toContain('No connection to Plex, trying again');
    expect(window.lines().join('\n')).not.toContain('No connection to Plex');
  });

  it('leaves the picture out of a window of 20 columns, and never wraps the status line', async () => {
    const window = open(['login', '--emulator'], { columns: 20 });
    await window.sees(/^.*… · 2\d:\d\d left$/m);
    await window.sees(/29:5[0-7] left/);
    expect(window.lines().filter(isPicture)).toEqual([]);
    expect(window.lines().join('')).toContain('too small');
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
    expect(window.lines().at(-1)).toBe('Signed in as emulated');
  });

  it('makes the address a hyperlink where the terminal is known for it', async () => {
    const env = { TERM_PROGRAM: 'WezTerm', TERM_PROGRAM_VERSION: '20240203-110809-5046fc22' };
    const window = open(['login', '--emulator'], { env });
    await window.sees(/approve · 2\d:\d\d left/);
    expect(window.raw).toMatch(/\]8;;http:\/\/127\.0\.0\.1:\d+\/auth#/);
  });
});
