import type { PlexAuthOptions } from '../../engine/plex-auth-options.ts';
import type { PlexUser } from '../../plex/client.ts';
import { isLoopback } from '../../require-option.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toErrorText } from '../host/error-text.ts';
import { findProxyFetch } from '../host/find-proxy-fetch.ts';
import { toListenError } from '../host/listen-error.ts';
import { toShownText } from '../host/printable-text.ts';
import { programCall } from '../host/program-call.ts';
import { toServerAddress } from '../host/server-address.ts';
import { createLoginScreen } from '../screens/create-login-screen.ts';
import { checkKeptToken } from './check-kept-token.ts';
import { exitCode } from './exit-code.ts';
import { type KeptSignIn, openKeptSignIn } from './kept-sign-in.ts';
import { refuseOtherServer } from './refuse-other-server.ts';
import { runSignIn } from './run-sign-in.ts';
import { toUserName } from './user-name.ts';

/** The options of a sign-in, as the command line gives them. */
export interface LoginOptions {
  readonly strong: boolean;
  /** Whether Enter may open the page in a browser. */
  readonly canOpen: boolean;
  readonly isEmulated: boolean;
  readonly approveAfterMs: number | undefined;
  readonly serverURL: string | undefined;
  readonly product: string;
  readonly clientIdentifier: string | undefined;
  readonly giveUpAfterMs: number | undefined;
  readonly isInspected: boolean;
  readonly isJSON: boolean;
}

/** Signs in and keeps the token, unless somebody is signed in already. */
export async function login(options: LoginOptions, host: CommandHost): Promise<number> {
  if (options.isEmulated) return loginAtEmulator(options, host);
  const kept = openKeptSignIn(host);
  const early = await endIfSignedIn(kept, options, host);
  if (early !== undefined) return early;
  const { strong, serverURL } = options;
  await kept.begin({ strong, serverURL });
  const { store, credentials } = kept;
  const fetch = await findProxyFetch(host.env);
  const authOptions = { ...toAuthOptions(options), ...toPageURLs(serverURL), store, credentials, fetch };
  return runSignIn(authOptions, { ...options, host, kept });
}

/** Signs in at an emulator that lives as long as the command. Reads nothing from the disk and writes nothing. */
async function loginAtEmulator(options: LoginOptions, host: CommandHost): Promise<number> {
  const { createPlexEmulator, servePlexEmulator } = await import('../../emulator/index.ts');
  const { approveAfterMs, clientIdentifier = 'emulated' } = options;
  const emulator = createPlexEmulator({ ...(approveAfterMs !== undefined && { approveAfterMs }) });
  const served = await servePlexEmulator({ emulator }).catch((error: unknown) => {
    throw toListenError(error, 0);
  });
  try {
    const { url } = served;
    const authOptions = {
      ...toAuthOptions({ ...options, clientIdentifier, serverURL: url }),
      ...toPageURLs(url),
    };
    const notice = `This is an emulator at ${url}, not plex.tv. Nothing leaves this machine, no phone reaches it, and nothing is kept.`;
    return await runSignIn(authOptions, { ...options, host, notice });
  } finally {
    await served.close();
  }
}

function toAuthOptions(options: LoginOptions): PlexAuthOptions {
  const { product, strong, serverURL, clientIdentifier, giveUpAfterMs } = options;
  // The command line has checked --server-url, with or without --allow-insecure-requests.
  return { product, strong, serverURL, allowInsecureRequests: true, clientIdentifier, giveUpAfterMs };
}

/** A server on this machine is an emulator, which serves the pages too. Any other server uses Plex's pages. */
function toPageURLs(serverURL: string | undefined): Pick<PlexAuthOptions, 'authAppURL' | 'linkURL'> {
  if (serverURL === undefined) return {};
  const { hostname, origin } = new URL(serverURL);
  return isLoopback(hostname) ? { authAppURL: `${origin}/auth`, linkURL: `${origin}/link` } : {};
}

/**
 * Checks the stored token, and says so if it is valid, cannot be checked, or is not the one that is asked for: a new one
 * would take its place.
 *
 * @returns The exit code; undefined if a sign-in is needed. @throws {PlexAuthError} If a refused one stays.
 */
async function endIfSignedIn(
  kept: KeptSignIn,
  options: LoginOptions,
  host: CommandHost,
): Promise<number | undefined> {
  const check = await checkKeptToken(kept, options.serverURL, host.signal);
  if (check.status === 'none') return undefined;
  if (check.status === 'otherServer') return refuseOtherServer(check.server, 'login', host);
  if (check.status === 'rejected') {
    if (check.storeError) throw check.storeError;
    host.warn('Plex no longer accepts the stored token; signing in again');
    return undefined;
  }
  const { clientIdentifier = check.credentials.clientIdentifier } = options;
  if (clientIdentifier !== check.credentials.clientIdentifier) {
    host.warn(`the stored token belongs to another --client-identifier: run ${programCall} logout first`);
    return exitCode.failed;
  }
  const server = toServerAddress(check.serverURL, host.env);
  const screen = createLoginScreen({ ...options, host, isShort: false, giveUpAtMs: 0, server });
  screen.showView({ status: 'authenticated', ...check.credentials });
  screen.close();
  if (check.status === 'unknown') {
    host.warn(`the stored token could not be checked: ${toErrorText(check.error, server)}`);
  }
  if (!options.isJSON)
    host.stdout.write(toAlreadyText(check.status === 'valid' ? check.user : undefined, host));
  return exitCode.done;
}

function toAlreadyText(user: PlexUser | undefined, host: CommandHost): string {
  const name = user ? ` as ${toShownText(toUserName(user), host)}` : '';
  return `Already signed in${name}; to change, run ${programCall} logout first\n`;
}
