import type { PlexAuthError } from '../../errors.ts';
import type { PlexUser } from '../../plex/client.ts';
import type { KeptSignIn, KeptToken, UsableToken } from './kept-sign-in.ts';

type CheckedToken = Pick<UsableToken, 'credentials' | 'serverURL'>;

/** What Plex says about the stored token. */
export type KeptTokenCheck =
  | Exclude<KeptToken, { status: 'found' }>
  | (CheckedToken & { readonly status: 'valid'; readonly user: PlexUser })
  /** Plex could not be asked. */
  | (CheckedToken & { readonly status: 'unknown'; readonly error: Error })
  /** Plex refused it, and it is removed here, unless there is a `storeError`. */
  | { readonly status: 'rejected'; readonly storeError?: PlexAuthError | undefined };

/**
 * Asks Plex whose token is stored, and removes one that Plex refuses.
 *
 * Another run may have signed in again while Plex was asked. Its token stays, and is the one that is asked about next.
 *
 * @throws The signal's reason once it is aborted. @throws {PlexAuthError} `PLEX_STORE` if the stored token cannot be read.
 */
export async function checkKeptToken(
  kept: KeptSignIn,
  serverURL: string | undefined,
  signal: AbortSignal,
): Promise<KeptTokenCheck> {
  let check: KeptTokenCheck = { status: 'none' };
  for (;;) {
    const found = await kept.findToken(serverURL);
    if (found.status === 'otherServer') return found;
    if (found.status === 'none') return check;
    check = await ask(found, kept, signal);
    if (check.status !== 'rejected' || check.storeError) return check;
  }
}

async function ask(
  { createClient, credentials, serverURL }: UsableToken,
  kept: KeptSignIn,
  signal: AbortSignal,
): Promise<KeptTokenCheck> {
  const client = await createClient();
  try {
    const answer = await client.getUser({ ...credentials, signal });
    if (answer.status === 'valid') return { ...answer, credentials, serverURL };
  } catch (error) {
    signal.throwIfAborted();
    return { status: 'unknown', credentials, serverURL, error: error as Error };
  }
  return { status: 'rejected', storeError: await kept.flowStore.forgetCredentials(credentials) };
}
