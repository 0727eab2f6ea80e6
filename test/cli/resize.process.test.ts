/** A window of the terminal that is made smaller and larger during a sign-in, its screen read back as a person sees it. */
import { describe, expect, it } from 'vitest';
import { useTerminalWorld, type Window } from './terminal-world.ts';

const { open } = useTerminalWorld();

const isPicture = (line: string) => /[█▀▄]{4}/.test(line);

/** How many of each part the window shows. More than one is left over from before a resize. */
function countParts(window: Window): Record<'tasks' | 'statuses' | 'captions' | 'frames', number> {
  const count = (pattern: RegExp) => window.visible().filter((line) => pattern.test(line)).length;
  return {
    tasks: count(/Open |Approve here/),
    statuses: count(/\d:\d\d left/),
    captions: count(/Or scan/),
    frames: count(/╭/),
  };
}

describe('a window that changes its size', () => {
  it.each([
    ['login', 100, 45, 0],
    ['login --short', 100, 45, 1],
  ])(
    'shows each part once after every change, and the link and the code always: %s',
    async (line, columns, rows, frames) => {
      const window = open([...line.split(' '), '--emulator'], { columns, rows });
      await window.sees(/approve · \d+:\d\d left/);
      for (const [wide, high] of [
        [60, 45],
        [60, 20],
        [40, 15],
        [80, 24],
        [120, 50],
        [50, 50],
        [30, 18],
        [120, 50],
      ] as const) {
        window.resize(wide, high);
        await window.waitForStatus();
        const size = `${wide} by ${high}`;
        const { captions, ...parts } = countParts(window);
        expect({ size, ...parts }).toEqual({ size, tasks: 1, statuses: 1, frames });
        expect(captions).toBeLessThan(2);
        expect(window.visible().join('')).toMatch(/127\.0\.0\.1:\d+\/(auth#|link)/);
        expect(window.visible().length).toBeLessThanOrEqual(high);
      }
      expect(window.visible().filter(isPicture).length).toBeGreaterThan(12);
      expect(window.visible()[0]).toBe('Sign in to Plex');
    },
    60_000,
  );

  it('gives the screen from before back at the end, with the end below it', async () => {
    const window = open(['login', '--emulator', '--approve-after', '4'], { rows: 45 });
    await window.sees(/approve · \d+:\d\d left/);
    window.resize(60, 20);
    window.resize(80, 24);
    expect((await window.ended).exitCode).toBe(0);
    expect(window.lines()[0]).toBe('Sign in to Plex');
    expect(window.lines().at(-3)).toBe('Signed in as emulated');
    expect(window.lines().join('\n')).not.toMatch(/ left|Ctrl-C/);
    expect(window.isCursorHidden()).toBe(false);
    expect(window.raw.split('\u001B[?1049h').length).toBe(window.raw.split('\u001B[?1049l').length);
  });

  it.each([
    [40, 45],
    [40, 20],
    [30, 30],
  ])('leaves nothing torn in a window that became %d by %d, nor after Ctrl-C', async (columns, rows) => {
    const window = open(['login', '--emulator'], { columns: 100, rows: 45 });
    await window.sees(/approve · \d+:\d\d left/);
    expect(window.visible().some(isPicture)).toBe(true);
    window.resize(columns, rows);
    await window.waitForStatus();
    expect(window.lines().filter(isPicture)).toEqual([]);
    window.pty.write('\u0003');
    expect((await window.ended).exitCode).toBe(130);
    // The terminal itself breaks what was written before.
    const left = window.lines().join('').replaceAll(' ', '');
    expect(left).toMatch(/^SignintoPlexThisisanemulator.*iskept\.Cancelled\.$/);
  });

  it('shows a link that is too long for a smaller window above it, and in it again once there is room', async () => {
    const window = open(['login', '--emulator', '--product', 'x'.repeat(400)]);
    await window.sees(/approve · \d+:\d\d left/);
    window.resize(60, 6);
    await window.waitForStatus();
    expect(window.lines().join('')).toContain('x'.repeat(400));
    window.resize(80, 24);
    await window.waitForStatus();
    expect(window.visible().join('')).toContain('x'.repeat(400));
    expect(countParts(window)).toMatchObject({ tasks: 1, statuses: 1 });
  });

  it('no longer says that the picture has no room once it is shown', async () => {
    const window = open(['login', '--emulator'], { columns: 60, rows: 20 });
    await window.sees(/^c copies the link/m);
    window.pty.write('q');
    await window.sees(/^The QR code needs a window of/m);
    window.resize(100, 45);
    await window.waitForStatus();
    expect(window.visible().some(isPicture)).toBe(true);
    expect(window.visible().at(-1)).toMatch(/ · q hides the QR code · /);
  });

  it('ends at Ctrl-\\ with the cursor and the screen restored', async () => {
    const window = open(['login', '--emulator']);
    await window.sees(/approve · \d+:\d\d left/);
    window.resize(60, 20);
    await window.waitForStatus();
    window.pty.write('\u001C');
    expect((await window.ended).exitCode).toBe(131);
    expect(window.isCursorHidden()).toBe(false);
    expect(window.lines().at(-1)).toBe('Cancelled.');
  });
});

it.each([
  [34, 15],
  [50, 40],
  [24, 40],
])('breaks no word in a window of %d by %d', async (columns, rows) => {
  const window = open(['login', '--emulator', '--short'], { columns, rows });
  await window.sees(/ left$/m);
  const said = () => window.visible().join(' ').replaceAll(/ +/g, ' ');
  if (rows === 40)
    expect(said()).toContain(
      'not plex.tv. Nothing leaves this machine, no phone reaches it, and nothing is kept.',
    );
  expect(said()).toContain('and type');
});

it('breaks no word of what came of a key', async () => {
  const product = 'A product whose name makes a long link';
  const window = open(['login', '--emulator', '--product', product], { columns: 50, rows: 24 });
  await window.sees(/^c copies the link/m);
  window.pty.write('q');
  await window.sees(/^The QR code needs a window of \d+ columns by \d+\nrows; try login --short$/m);
});
