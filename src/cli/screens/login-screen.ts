import type { PlexAuthView } from '../../view.ts';
import type { Browser } from '../host/browser.ts';
import type { CommandHost } from '../host/command-host.ts';
import type { ServerAddress } from '../host/server-address.ts';

/** Shows a sign-in. */
export interface LoginScreen {
  /** Writes a line of its own, where people read. */
  writeLine(text: string): void;
  /** Shows the current view of the sign-in. */
  showView(view: PlexAuthView): void;
  /** Restores the terminal. May be called again. */
  close(): void;
}

export interface LoginScreenOptions {
  readonly host: CommandHost;
  /** Whether the code is one for a person to type. */
  readonly isShort: boolean;
  /** When the caller's own limit ends the sign-in, in milliseconds since the epoch. */
  readonly giveUpAtMs: number;
  /** What opens the page; absent if the user turned that off. */
  readonly browser?: Browser | undefined;
  /** Whom the sign-in asks, to be named where it cannot be reached. */
  readonly server: ServerAddress;
}
