import type { CommandHost } from '../host/command-host.ts';
import { programCall } from '../host/program-call.ts';
import { exitCode } from './exit-code.ts';
import { openKeptSignIn } from './kept-sign-in.ts';
import { refuseOtherServer } from './refuse-other-server.ts';

/** Prints the kept token, as the only command that shows it. Does not ask Plex whether it is still valid. */
export async function token(
  { serverURL }: { serverURL: string | undefined },
  host: CommandHost,
): Promise<number> {
  const found = await openKeptSignIn(host).findToken(serverURL);
  switch (found.status) {
    case 'none':
      host.warn(`Not signed in: run ${programCall} login`);
      return exitCode.expired;
    case 'otherServer':
      return refuseOtherServer(found.server, 'token', host);
    case 'found':
      if (host.stdout.isTTY) host.warn('this token gives access to your Plex account; share it with nobody');
      host.stdout.write(`${found.credentials.token.reveal()}\n`);
      return exitCode.done;
  }
}
