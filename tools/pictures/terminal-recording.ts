/** A sign-in of `plex-auth login` as it looks on a terminal, in virtual time: the same at each recording. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import xterm, { type IBufferCell, type IBufferLine } from '@xterm/headless';
import { runCommandLine } from '../../src/cli/commands/run-command-line.ts';
import type { CommandHost } from '../../src/cli/host/command-host.ts';
import { createPalette } from '../../src/cli/host/palette.ts';
import { programCall } from '../../src/cli/host/program-call.ts';
import { createPlexEmulator, type PlexEmulator } from '../../src/emulator/plex-emulator.ts';
import { createVirtualTime, type VirtualTime } from '../../src/testing/virtual-time.ts';

/** What was written to the terminal, and when, in milliseconds since the start. */
interface Written {
  readonly atMs: number;
  readonly text: string;
}

/** Characters side by side that look the same. */
export interface Run {
  readonly column: number;
  readonly text: string;
  readonly color: 'ink' | 'green' | 'yellow' | 'black';
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isOnWhite: boolean;
}

/** The screen from `atMs` on, until the next frame. */
export interface Frame {
  readonly atMs: number;
  readonly rows: readonly (readonly Run[])[];
  /** Absent while the program hides it. */
  readonly cursor?: { readonly column: number; readonly row: number };
}

/** A recording. Nothing in it scrolls. */
export interface Recording {
  readonly columns: number;
  readonly rows: number;
  readonly frames: readonly Frame[];
  /** When the picture says most: the user has the code. */
  readonly posterAtMs: number;
  readonly durationMs: number;
}

const args = ['login', '--short'];
const size = { columns: 60, rows: 28 };
/** Where the picture says that the sign-in is kept. */
const shownFolder = '/home/ada/.config/plex-auth-flow';
const prompt = '\u001B[32m$\u001B[39m ';
const startedAtMs = 2600;
const approvedAtMs = 8300;
const stepMs = 100;
/** How long the end is looked at before it all begins again. */
const restMs = 4000;

/**
 * Records a sign-in, from the command being typed to the prompt that comes back.
 *
 * @param emulate Makes the emulated plex.tv. Default: one that gives the same code each time.
 */
export async function recordTerminal(emulate = createRecordedPlex): Promise<Recording> {
  const typed = typeCommand(`${programCall} ${args.join(' ')}`);
  const ran = (await runLogin(emulate)).map(({ atMs, text }) => ({ atMs: startedAtMs + atMs, text }));
  const endMs = (ran.at(-1)?.atMs ?? 0) + 200;
  const frames = await showOnTerminal([...typed, ...ran, { atMs: endMs, text: prompt }]);
  const shown = frames.find(({ rows }) => rows.some((row) => row.some(({ text }) => text.includes('left'))));
  return { ...size, frames, posterAtMs: (shown?.atMs ?? 0) + 2000, durationMs: endMs + restMs };
}

/** Makes an emulated plex.tv that takes a moment over what a user waits for, and whose code is plainly made up. */
export function createRecordedPlex({ clock }: VirtualTime): PlexEmulator {
  const emulator = createPlexEmulator({ clock, random: () => 0, user: { title: 'ada' } });
  emulator.fault({ type: 'slow', delayMs: 900 }, { operation: 'getPin' });
  emulator.fault({ type: 'slow', delayMs: 700 }, { operation: 'getUser' });
  // A person who scans the picture must not find somebody's PIN, and must see that it is only a demo.
  const fetch: PlexEmulator['fetch'] = async (input, init) => {
    const { status, headers, body } = await emulator.fetch(input, init);
    const [code = ''] = emulator.pins.map((pin) => pin.code);
    const text = body && (await new Response(body).text()).replaceAll(`"${code}"`, '"DEMO"');
    return new Response(text, { status, headers });
  };
  return Object.create(emulator, { fetch: { value: fetch } }) as PlexEmulator;
}

/** A person who types, a little unevenly. */
function typeCommand(command: string): Written[] {
  const keys = [...command].map((text, index) => ({ atMs: 600 + index * 60 + ((index * 37) % 5) * 8, text }));
  return [{ atMs: 0, text: prompt }, ...keys, { atMs: startedAtMs, text: '\r\n' }];
}

/** Runs the real command, its clock, timers, `fetch` and dice replaced while it runs. */
async function runLogin(emulate: (time: VirtualTime) => PlexEmulator): Promise<Written[]> {
  const folder = mkdtempSync(join(tmpdir(), 'plex-auth-recording-'));
  const time = createVirtualTime();
  const emulator = emulate(time);
  const startMs = time.clock.now();
  const written: Written[] = [];
  const write = (text: string) =>
    written.push({ atMs: time.clock.now() - startMs, text: text.replaceAll(folder, shownFolder) });
  const host: CommandHost = {
    stdout: { ...size, isTTY: true, write },
    stderr: { write },
    env: { PLEX_AUTH_CONFIG_DIR: folder, TERM: 'xterm-256color' },
    signal: new AbortController().signal,
    palette: createPalette(true),
    hasHyperlinks: false,
    hasUnicode: true,
    keyboard: { listen: () => () => {} },
    browser: { obstacle: undefined, open: async () => {} },
    warn: (message) => write(`${message}\n`),
  };
  const restore = replaceGlobals(time, emulator);
  try {
    let isOver = false;
    const over = runCommandLine(args, host, '').finally(() => {
      isOver = true;
    });
    over.catch(() => {});
    // Files are read and written in real time, during which the virtual one stands still.
    while (emulator.pending === 0 && !isOver) await setImmediate();
    await time.advance(approvedAtMs - (time.clock.now() - startMs));
    for (const { code } of emulator.pins) emulator.link(code);
    const isAskedForName = () => emulator.requests.some(({ operation }) => operation === 'getUser');
    const reads = () => emulator.requests.filter(({ operation }) => operation === 'getToken').length;
    for (const before = reads(); reads() === before && !isOver; ) await time.advance(stepMs);
    // The token is stored before the program says so.
    while (!isAskedForName() && !isOver) await setImmediate();
    while (emulator.pending > 0) await time.advance(stepMs);
    const exitCode = await over;
    if (exitCode !== 0) throw new Error(`The recorded login ended with ${exitCode}`);
    return written;
  } finally {
    restore();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns Puts them back. */
function replaceGlobals({ clock }: VirtualTime, emulator: PlexEmulator): () => void {
  const { fetch, setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
  const { now } = Date;
  const { random } = Math;
  const intervals = new Map<unknown, unknown>();
  const every = (key: object, run: () => void, everyMs: number) => {
    const again = () => {
      every(key, run, everyMs);
      run();
    };
    intervals.set(key, clock.setTimeout(again, everyMs));
  };
  Object.assign(globalThis, {
    fetch: emulator.fetch,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    setInterval: (run: () => void, everyMs: number) => {
      const key = {};
      every(key, run, everyMs);
      return key;
    },
    clearInterval: (key: unknown) => clock.clearTimeout(intervals.get(key)),
  });
  Date.now = clock.now;
  Math.random = () => 0.5;
  return () => {
    Object.assign(globalThis, { fetch, setTimeout, clearTimeout, setInterval, clearInterval });
    Date.now = now;
    Math.random = random;
  };
}

/** Writes all of it to a terminal and looks at the screen after each moment. */
async function showOnTerminal(written: readonly Written[]): Promise<Frame[]> {
  const { columns: cols, rows } = size;
  const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true, convertEol: true });
  const frames: Frame[] = [];
  let isCursorHidden = false;
  for (const [index, { atMs, text }] of written.entries()) {
    await new Promise<void>((shown) => terminal.write(text, shown));
    const [hides, shows] = ['\u001B[?25l', '\u001B[?25h'].map((code) => text.lastIndexOf(code)) as [
      number,
      number,
    ];
    if (hides !== shows) isCursorHidden = hides > shows;
    if (written[index + 1]?.atMs === atMs) continue;
    const { active } = terminal.buffer;
    if (active.baseY > 0) throw new Error(`The recording does not fit into ${rows} rows`);
    const lines = Array.from({ length: rows }, (_, row) => active.getLine(row));
    const frame: Frame = {
      atMs,
      rows: lines.map((line) => (line ? toRuns(line, cols) : [])),
      ...(!isCursorHidden && { cursor: { column: active.cursorX, row: active.cursorY } }),
    };
    frames.push(frame);
  }
  terminal.dispose();
  return frames;
}

/** The row's characters, those that look the same together; blank ones on the terminal's own ground left out. */
function toRuns(line: IBufferLine, columns: number): Run[] {
  const runs: Run[] = [];
  for (let column = 0; column < columns; column++) {
    const cell = line.getCell(column);
    if (!cell) continue;
    const look = lookOf(cell);
    const text = cell.getChars() || ' ';
    const last = runs.at(-1);
    if (last && isSameLook(last, look) && last.column + last.text.length === column) {
      runs[runs.length - 1] = { ...last, text: last.text + text };
    } else {
      runs.push({ column, text, ...look });
    }
  }
  return runs
    .map((run) => (run.isOnWhite ? run : { ...run, text: run.text.trimEnd() }))
    .filter(({ text }) => text !== '');
}

type Look = Omit<Run, 'column' | 'text'>;

/** By the numbers that the program uses of the 256 colours. */
const colors: Record<number, Run['color']> = { 2: 'green', 3: 'yellow', 16: 'black' };

/** @throws {Error} For a colour that the picture does not know. */
function lookOf(cell: IBufferCell): Look {
  const color = cell.isFgDefault() ? 'ink' : colors[cell.getFgColor()];
  const isOnWhite = !cell.isBgDefault();
  if (!color || (isOnWhite && cell.getBgColor() !== 231)) {
    throw new Error(`The picture does not know colour ${cell.getFgColor()} on ${cell.getBgColor()}`);
  }
  return { color, isBold: cell.isBold() !== 0, isDim: cell.isDim() !== 0, isOnWhite };
}

function isSameLook(one: Look, other: Look): boolean {
  return (
    one.color === other.color &&
    one.isBold === other.isBold &&
    one.isDim === other.isDim &&
    one.isOnWhite === other.isOnWhite
  );
}
