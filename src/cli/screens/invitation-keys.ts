import type { Browser } from '../host/browser.ts';
import { toClipboardCode } from '../host/clipboard.ts';
import type { CommandHost } from '../host/command-host.ts';
import type { Invitation } from './invitation.ts';

/** What the keys need of the screen. */
export interface KeyTarget {
  readonly host: CommandHost;
  readonly browser: Browser | undefined;
  /** The invitation that is shown; undefined if there is none. */
  invitation(): Invitation | undefined;
  togglePicture(): void;
  /** Says for a moment what came of a key. */
  notify(text: string): void;
}

/** Makes what runs when a key is pressed: Enter opens the page, `c` copies, `q` shows or hides the picture. */
export function createKeyListener(target: KeyTarget): (name: string) => void {
  return (name) => {
    const invitation = target.invitation();
    if (!invitation) return;
    if (name === 'return' || name === 'enter') void openPage(invitation, target);
    else if (name === 'c') copy(invitation, target);
    else if (name === 'q') {
      if (invitation.picture) target.togglePicture();
      else target.notify('This terminal cannot show a QR code of the link: open it yourself');
    }
  };
}

async function openPage({ pageURL }: Invitation, { browser, notify }: KeyTarget): Promise<void> {
  if (!browser) return notify('Opening a browser is turned off: open the link yourself');
  if (browser.obstacle)
    return notify(`No browser here, ${browser.obstacle}: open the link on your own device`);
  const onFailure = () => notify('The browser could not be opened: open the link yourself');
  notify('Opening the page in your browser');
  await browser.open(pageURL, onFailure).catch(onFailure);
}

function copy({ copied: { name, text } }: Invitation, { host, notify }: KeyTarget): void {
  host.stdout.write(toClipboardCode(text, Boolean(host.env['TMUX'])));
  notify(`Copied the ${name}, if this terminal lets programs copy`);
}
