import type { PlexAuthView } from '../../view.ts';
import type { CommandHost } from '../host/command-host.ts';
import { fitToWidth, widthOf } from './fit-to-width.ts';
import { glyphsOf } from './glyphs.ts';
import { type Invitation, sizeOf, toConsentInvitation, toTypingInvitation } from './invitation.ts';
import { createKeyListener } from './invitation-keys.ts';
import { toHintText } from './key-hints.ts';
import { type Layout, layOut, sizeForPicture } from './lay-out.ts';
import { createLiveBlock } from './live-block.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';
import { type StatusText, toStatusText } from './status-text.ts';

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
/** How long the screen says what came of a key. */
const noticeMs = 6000;

/**
 * Shows a sign-in on a terminal, redrawn in place: what to do, the time left, and what the keys do.
 *
 * The link and the code are in the window whatever its size; the picture is only where there is room besides.
 */
export function createTerminalScreen(options: LoginScreenOptions): LoginScreen {
  const { host, isShort, giveUpAtMs, browser, server } = options;
  const block = createLiveBlock(host);
  let view: PlexAuthView | undefined;
  let isPictureWanted = true;
  let notice: { text: string; untilMs: number } | undefined;
  /** The link that stands above the block, because it is too long for it. */
  let linkAbove: string | undefined;

  const findInvitation = () => {
    if (!view || !('code' in view)) return undefined;
    return isShort ? toTypingInvitation(view, host) : toConsentInvitation(view, host);
  };

  function toHint(invitation: Invitation, layout?: Layout): string {
    if (!host.keyboard) return '';
    const { columns } = sizeOf(host);
    if (notice && Date.now() < notice.untilMs) return host.palette.yellow(notice.text);
    const hints = {
      canOpen: browser !== undefined && browser.obstacle === undefined,
      copied: invitation.copied.name,
      hasPicture: invitation.picture && (layout?.hasPicture ?? true),
    };
    return host.palette.dim(toHintText(hints, columns, glyphsOf(host)));
  }

  function draw(): void {
    const status = view && toStatusText(view, Date.now(), giveUpAtMs, server);
    const size = sizeOf(host);
    const line = status ? toStatusLine(status, size.columns, host) : '';
    const invitation = findInvitation();
    if (!invitation) {
      block.draw([line]);
      return;
    }
    const arrange = (hint: string) => layOut(invitation, { status: line, hint }, size, isPictureWanted);
    const layout = arrange(toHint(invitation, arrange(toHint(invitation))));
    if (!layout.isComplete && linkAbove !== invitation.pageURL) {
      linkAbove = invitation.pageURL;
      writeAbove([invitation.task, ...invitation.essence].filter(Boolean));
    }
    block.draw(layout.lines);
  }

  function writeAbove(lines: readonly string[]): void {
    block.clear();
    host.stdout.write(`${lines.join('\n')}\n`);
  }

  function notify(text: string): void {
    notice = { text, untilMs: Date.now() + noticeMs };
    if (stop.isOpen()) draw();
  }

  function togglePicture(): void {
    const invitation = findInvitation();
    const size = sizeOf(host);
    const hasRoom = invitation && layOut(invitation, { status: ' ', hint: ' ' }, size, true).hasPicture;
    const needed = invitation && sizeForPicture(invitation, size);
    isPictureWanted = !(isPictureWanted && hasRoom);
    notice = undefined;
    if (hasRoom || !needed) draw();
    else notify(`The QR code needs a window of ${needed.columns} columns by ${needed.rows} rows`);
  }

  const onKey = createKeyListener({ host, browser, invitation: findInvitation, togglePicture, notify });
  const stop = keepDrawing(host, { draw, clear: block.clear, onKey });
  return {
    writeLine(text) {
      writeAbove([text]);
      if (view) draw();
    },
    showView(next) {
      view = next;
      draw();
    },
    close: stop.close,
  };
}

/**
 * Hides the cursor, listens to the keys, and draws each second, at each resize, and when the program continues after Ctrl-Z.
 *
 * @returns `close` stops drawing and restores the terminal; it may be called again.
 */
function keepDrawing(
  { stdout, keyboard }: CommandHost,
  { draw, clear, onKey }: { draw(): void; clear(): void; onKey(name: string): void },
): { isOpen(): boolean; close(): void } {
  let stopKeys: (() => void) | undefined;
  const take = () => {
    stdout.write(hideCursor);
    stopKeys = keyboard?.listen(onKey);
  };
  const restore = () => {
    clear();
    stdout.write(showCursor);
    stopKeys?.();
  };
  const suspend = () => {
    restore();
    process.kill(process.pid, 'SIGSTOP');
  };
  const resume = () => {
    stopKeys?.();
    clear();
    take();
    draw();
  };
  let isOpen = true;

  take();
  const timer = setInterval(draw, 1000);
  stdout.on?.('resize', draw);
  process.on('SIGTSTP', suspend).on('SIGCONT', resume).once('exit', restore);

  return {
    isOpen: () => isOpen,
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

/** Fits words and countdown into one line. If there is no room for both, the words are cut and the countdown stays. */
function toStatusLine({ words, left }: StatusText, columns: number, host: CommandHost): string {
  const { ellipsis, separator } = glyphsOf(host);
  if (left === undefined) return fitToWidth(words, columns, ellipsis);
  const countdown = `${separator}${left}`;
  const room = columns - widthOf(countdown);
  if (room < 2) return fitToWidth(left, columns, ellipsis);
  return fitToWidth(words, room, ellipsis) + host.palette.dim(countdown);
}
