import type { PlexAuthCode, PlexAuthView } from '../../view.ts';
import type { CommandHost, Output } from '../host/command-host.ts';
import { fitToWidth, widthOf } from './fit-to-width.ts';
import {
  hasRoomForPicture,
  type Invitation,
  sizeOf,
  toConsentInvitation,
  toPictureLines,
  toSmallWindowLines,
  toTypingInvitation,
} from './invitation.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';
import { type StatusText, toStatusText } from './status-text.ts';

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
/** Clears from the start of the line to the end of the screen, so that a line wrapped by a narrower window goes as a whole. */
const clearStatus = '\r\u001B[J';
/** With wrapping off, a line made for a window that has since become narrower is cut. */
const wrapOff = '\u001B[?7l';
const wrapOn = '\u001B[?7h';

/**
 * Shows a sign-in on a terminal: what to do, written once, and below it one status line, redrawn each second.
 *
 * The picture is written only where the link stays on the screen above it; if there is no room, as soon as the user has
 * made the window large enough. The hidden cursor stays at the start of the status line: most terminals keep it there when
 * a resize wraps the line.
 */
export function createTerminalScreen({ host, isShort, giveUpAtMs }: LoginScreenOptions): LoginScreen {
  const { stdout } = host;
  let view: PlexAuthView | undefined;
  let shownCode: string | undefined;
  /** The invitation whose picture is still to come, with the lines that are written. */
  let waiting: { invitation: Invitation; lines: readonly string[] } | undefined;

  function drawStatus(): void {
    const status = view && toStatusText(view, Date.now(), giveUpAtMs);
    const line = status ? toStatusLine(status, sizeOf(host).columns - 1, host) : '';
    stdout.write(`${clearStatus}${wrapOff}${line}\r${wrapOn}`);
  }

  function writeLines(lines: readonly string[]): void {
    stdout.write(`${clearStatus}${lines.join('\n')}\n`);
  }

  function writeInvitation(code: PlexAuthCode): void {
    const invitation = isShort ? toTypingInvitation(code, host) : toConsentInvitation(code, host);
    const hasRoom = hasRoomForPicture(invitation.lines, invitation, host);
    const lines = hasRoom
      ? [...invitation.lines, ...toPictureLines(invitation)]
      : [...invitation.lines, ...toSmallWindowLines(invitation, host)];
    writeLines(['', ...lines]);
    waiting = hasRoom ? undefined : { invitation, lines };
  }

  function writeWaitingPicture(): void {
    if (!waiting || !hasRoomForPicture(waiting.lines, waiting.invitation, host)) return;
    writeLines(toPictureLines(waiting.invitation));
    waiting = undefined;
  }

  const close = keepDrawing(stdout, () => {
    writeWaitingPicture();
    drawStatus();
  });
  return {
    writeLine: (text) => writeLines([text]),
    showView(next) {
      view = next;
      if (!next.code) waiting = undefined;
      else if (next.code !== shownCode) {
        shownCode = next.code;
        writeInvitation(next);
      }
      drawStatus();
    },
    close,
  };
}

/**
 * Hides the cursor and draws each second, at each resize, and when the program continues after Ctrl-Z.
 *
 * @returns Stops drawing and restores the terminal. May be called again.
 */
function keepDrawing(stdout: Output, draw: () => void): () => void {
  const restore = () => {
    stdout.write(clearStatus + showCursor);
  };
  const suspend = () => {
    restore();
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => {
    stdout.write(hideCursor);
    draw();
  };
  let isOpen = true;

  stdout.write(hideCursor);
  const timer = setInterval(draw, 1000);
  stdout.on?.('resize', draw);
  process.on('SIGTSTP', suspend).on('SIGCONT', resume).once('exit', restore);

  return () => {
    if (!isOpen) return;
    isOpen = false;
    clearInterval(timer);
    stdout.off?.('resize', draw);
    process.off('SIGTSTP', suspend).off('SIGCONT', resume).off('exit', restore);
    restore();
  };
}

/** Fits words and countdown into one line. If there is no room for both, the words are cut and the countdown stays. */
function toStatusLine({ words, left }: StatusText, columns: number, { palette }: CommandHost): string {
  if (left === undefined) return fitToWidth(words, columns);
  const countdown = ` · ${left}`;
  const room = columns - widthOf(countdown);
  if (room < 2) return fitToWidth(left, columns);
  return fitToWidth(words, room) + palette.dim(countdown);
}
