import type { PlexAuthCode, PlexAuthView } from '../../view.ts';
import type { CommandHost } from '../command-host.ts';
import { fitToWidth, widthOf } from './fit-to-width.ts';
import { hasHyperlinks, toHyperlink } from './hyperlink.ts';
import { toLinkPage } from './link-page.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';
import { toQRPicture } from './qr-picture.ts';
import { type StatusText, toStatusText } from './status-text.ts';

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
/** To the start of the line and everything from there on, so that a line which a narrower window wrapped goes as a whole. */
const clearStatus = '\r\u001B[J';
/** So that a line which was made for a wider window than there is by now is cut, and does not wrap. */
const wrapOff = '\u001B[?7l';
const wrapOn = '\u001B[?7h';

/**
 * Shows a sign-in on a terminal: what to do once, and below it one line that is redrawn in place each second.
 *
 * The cursor stands hidden at the start of that line: where a resized window wraps the line anew, most keep it there.
 */
export function createTerminalScreen({ host, isShort, giveUpAtMs }: LoginScreenOptions): LoginScreen {
  const { stdout } = host;
  let view: PlexAuthView | undefined;
  let code: string | undefined;

  function draw(): void {
    const status = view && toStatusText(view, Date.now(), giveUpAtMs);
    const { columns } = sizeOf(host);
    const line = status ? toStatusLine(status, columns - 1, host) : '';
    stdout.write(`${clearStatus}${wrapOff}${line}\r${wrapOn}`);
  }

  function print(lines: readonly string[]): void {
    stdout.write(`${clearStatus}${lines.join('\n')}\n`);
  }

  const suspend = () => {
    stdout.write(clearStatus + showCursor);
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => {
    stdout.write(hideCursor);
    draw();
  };
  const restore = () => {
    stdout.write(clearStatus + showCursor);
  };

  stdout.write(hideCursor);
  const timer = setInterval(draw, 1000);
  stdout.on?.('resize', draw);
  process.on('SIGTSTP', suspend).on('SIGCONT', resume).once('exit', restore);
  let isOpen = true;

  return {
    say: (text) => print([text]),
    show(next) {
      view = next;
      if ('code' in next && next.code !== code) {
        code = next.code;
        print(isShort ? toTypingLines(next, host) : toConsentLines(next, host));
      }
      draw();
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(timer);
      stdout.off?.('resize', draw);
      process.off('SIGTSTP', suspend).off('SIGCONT', resume).off('exit', restore);
      restore();
    },
  };
}

/** A window that tells no size is taken for the classic one. */
function sizeOf({ stdout }: CommandHost): { columns: number; rows: number } {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}

function toConsentLines({ code, authURL }: PlexAuthCode, host: CommandHost): string[] {
  const task = `Open this page and approve the code ${host.palette.bold(code)}:`;
  return ['', task, toLink(authURL, authURL, host), ...toQRLines(authURL, host)];
}

function toTypingLines({ code, linkURL }: PlexAuthCode, host: CommandHost): string[] {
  const page = toLink(toLinkPage(linkURL), linkURL, host);
  return ['', `Open ${page} and type`, ...toCodeBox(code, host), ...toQRLines(linkURL, host)];
}

/** Sets a code in a box, its characters apart. */
function toCodeBox(code: string, host: CommandHost): string[] {
  const { bold } = host.palette;
  const inside = `  ${[...code].join(' ')}  `;
  const width = widthOf(inside);
  if (width + 4 > sizeOf(host).columns) return [bold(code)];
  const rule = '─'.repeat(width);
  return [`  ╭${rule}╮`, `  │${bold(inside)}│`, `  ╰${rule}╯`];
}

/** The picture, where the window shows the whole of it with the status line below. */
function toQRLines(url: string, host: CommandHost): string[] {
  const { palette } = host;
  const { columns, rows } = sizeOf(host);
  const picture = toQRPicture(url, palette.hasColor);
  if (picture.columns <= columns && picture.rows < rows) {
    return ['', 'Or scan this with your phone:', ...picture.lines];
  }
  const needed = `${picture.columns} columns and ${picture.rows + 1} rows`;
  return ['', palette.dim(`(The window is too small for a QR code, which takes ${needed}.)`), ''];
}

function toLink(text: string, url: string, { env, palette }: CommandHost): string {
  const shown = palette.bold(text);
  return hasHyperlinks(env) ? toHyperlink(shown, url) : shown;
}

/** Words and countdown in one line that does not wrap; where room is short the countdown stays and the words are cut. */
function toStatusLine({ words, left }: StatusText, columns: number, { palette }: CommandHost): string {
  if (left === undefined) return fitToWidth(words, columns);
  const tail = ` · ${left}`;
  const room = columns - widthOf(tail);
  if (room < 2) return fitToWidth(left, columns);
  return fitToWidth(words, room) + palette.dim(tail);
}
