import type { PlexAuthCode, PlexAuthView } from '../../view.ts';
import { toLinkPage } from './link-page.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';
import { toStatusText } from './status-text.ts';

/** Writes a line for each change that matters, for pipes, logs and terminals that cannot redraw a line. */
export function createPlainScreen({ host: { stdout }, isShort, server }: LoginScreenOptions): LoginScreen {
  let shownCode: string | undefined;
  let shownStatus: string | undefined;
  const writeLine = (text: string) => {
    stdout.write(`${text}\n`);
  };

  function writeInvitation({ code, authURL, linkURL }: PlexAuthCode): void {
    if (isShort) writeLine(`Open ${toLinkPage(linkURL)} and type the code ${code}`);
    else writeLine(`Open this page and approve: ${authURL}`);
  }

  function writeStatus(view: PlexAuthView): void {
    // By the moment of the error itself, so that the same error gives the same words and is written once.
    const nowMs = view.lastError?.atMs ?? 0;
    const status = toStatusText(view, nowMs, undefined, server);
    if (!status || status.words === shownStatus) return;
    shownStatus = status.words;
    if (view.status !== 'authenticated') writeLine(status.words);
  }

  return {
    writeLine,
    showView(view) {
      if (view.code && view.code !== shownCode) {
        shownCode = view.code;
        writeInvitation(view);
      }
      writeStatus(view);
    },
    close: () => {},
  };
}
