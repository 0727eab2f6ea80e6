import type { CommandHost } from '../command-host.ts';
import { exitCode } from '../exit-code.ts';
import { openKeptSignIn } from '../kept-sign-in.ts';

/** Prints the kept token: the one place that shows it. Asks nobody whether it is still valid. */
export async function token(host: CommandHost): Promise<number> {
  const kept = openKeptSignIn(host);
  const signedIn = await kept.findSignedIn();
  if (!signedIn) {
    host.warn('Not signed in: run plex-auth login');
    return exitCode.expired;
  }
  if (host.stdout.isTTY) host.warn('this token gives access to your Plex account; share it with nobody');
  host.stdout.write(`${signedIn.credentials.token.reveal()}\n`);
  return exitCode.done;
}
