import type { CommandHost } from '../host/command-host.ts';
import { programCall } from '../host/program-call.ts';
import { exitCode } from './exit-code.ts';
import { openKeptSignIn } from './kept-sign-in.ts';

/** Prints the kept token, as the only command that shows it. Does not ask Plex whether it is still valid. */
export async function token(host: CommandHost): Promise<number> {
  const kept = openKeptSignIn(host);
  const signedIn = await kept.findSignedIn();
  if (!signedIn) {
    host.warn(`Not signed in: run ${programCall} login`);
    return exitCode.expired;
  }
  if (host.stdout.isTTY) host.warn('this token gives access to your Plex account; share it with nobody');
  host.stdout.write(`${signedIn.credentials.token.reveal()}\n`);
  return exitCode.done;
}
