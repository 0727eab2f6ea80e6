import type { PlexAuthCode, PlexAuthView } from '../../view.ts';
import { toLinkPage } from './link-page.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';
import { toStatusText } from './status-text.ts';

/** Writes a line for each change that matters, for pipes, logs and terminals that cannot do more. */
export function createPlainScreen({ host: { stdout }, isShort }: LoginScreenOptions): LoginScreen {
  let code: string | undefined;
  let words: string | undefined;
  const say = (text: string) => {
    stdout.write(`${text}\n`);
  };

  function invite(view: PlexAuthCode): void {
    if (isShort) say(`Open ${toLinkPage(view.linkURL)} and type the code ${view.code}`);
    else say(`Open this page and approve: ${view.authURL}`);
  }

  function tellStatus(view: PlexAuthView): void {
    // By the moment of the fault itself, so that the same fault is told in the same words.
    const nowMs = ('lastError' in view && view.lastError?.atMs) || 0;
    const status = toStatusText(view, nowMs);
    if (!status || status.words === words) return;
    words = status.words;
    if (view.status !== 'authenticated') say(words);
  }

  return {
    say,
    show(view) {
      if ('code' in view && view.code !== code) {
        code = view.code;
        invite(view);
      }
      tellStatus(view);
    },
    close: () => {},
  };
}
