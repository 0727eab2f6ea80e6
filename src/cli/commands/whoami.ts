import type { PlexUser } from '../../plex/client.ts';
import type { CommandHost } from '../command-host.ts';
import { exitCode } from '../exit-code.ts';
import { toJSONLine } from '../json-line.ts';
import { openKeptSignIn } from '../kept-sign-in.ts';

/**
 * Shows the account behind the kept token.
 *
 * A token that Plex refuses is forgotten; an outage changes nothing.
 *
 * @throws {PlexAuthError} Where Plex cannot be asked.
 */
export async function whoami(
  { serverURL, isJSON }: { serverURL: string | undefined; isJSON: boolean },
  host: CommandHost,
): Promise<number> {
  const kept = openKeptSignIn(host);
  const signedIn = await kept.findSignedIn(serverURL);
  if (!signedIn) {
    host.warn('Not signed in: run plex-auth login');
    return exitCode.expired;
  }
  const { client, credentials } = signedIn;
  const answer = await client.getUser({ ...credentials, signal: host.signal });
  if (answer.status === 'rejected') {
    kept.flowStore.forgetCredentials();
    host.warn('Plex no longer accepts the kept token: run plex-auth login');
    return exitCode.expired;
  }
  host.stdout.write(isJSON ? toJSONLine(answer.user) : toUserText(answer.user));
  return exitCode.done;
}

/** The name a person goes by at Plex. */
export function nameOf({ title, username, friendlyName, email }: PlexUser): string {
  return title || username || friendlyName || email || 'a Plex user without a name';
}

function toUserText(user: PlexUser): string {
  const { active = false, plan = '' } = user.subscription;
  const rows = [
    ['Name', nameOf(user)],
    ['Email', user.email || 'none'],
    ['Subscription', active ? `active${plan && `, ${plan}`}` : 'none'],
  ];
  return rows.map(([name = '', value = '']) => `${`${name}:`.padEnd(14)}${toPrintable(value)}\n`).join('');
}

/** What others wrote must not steer the terminal, nor turn the line around. */
export function toPrintable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '');
}
