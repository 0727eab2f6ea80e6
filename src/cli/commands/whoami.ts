import type { PlexUser } from '../../plex/client.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toJSONLine } from '../host/json-line.ts';
import { toPrintable } from '../host/printable-text.ts';
import { programCall } from '../host/program-call.ts';
import { exitCode } from './exit-code.ts';
import { openKeptSignIn } from './kept-sign-in.ts';
import { toUserName } from './user-name.ts';

/**
 * Shows the account of the stored token.
 *
 * Forgets a token that Plex refuses; an outage changes nothing.
 *
 * @throws {PlexAuthError} If Plex cannot be asked.
 */
export async function whoami(
  { serverURL, isJSON }: { serverURL: string | undefined; isJSON: boolean },
  host: CommandHost,
): Promise<number> {
  const kept = openKeptSignIn(host);
  const signedIn = await kept.findSignedIn(serverURL);
  if (!signedIn) {
    host.warn(`Not signed in: run ${programCall} login`);
    return exitCode.expired;
  }
  const { client, credentials } = signedIn;
  const answer = await client.getUser({ ...credentials, signal: host.signal });
  if (answer.status === 'rejected') {
    kept.flowStore.forgetCredentials(signedIn.credentials);
    await kept.flowStore.flushed();
    host.warn(`Plex no longer accepts the stored token: run ${programCall} login`);
    return exitCode.expired;
  }
  host.stdout.write(isJSON ? toJSONLine(answer.user) : toUserText(answer.user));
  return exitCode.done;
}

function toUserText(user: PlexUser): string {
  const { active = false, plan = '' } = user.subscription;
  const rows = [
    ['Name', toUserName(user)],
    ['Email', user.email || 'none'],
    ['Subscription', active ? `active${plan && `, ${plan}`}` : 'none'],
  ];
  return rows.map(([name = '', value = '']) => `${`${name}:`.padEnd(14)}${toPrintable(value)}\n`).join('');
}
