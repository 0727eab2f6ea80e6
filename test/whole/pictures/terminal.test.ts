/** The picture of a terminal is a recording of the program as it is. After a change of it: `npm run pictures`. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { PlexEmulator } from '../../../src/emulator/plex-emulator.ts';
import {
  createRecordedPlex,
  type Frame,
  recordTerminal,
} from '../../../tools/pictures/terminal-recording.ts';
import { drawTerminal } from '../../../tools/pictures/terminal-svg.ts';

/** What a frame says, a line each. */
function linesOf({ rows }: Frame): string[] {
  return rows.map((runs) => runs.reduce((line, { column, text }) => line.padEnd(column) + text, ''));
}

const recording = await recordTerminal();
const svg = drawTerminal(recording);
const screens = recording.frames.map((frame) => linesOf(frame).join('\n'));

describe('docs/pictures/terminal.svg', () => {
  it('is the recording of the program that runs (else: npm run pictures)', () => {
    expect(readFileSync('docs/pictures/terminal.svg', 'utf8')).toBe(svg);
  });

  it('plays over and over, and stands still for who wants no motion', () => {
    const [still = '', moving = ''] = svg.split('@media (prefers-reduced-motion: no-preference) {');
    expect(still).not.toMatch(/animation|@keyframes/);
    expect(moving.match(/animation: m\d+ \d+ms step-end infinite/g)?.length).toBeGreaterThan(30);
    expect(svg).toMatch(/<g class="then poster m\d+">\n<text[^>]*>Waiting for you to approve/);
    expect(svg).toMatch(/<g class="then m\d+">\n<text[^>]*>Signed in</);
  });

  it('says to screen readers what is shown', () => {
    expect(svg).toMatch(
      /^<svg [^>]*role="img"[^>]*>\n<title>A sign-in with plex-auth in a terminal<\/title>\n<desc>/,
    );
    const [, words = ''] = /<desc>([\s\S]*)<\/desc>/.exec(svg) ?? [];
    expect(words).toContain('Open https://plex.tv/link and type\nD E M O\n');
    expect(words).toContain('Signed in as ada');
  });

  it('fetches nothing and runs nothing', () => {
    expect(svg).not.toMatch(/<script|<image|<foreignObject|href=|url\(|@import/);
  });
});

describe('the recording', () => {
  it('is the same each time', async () => {
    expect(await recordTerminal()).toEqual(recording);
  });

  it('shows the command, the code, the QR picture and a countdown in one line, then the name', () => {
    expect(screens[0]).toMatch(/^\$\n/);
    const poster = recording.frames.findLast(({ atMs }) => atMs <= recording.posterAtMs) as Frame;
    expect(screens.some((screen) => screen.startsWith('$ npx plex-auth-flow login --short\n'))).toBe(true);
    expect(linesOf(poster).slice(0, 6).join('\n')).toBe(
      'Sign in to Plex\n\nOpen https://plex.tv/link and type\n' +
        '  ╭───────────╮\n  │  D E M O  │\n  ╰───────────╯',
    );
    expect(linesOf(poster).filter((line) => /^[ █▀▄]*[█▀▄][ █▀▄]*$/.test(line)).length).toBeGreaterThan(10);
    expect(linesOf(poster)).toContain('Enter open · c copy · q QR · Ctrl-C end');
    expect(screens.at(-1)).toMatch(
      /\nSigned in as ada\nKept in .+\nNext: .+ whoami, token or logout\n\$\s*$/,
    );
  });

  it('counts down second by second, and shows each status in the same line', () => {
    const left = [...new Set(screens.flatMap((screen) => /\d+:\d\d(?= left)/.exec(screen)?.[0] ?? []))];
    expect(left.slice(0, 4)).toEqual(['15:00', '14:59', '14:58', '14:57']);
    expect(left.length).toBeGreaterThan(6);
    expect(screens.filter((screen) => /left[\s\S]*left|left[\s\S]*Signed in/.test(screen))).toEqual([]);
    for (const status of ['Asking Plex for a code', 'Approved']) {
      expect(screens.some((screen) => screen.includes(`\n${status}\n`))).toBe(true);
    }
  });

  it('hides the cursor while the program has the screen', () => {
    const withCode = recording.frames.filter((_, index) => screens[index]?.includes(' left'));
    expect(withCode.filter(({ cursor }) => cursor)).toEqual([]);
    expect(recording.frames.at(-1)?.cursor).toBeDefined();
  });

  it('holds no token, no code of an emulated PIN and no folder', async () => {
    const answers: string[] = [];
    let emulator: PlexEmulator | undefined;
    const again = await recordTerminal((time) => {
      const inner = createRecordedPlex(time);
      const fetch: PlexEmulator['fetch'] = async (input, init) => {
        const answer = await inner.fetch(input, init);
        answers.push(await answer.clone().text());
        return answer;
      };
      emulator = Object.create(inner, { fetch: { value: fetch } }) as PlexEmulator;
      return emulator;
    });
    const tokens = answers.flatMap((answer) => /"authToken":"([^"]+)"/.exec(answer)?.[1] ?? []);
    expect(tokens.length).toBeGreaterThan(0);
    const codes = emulator?.pins.map(({ code }) => code) ?? [];
    const all = JSON.stringify(again) + drawTerminal(again) + svg;
    for (const secret of [...tokens, ...codes, emulator?.accountToken ?? '?', tmpdir()]) {
      expect(all).not.toContain(secret);
    }
  });

  it('gives the process its clock, timers, fetch and dice back', async () => {
    const { fetch, setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const before = [fetch, setTimeout, clearTimeout, setInterval, clearInterval, Date.now, Math.random];
    await recordTerminal();
    const { globalThis: now } = globalThis;
    const after = [now.fetch, now.setTimeout, now.clearTimeout, now.setInterval, now.clearInterval];
    expect([...after, Date.now, Math.random]).toEqual(before);
  });
});
