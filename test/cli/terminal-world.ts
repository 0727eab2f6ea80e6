/** The built program in a pseudo-terminal, its screen read back as a person sees it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { buildOnce, cleanEnv, program } from './run-plex-auth.ts';

/** A window with the program in it. */
export interface Window {
  readonly pty: IPty;
  /** All bytes that came and are on the screen. */
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
  /** Resolves once the program has said it, however short it was to be seen; with the match. Line breaks count as spaces. */
  hasSaid(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<{ exitCode: number; signal?: number }>;
}

interface WindowOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Record<string, string>;
}

/** Windows, and the config folder of the programs in them. */
export interface TerminalWorld {
  readonly folder: string;
  open(args: readonly string[], options?: WindowOptions): Window;
}

/** Gives each test of the file a config folder, and ends what it has opened. */
export function useTerminalWorld(): TerminalWorld {
  let folder: string;
  let started: IPty[];

  beforeAll(buildOnce, 120_000);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'plex-auth-terminal-'));
    started = [];
  });

  afterEach(() => {
    for (const pty of started) pty.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    get folder() {
      return folder;
    },
    open: (args, options) => openWindow(args, folder, started, options),
  };
}

function openWindow(
  args: readonly string[],
  folder: string,
  started: IPty[],
  size: WindowOptions = {},
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
    // The terminal takes its time: what is counted in the bytes must be on the screen as well.
    terminal.write(part, () => {
      raw += part;
    });
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
  const said = () => stripVTControlCharacters(raw).replaceAll(/\s+/g, ' ');
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
    async hasSaid(pattern) {
      await expect.poll(said, { timeout: 20_000, interval: 30 }).toMatch(pattern);
      return pattern.exec(said()) ?? expect.fail('It was said a moment ago');
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
