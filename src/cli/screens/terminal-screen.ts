import type { CommandHost } from '../host/command-host.ts';
import { wrapWords } from './fit-to-width.ts';
import { type Invitation, sizeOf } from './invitation.ts';
import { createKeyListener } from './invitation-keys.ts';
import { keepDrawing } from './keep-drawing.ts';
import { createLiveBlock, type LiveBlock } from './live-block.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';
import { arrange, type ScreenState, toInvitation, toNoRoomText, toStatusLine } from './screen-content.ts';

/** How long the screen says what came of a key. */
const noticeMs = 4000;

/**
 * Shows a sign-in on a terminal, redrawn in place: what to do, the time left, and what the keys do.
 *
 * While a code waits, it has the terminal's second screen. The link and the code are in the window where they fit, or else
 * the link stands above it, unbroken; the picture is only where there is room besides, or in their place once the user asks for it.
 */
export function createTerminalScreen(options: LoginScreenOptions): LoginScreen {
  const { host, browser } = options;
  const block = createLiveBlock(host);
  const linesAbove = createLinesAbove(host, block);
  const state: ScreenState = { view: undefined, pictureWish: 'besideWords', notice: undefined };

  const invitation = () => toInvitation(state, options);
  const layOutNow = (shown: Invitation) => {
    const status = toStatusLine(state, options);
    return arrange(shown, { status, header: block.canBeApart ? linesAbove.header : [] }, state, options);
  };

  function draw(): void {
    const shown = invitation();
    if (shown) {
      // A larger window has made the notice untrue.
      if (state.notice?.isAboutRoom && layOutNow(shown).hasPicture) state.notice = undefined;
      const { lines, isComplete } = layOutNow(shown);
      if (!isComplete) linesAbove.keepLink(shown);
      block.draw(lines, isComplete);
    } else block.draw([toStatusLine(state, options)]);
  }

  function notify(text: string, isAboutRoom = false): void {
    state.notice = { text, untilMs: Date.now() + noticeMs, isAboutRoom };
    if (drawing.isOpen()) draw();
  }

  function togglePicture(): void {
    const shown = invitation();
    if (!shown) return;
    state.notice = undefined;
    state.pictureWish = layOutNow(shown).hasPicture ? 'hidden' : 'asked';
    const noRoom = toNoRoomText(shown, state, options);
    const isWithoutRoom = state.pictureWish === 'asked' && !layOutNow(shown).hasPicture;
    if (isWithoutRoom && noRoom) notify(noRoom, true);
    else draw();
  }

  const onKey = createKeyListener({ host, browser, invitation, togglePicture, notify });
  const drawing = keepDrawing(host, { draw, clear: block.clear, onKey });
  return {
    writeLine(text) {
      linesAbove.write(text);
      if (state.view) draw();
    },
    showView(view) {
      state.view = view;
      draw();
    },
    close: drawing.close,
  };
}

/** What stands above the block and stays there at the end. */
interface LinesAbove {
  /** The lines that were written, for where they are out of sight. */
  readonly header: readonly string[];
  write(line: string): void;
  /** Writes a link that is too long for the block, once. */
  keepLink(invitation: Invitation): void;
}

function createLinesAbove(host: CommandHost, block: LiveBlock): LinesAbove {
  const header: string[] = [];
  let linkAbove: string | undefined;

  function writeAll(lines: readonly string[]): void {
    block.clear();
    host.stdout.write(`${lines.join('\n')}\n`);
  }

  return {
    header,
    write(line) {
      header.push(line);
      writeAll(wrapWords(line, sizeOf(host).columns));
    },
    keepLink({ pageURL, task, essence }) {
      if (linkAbove === pageURL) return;
      linkAbove = pageURL;
      writeAll([task, ...essence].filter(Boolean));
    },
  };
}
