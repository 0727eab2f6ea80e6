/** The keys of a sign-in, pressed in a pseudo-terminal. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useTerminalWorld, type Window } from './terminal-world.ts';

const world = useTerminalWorld();

/** Opens a window whose `xdg-open` writes down what it is to open. */
function openWithBrowser(
  args: readonly string[],
  env: Record<string, string> = { DISPLAY: ':0' },
  script = 'printf %s "$1" > "$PLEX_AUTH_CONFIG_DIR/opened"',
): Window {
  const opener = join(world.folder, 'xdg-open');
  writeFileSync(opener, `#!/bin/sh\n${script}\n`);
  chmodSync(opener, 0o755);
  const path = `${world.folder}:${process.env['PATH']}`;
  return world.open(['login', '--emulator', ...args], { env: { PATH: path, ...env } });
}

const openedPage = () => {
  const file = join(world.folder, 'opened');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** The picture of its link has more than 24 rows. */
const longProduct = 'A product whose name makes a long link';
const waiting = /approve · \d+:\d\d left/;
const modeOf = ({ pty }: Window) =>
  execFileSync('stty', ['-F', readlinkSync(`/proc/${pty.pid}/fd/0`), '-a'], { encoding: 'utf8' });
const isRaw = (window: Window) => / -icanon/.test(modeOf(window)) && / -echo /.test(modeOf(window));
const stateOf = ({ pty }: Window) => /\) (\w)/.exec(readFileSync(`/proc/${pty.pid}/stat`, 'utf8'))?.[1];

describe('the keys of a sign-in', () => {
  it('are listed, and nothing opens by itself', async () => {
    const window = openWithBrowser([]);
    await window.sees(/^Enter opens the page · c copies the link · q shows the QR code · Ctrl-C cancels$/m);
    await window.waitForStatus();
    expect(openedPage()).toBe('');
  });

  it.each([
    [[], /\/auth#\?clientID=emulated&code=\w{25}&/],
    [['--short'], /\/link\/\?pin=[A-Z0-9]{4}$/],
    [['--product', '$(touch x)"`; & RTL \u202Eא'], /product%5D=%24\(touch%20x\)%22%60%3B%20%26%20RTL/],
  ])('open the page at Enter, without a shell: %j', async (args, page) => {
    const window = openWithBrowser(args);
    await window.sees(waiting);
    window.pty.write('\r');
    await window.hasSaid(/Opening the page in your browser/);
    await expect.poll(openedPage, { timeout: 10_000 }).toMatch(page);
  });

  it('open it with what BROWSER names, in an SSH session too', async () => {
    const env = { SSH_CONNECTION: '::1 1 ::1 22', BROWSER: 'xdg-open' };
    const window = openWithBrowser([], env);
    await window.sees(waiting);
    window.pty.write('\r');
    await expect.poll(openedPage, { timeout: 10_000 }).toMatch(/\/auth#/);
  });

  it.each([
    [[], { DISPLAY: ':0', SSH_CONNECTION: '::1 1 ::1 22' }, 'No browser here, this is an SSH session'],
    [[], {}, 'No browser here, there is no display'],
    [[], { DISPLAY: ':0', BROWSER: 'none' }, 'Opening a browser is turned off'],
    [['--no-browser'], { DISPLAY: ':0' }, 'Opening a browser is turned off'],
  ] as [string[], Record<string, string>, string][])(
    'say why nothing opens: %j %j',
    async (args, env, reason) => {
      const window = openWithBrowser(args, env);
      await window.sees(/^c copies the link/m);
      window.pty.write('\r');
      await window.hasSaid(new RegExp(reason));
      expect(openedPage()).toBe('');
    },
  );

  it.each([
    ['fails', 'exit 3'],
    ['is not there', ''],
  ])('say so if what opens pages %s', async (_how, script) => {
    const window = openWithBrowser([], { DISPLAY: ':0', ...(script ? {} : { PATH: world.folder }) }, script);
    if (!script) chmodSync(join(world.folder, 'xdg-open'), 0o644);
    await window.sees(waiting);
    window.pty.write('\r');
    await window.hasSaid(/The browser could not be opened: open the link yourself/);
  });

  it('copy the link at c, and a short code, by OSC 52', async () => {
    for (const [args, copied] of [
      [[], /^http:\/\/127\.0\.0\.1:\d+\/auth#\?.*code=\w{25}/],
      [['--short'], /^[A-Z0-9]{4}$/],
    ] as [string[], RegExp][]) {
      const window = openWithBrowser(args);
      await window.sees(waiting);
      window.pty.write('c');
      await window.hasSaid(/Copied the (link|code)/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape code itself
      const [, base64 = ''] = /\u001B\]52;c;([^\u0007]+)\u0007/.exec(window.raw) ?? [];
      expect(Buffer.from(base64, 'base64').toString()).toMatch(copied);
    }
  });

  it('suggest a smaller picture at q where that of a long link does not fit', async () => {
    const window = world.open(['login', '--emulator', '--product', longProduct]);
    await window.sees(waiting);
    window.pty.write('q');
    await window.hasSaid(/The QR code needs a window of 80 columns by \d+ rows; try login --short/);
    expect(window.visible().filter((line) => /approve:$/.test(line))).toHaveLength(1);
  });

  it('show the picture of a link as long as that of Plex at q, in a window of 24 rows, with all else beside it', async () => {
    const plexLink = `https://app.plex.tv/auth#?clientID=${'x'.repeat(36)}&code=${'x'.repeat(25)}&context%5Bdevice%5D%5Bproduct%5D=plex-auth-flow`;
    const window = world.open([
      'login',
      '--emulator',
      '--product',
      'A-product-whose-name-has-39--characters',
    ]);
    await window.sees(waiting);
    window.pty.write('q');
    await window.sees(/▀/);
    const shown = window.visible();
    const words = shown.map((line) => line.slice(0, 30).replaceAll(/[█▀▄]/g, '').trim()).join('');
    const [link = ''] = /http:\S+?characters/.exec(words) ?? [];
    expect(link.length).toBeGreaterThanOrEqual(plexLink.length);
    expect(words).toMatch(/q hides the QR code.*approve ?· ?\d+:\d\d left$/);
    expect(shown).toHaveLength(24);
  });

  it('say so at q where the terminal cannot show a picture', async () => {
    const window = world.open(['login', '--emulator'], { env: { LANG: 'C', NO_COLOR: '1' } });
    await window.sees(/ left$/m);
    window.pty.write('q');
    await window.hasSaid(/This terminal cannot show a QR code of the link: open it yourself/);
  });

  it('are listed again some seconds after one was pressed, also below a link that is too long for the window', async () => {
    const hints = /^Enter opens the page · c copies the link (· q shows the QR code )?· Ctrl-C cancels$/m;
    const press = async (key: string, product: string) => {
      const window = openWithBrowser(['--product', product]);
      await window.sees(hints);
      window.pty.write(key);
      await expect.poll(() => window.lines().join('\n')).not.toMatch(hints);
      await window.sees(hints);
    };
    await Promise.all([
      ...['c', '\r'].map((key) => press(key, 'Moviebox')),
      press('q', longProduct),
      press('c', 'x'.repeat(2500)),
    ]);
  });

  it.each([
    ['c', /^Copied the code, if…$/m],
    ['\r', /^No browser here, th…$/m],
  ])('say what came of %j in a window with one row left', async (key, words) => {
    const window = world.open(['login', '--emulator', '--short'], { columns: 20, rows: 5 });
    await window.sees(/ left$/m);
    window.pty.write(key);
    await window.sees(words);
    expect(window.visible().join(' ')).toMatch(/\/link and type [A-Z0-9]{4} /);
    await window.sees(/ left$/m);
  });

  it('hide and show the picture at q', async () => {
    const window = world.open(['login', '--emulator', '--short']);
    await window.sees(/Or scan this/);
    window.pty.write('q');
    await window.sees(/q shows the QR code/);
    expect(window.visible().join('\n')).not.toMatch(/Or scan this|▀/);
    window.pty.write('q');
    await window.sees(/q hides the QR code/);
    expect(window.visible().join('\n')).toMatch(/Or scan this.*▀/s);
  });

  it('ignore those that mean nothing, arrows included', async () => {
    const window = openWithBrowser([]);
    await window.sees(waiting);
    window.pty.write('x\u001B[C\u001B[A \u001Bc');
    await window.waitForStatus();
    expect(window.raw).not.toMatch(/Copied|Opening/);
    expect(window.visible().at(-1)).toMatch(/^Enter opens the page/);
  });
});

describe('the terminal’s mode', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGQUIT', 131],
  ] as const)('is restored after %s', async (signal, exitCode) => {
    const window = openWithBrowser([]);
    await window.sees(waiting);
    expect(isRaw(window)).toBe(true);
    window.pty.write('\u001A');
    await expect.poll(() => stateOf(window)).toBe('T');
    expect(isRaw(window)).toBe(false);
    await expect.poll(window.isCursorHidden).toBe(false);
    await expect.poll(() => window.lines().join('\n')).not.toMatch(/left|opens the page/);
    window.pty.kill('SIGCONT');
    await expect.poll(() => isRaw(window)).toBe(true);
    await window.sees(waiting);
    await window.waitForStatus();
    expect(window.visible().filter((line) => waiting.test(line))).toHaveLength(1);
    window.pty.kill(signal);
    expect((await window.ended).exitCode).toBe(exitCode);
    expect(window.isCursorHidden()).toBe(false);
    expect(window.lines().at(-1)).toBe('Cancelled.');
  });
});
