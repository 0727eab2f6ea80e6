import type { PlexAuthView } from '../../view.ts';
import type { CommandHost } from '../command-host.ts';
import { createJSONScreen } from './json-screen.ts';
import { createPlainScreen } from './plain-screen.ts';
import { createTerminalScreen } from './terminal-screen.ts';

/** What shows a sign-in. */
export interface LoginScreen {
  /** Writes a line of its own, where people read. */
  say(text: string): void;
  /** Shows where the sign-in stands. */
  show(view: PlexAuthView): void;
  /** Leaves the terminal as it was found. May be called again. */
  close(): void;
}

/** What a screen is made for. */
export interface LoginScreenOptions {
  readonly host: CommandHost;
  /** Whether the code is one for a person to type. */
  readonly isShort: boolean;
  /** When the caller's own limit ends the sign-in, in milliseconds since the epoch. */
  readonly giveUpAtMs: number;
}

/** Chooses how to show a sign-in: JSON where it is asked for, a live status on a terminal, plain lines elsewhere. */
export function createLoginScreen(options: LoginScreenOptions & { isJSON: boolean }): LoginScreen {
  if (options.isJSON) return createJSONScreen(options);
  return isLive(options.host) ? createTerminalScreen(options) : createPlainScreen(options);
}

function isLive({ stdout, env }: CommandHost): boolean {
  const isBuildServer = !['', '0', 'false'].includes(env['CI'] ?? '');
  return stdout.isTTY === true && env['TERM'] !== 'dumb' && !isBuildServer;
}
