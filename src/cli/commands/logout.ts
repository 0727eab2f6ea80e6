import type { CommandHost } from '../host/command-host.ts';
import { toErrorText } from '../host/error-text.ts';
import { exitCode } from './exit-code.ts';
import { openKeptSignIn } from './kept-sign-in.ts';

/** Asks Plex to revoke the kept token, and forgets it whatever Plex answers. */
export async function logout(
  { serverURL }: { serverURL: string | undefined },
  host: CommandHost,
): Promise<number> {
  const kept = openKeptSignIn(host);
  const signedIn = await kept.findSignedIn(serverURL);
  if (!signedIn) {
    host.stdout.write('Not signed in; nothing to do\n');
    return exitCode.done;
  }
  const { client, credentials } = signedIn;
  const error = await client.signOut({ ...credentials, signal: host.signal }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error) host.signal.throwIfAborted();
  kept.flowStore.forgetCredentials(credentials);
  await kept.flowStore.flushed();
  if (!error) {
    host.stdout.write('Signed out\n');
    return exitCode.done;
  }
  host.warn(toErrorText(error));
  host.warn(
    'the token is removed here but could not be revoked: remove this device at https://app.plex.tv/desktop/#!/settings/devices/all',
  );
  return exitCode.failed;
}
