import type { CommandHost } from '../host/command-host.ts';
import { programCall } from '../host/program-call.ts';
import { exitCode } from './exit-code.ts';

/** What to run instead, for each command that takes `--server-url`. */
const ways = {
  login: `${programCall} logout first`,
  logout: `${programCall} logout without it`,
  token: `${programCall} token without it, or ${programCall} logout and then login with it`,
  whoami: `${programCall} whoami without it, or ${programCall} logout and then login with it`,
};

/**
 * Says that the stored token is of another server than the one in `--server-url`, and what to run instead.
 *
 * @param server The name of the server that issued the token.
 * @returns The exit code.
 */
export function refuseOtherServer(server: string, command: keyof typeof ways, { warn }: CommandHost): number {
  warn(`the stored token belongs to ${server}, not to this --server-url: run ${ways[command]}`);
  return command === 'login' ? exitCode.failed : exitCode.expired;
}
