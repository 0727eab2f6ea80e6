import type { CommandHost } from '../host/command-host.ts';
import { createJSONScreen } from './json-screen.ts';
import type { LoginScreen, LoginScreenOptions } from './login-screen.ts';
import { createPlainScreen } from './plain-screen.ts';
import { createTerminalScreen } from './terminal-screen.ts';

/** Makes a screen: JSON if asked for, else a live status on a terminal, else plain lines. */
export function createLoginScreen(options: LoginScreenOptions & { isJSON: boolean }): LoginScreen {
  if (options.isJSON) return createJSONScreen(options);
  return isLive(options.host) ? createTerminalScreen(options) : createPlainScreen(options);
}

function isLive({ stdout, env }: CommandHost): boolean {
  const isBuildServer = !['', '0', 'false'].includes(env['CI'] ?? '');
  return stdout.isTTY === true && env['TERM'] !== 'dumb' && !isBuildServer;
}
