import { credentialsKey } from '../../engine/flow-store.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toErrorText } from '../host/error-text.ts';
import { toServerAddress } from '../host/server-address.ts';
import { exitCode } from './exit-code.ts';
import { type KeptSignIn, openKeptSignIn } from './kept-sign-in.ts';
import { refuseOtherServer } from './refuse-other-server.ts';
import { toServerName } from './server-name.ts';

const devicesURL = 'https://app.plex.tv/desktop/#!/settings/devices/all';

/** Asks Plex to revoke the kept token, and removes it here whatever Plex answers. Succeeds only if both are done. */
export async function logout(
  { serverURL }: { serverURL: string | undefined },
  host: CommandHost,
): Promise<number> {
  const kept = openKeptSignIn(host);
  const found = await kept.findToken(serverURL);
  if (found.status === 'otherServer') return refuseOtherServer(found.server, 'logout', host);
  if (found.status === 'none') return endWithoutToken(kept, host);
  const { createClient, credentials, serverURL: issuer } = found;
  const client = await createClient();
  const error = await client.signOut({ ...credentials, signal: host.signal }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error) host.signal.throwIfAborted();
  const storeError = await kept.flowStore.forgetCredentials(credentials);
  if (!error && !storeError) {
    host.stdout.write('Signed out\n');
    return exitCode.done;
  }
  const server = toServerAddress(issuer, host.env);
  for (const each of [error, storeError]) if (each) host.warn(toErrorText(each, server));
  const revoked = error ? `could not be revoked${toWayOut(issuer)}` : 'is revoked: Plex no longer accepts it';
  host.warn(
    storeError
      ? `the token is still in ${kept.credentialsFile}: delete that file; it ${revoked}`
      : `the token is removed here but ${revoked}`,
  );
  return exitCode.failed;
}

/** Where a token can be revoked by hand: only Plex itself has a page for it. */
function toWayOut(issuer: string | undefined): string {
  const name = toServerName(issuer);
  return name === toServerName(undefined) ? `: remove this device at ${devicesURL}` : ` at ${name}`;
}

/** Says that nothing is stored, unless the file holds a token that cannot be used: it is not for the program to delete. */
async function endWithoutToken(
  { credentials, credentialsFile }: KeptSignIn,
  { stdout, warn }: CommandHost,
): Promise<number> {
  if (((await credentials.getItem(credentialsKey)) ?? null) === null) {
    stdout.write('Not signed in; nothing to do\n');
    return exitCode.done;
  }
  warn(
    `${credentialsFile} holds a sign-in that cannot be used: delete that file, and remove this device at ${devicesURL}`,
  );
  return exitCode.failed;
}
