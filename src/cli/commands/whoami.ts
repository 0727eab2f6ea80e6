import type { PlexUser } from '../../plex/client.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toErrorText } from '../host/error-text.ts';
import { toJSONLine } from '../host/json-line.ts';
import { toShownText } from '../host/printable-text.ts';
import { programCall } from '../host/program-call.ts';
import { type ServerAddress, toServerAddress } from '../host/server-address.ts';
import { checkKeptToken } from './check-kept-token.ts';
import { exitCode } from './exit-code.ts';
import { openKeptSignIn } from './kept-sign-in.ts';
import { refuseOtherServer } from './refuse-other-server.ts';
import { toUserName } from './user-name.ts';

/**
 * Shows the account of the stored token.
 *
 * Forgets a token that Plex refuses; an outage changes nothing.
 *
 * @throws {Error} If Plex cannot be asked, naming the address.
 */
export async function whoami(
  { serverURL, isJSON }: { serverURL: string | undefined; isJSON: boolean },
  host: CommandHost,
): Promise<number> {
  const check = await checkKeptToken(openKeptSignIn(host), serverURL, host.signal);
  switch (check.status) {
    case 'none':
      host.warn(`Not signed in: run ${programCall} login`);
      return exitCode.expired;
    case 'otherServer':
      return refuseOtherServer(check.server, 'whoami', host);
    case 'rejected':
      if (check.storeError) host.warn(toErrorText(check.storeError));
      host.warn(`Plex no longer accepts the stored token: run ${programCall} login`);
      return exitCode.expired;
    case 'unknown':
      throw toNamedError(check.error, toServerAddress(check.serverURL, host.env));
    case 'valid':
      host.stdout.write(isJSON ? toJSONLine(check.user, host) : toUserText(check.user, host));
      return exitCode.done;
  }
}

/** Keeps the stack, for those who debug. */
function toNamedError(error: Error, server: ServerAddress): Error {
  return Object.assign(new Error(toErrorText(error, server)), { stack: error.stack });
}

function toUserText(user: PlexUser, host: CommandHost): string {
  const { active = false, plan = '' } = user.subscription;
  const rows = [
    ['Name', toUserName(user)],
    ['Email', user.email || 'none'],
    ['Subscription', active ? `active${plan && `, ${plan}`}` : 'none'],
  ];
  return rows
    .map(([name = '', value = '']) => `${`${name}:`.padEnd(14)}${toShownText(value, host)}\n`)
    .join('');
}
