import type { PlexAuthView } from '../../view.ts';
import type { CommandHost } from '../host/command-host.ts';
import { fitToWidth, widthOf } from './fit-to-width.ts';
import { glyphsOf } from './glyphs.ts';
import { type Invitation, sizeOf, toConsentInvitation, toTypingInvitation } from './invitation.ts';
import { createKeyListener } from './invitation-keys.ts';
import { toHintText } from './key-hints.ts';
import { type Layout, layOut, type Notice, sizeForPicture } from './lay-out.ts';
import { createLiveBlock } from './live-block.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';
import { toStatusText } from './status-text.ts';

const hideCursor = '\u001B[?25l';
const showCursor = '\u001B[?25h';
/** How long the screen says what came of a key. */
const noticeMs = 4000;

/**
 * Shows a sign-in on a terminal, redrawn in place: what to do, the time left, and what the keys do.
 *
 * The link and the code are in the window whatever its size; the picture is only where there is room besides.
 */
export function createTerminalScreen(options: LoginScreenOptions): LoginScreen {
  const { host, browser } = options;
  const block = createLiveBlock(host);
  const state: ScreenState = { view: undefined, isPictureWanted: true, notice: undefined };
  /** The link that stands above the block, because it is too long for it. */
  let linkAbove: string | undefined;
  const header: string[] = [];

  const findInvitation = () => toInvitation(state, options);

  function draw(): void {
    const status = toStatusLine(state, options);
    const invitation = findInvitation();
    const above = block.isApart ? header : [];
    const layout = invitation && arrange(invitation, { status, header: above }, state, options);
    if (layout && !layout.isComplete) keepLinkAbove(invitation);
    block.draw(layout?.lines ?? [status]);
  }

  function keepLinkAbove({ pageURL, task, essence }: Invitation): void {
    if (block.isApart) block.clear();
    if (linkAbove === pageURL) return;
    linkAbove = pageURL;
    writeAbove([task, ...essence].filter(Boolean));
  }

  function drawAnew(): void {
    if (findInvitation()) block.moveApart();
    draw();
  }

  function writeAbove(lines: readonly string[]): void {
    block.clear();
    host.stdout.write(`${lines.join('\n')}\n`);
  }

  function notify(text: string): void {
    state.notice = { text, untilMs: Date.now() + noticeMs };
    if (drawing.isOpen()) draw();
  }

  function togglePicture(): void {
    const invitation = findInvitation();
    const size = sizeOf(host);
    const hasRoom =
      invitation && layOut(invitation, { header: [], status: ' ', hint: ' ' }, size, true).hasPicture;
    const needed = invitation && sizeForPicture(invitation, size);
    state.isPictureWanted = !(state.isPictureWanted && hasRoom);
    state.notice = undefined;
    if (hasRoom || !needed) draw();
    else notify(toNoRoomText(needed, options));
  }

  const onKey = createKeyListener({ host, browser, invitation: findInvitation, togglePicture, notify });
  const drawing = keepDrawing(host, { draw, drawAnew, clear: block.clear, onKey });
  return {
    writeLine(text) {
      header.push(text);
      writeAbove([text]);
      if (state.view) draw();
    },
    showView(view) {
      state.view = view;
      draw();
    },
    close: drawing.close,
  };
}

/** What a screen shows, beside its options. */
interface ScreenState {
  view: PlexAuthView | undefined;
  isPictureWanted: boolean;
  /** What came of a key. */
  notice: { readonly text: string; readonly untilMs: number } | undefined;
}

function toInvitation({ view }: ScreenState, { isShort, host }: LoginScreenOptions): Invitation | undefined {
  if (!view?.code) return undefined;
  return isShort ? toTypingInvitation(view, host) : toConsentInvitation(view, host);
}

/** Lays the screen out. What `q` does now depends on whether there is room for the picture. */
function arrange(
  invitation: Invitation,
  around: { readonly status: string; readonly header: readonly string[] },
  state: ScreenState,
  options: LoginScreenOptions,
): Layout {
  const size = sizeOf(options.host);
  const notice = toNotice(state, options);
  const withHint = (hint: string) =>
    layOut(invitation, { ...around, hint, notice }, size, state.isPictureWanted);
  const { hasPicture } = withHint(toHint(invitation, true, options));
  return withHint(toHint(invitation, hasPicture, options));
}

function toNotice({ notice }: ScreenState, { host }: LoginScreenOptions): Notice | undefined {
  if (!notice || Date.now() >= notice.untilMs) return undefined;
  const { yellow } = host.palette;
  const brief = fitToWidth(notice.text, sizeOf(host).columns, glyphsOf(host).ellipsis);
  return { words: yellow(notice.text), brief: yellow(brief) };
}

/** Says how large the window must be for the picture. That of the short link is smaller. */
function toNoRoomText(
  { columns, rows }: { readonly columns: number; readonly rows: number },
  { isShort }: LoginScreenOptions,
): string {
  const way = isShort ? '' : '; try login --short';
  return `The QR code needs a window of ${columns} columns by ${rows} rows${way}`;
}

function toHint(
  { copied, picture }: Invitation,
  hasPicture: boolean,
  { host, browser }: LoginScreenOptions,
): string {
  if (!host.keyboard) return '';
  const hints = {
    canOpen: browser !== undefined && browser.obstacle === undefined,
    copied: copied.name,
    hasPicture: picture && hasPicture,
  };
  return host.palette.dim(toHintText(hints, sizeOf(host).columns, glyphsOf(host)));
}

/**
 * Hides the cursor, listens to the keys, and draws each second, at each resize, and when the program continues after Ctrl-Z.
 *
 * @returns `close` stops drawing and restores the terminal; it may be called again.
 */
function keepDrawing(
  { stdout, keyboard }: CommandHost,
  {
    draw,
    drawAnew,
    clear,
    onKey,
  }: { draw(): void; drawAnew(): void; clear(): void; onKey(name: string): void },
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
  stdout.on?.('resize', drawAnew);
  process.on('SIGTSTP', suspend).on('SIGCONT', resume).once('exit', restore);

  return {
    isOpen: () => isOpen,
    close() {
      if (!isOpen) return;
      isOpen = false;
      clearInterval(timer);
      stdout.off?.('resize', drawAnew);
      process.off('SIGTSTP', suspend).off('SIGCONT', resume).off('exit', restore);
      restore();
    },
  };
}

/** Fits words and countdown into one line. If there is no room for both, the words are cut and the countdown stays. */
function toStatusLine({ view }: ScreenState, { host, giveUpAtMs, server }: LoginScreenOptions): string {
  const status = view && toStatusText(view, Date.now(), giveUpAtMs, server);
  if (!status) return '';
  const { words, left } = status;
  const { columns } = sizeOf(host);
  const { ellipsis, separator } = glyphsOf(host);
  if (left === undefined) return fitToWidth(words, columns, ellipsis);
  const countdown = `${separator}${left}`;
  const room = columns - widthOf(countdown);
  if (room < 2) return fitToWidth(left, columns, ellipsis);
  return fitToWidth(words, room, ellipsis) + host.palette.dim(countdown);
}
