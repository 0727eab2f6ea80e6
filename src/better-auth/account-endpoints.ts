import type { Account, AuthContext, StandardSchemaV1, StrictEndpoint } from 'better-auth';
import { createAuthEndpoint } from 'better-auth/api';
import { decryptOAuthToken } from 'better-auth/oauth2';
import type { PlexAuthError } from '../errors.ts';
import type { Credentials } from '../pin.ts';
import type { CheckedCredentials } from './check-credentials.ts';
import type { PlexProfile } from './plugin-options.ts';
import type { PluginParts } from './plugin-parts.ts';
import { providerID } from './protocol.ts';

/** How a user of better-auth stands at Plex. */
export type PlexStanding =
  | { status: 'valid'; profile: PlexProfile }
  /** Plex refuses the token. The user's sessions have ended. */
  | { status: 'rejected' }
  /** The user may no longer use the server of the option `access`. The user's sessions have ended. */
  | { status: 'noAccess' }
  /** Plex could not be asked. Nothing has ended. */
  | { status: 'unknown'; error: PlexAuthError }
  /** The user has no account at Plex, or none whose token can be read. */
  | { status: 'none' };

/** What only the application's own server can call, as `auth.api.….` */
export type AccountEndpoints = {
  /**
   * Gives the Plex token of a user, for calls to Plex: `auth.api.getPlexCredentials({ body: { userId } })`.
   *
   * Only for the server's own code: no page can call it. `null` if there is none.
   */
  getPlexCredentials: ServerEndpoint<Credentials | null>;
  /**
   * Asks Plex whether a user's token is still good and whether the user may still use the server; if not, ends all sessions of
   * that user: `auth.api.verifyPlexUser({ body: { userId } })`.
   */
  verifyPlexUser: ServerEndpoint<PlexStanding>;
};

/** An endpoint without an address. Its type is not `never`: better-auth would take that for `/get-session`. */
type ServerEndpoint<Answer> = StrictEndpoint<
  string,
  { method: 'POST'; body: StandardSchemaV1<{ userId: string }>; metadata: { SERVER_ONLY: true } },
  Answer
>;

/** One Plex account of a user, and what its token is. */
interface StoredAccount {
  account: Account;
  credentials: Credentials;
}

const userBody: StandardSchemaV1<{ userId: string }> = {
  '~standard': {
    version: 1,
    vendor: 'plex-auth-flow',
    validate: (value) =>
      typeof Object(value).userId === 'string'
        ? { value: value as { userId: string } }
        : { issues: [{ message: 'userId must be a text', path: ['userId'] }] },
  },
};

const serverOnly = { method: 'POST', body: userBody, metadata: { SERVER_ONLY: true } } as const;

/** Makes {@link AccountEndpoints}. */
export function createAccountEndpoints(partsOf: (context: AuthContext) => PluginParts): AccountEndpoints {
  async function findAccounts(context: AuthContext, userId: string): Promise<StoredAccount[]> {
    const { tokens } = partsOf(context);
    const found: StoredAccount[] = [];
    for (const account of await context.internalAdapter.findAccounts(userId)) {
      if (account.providerId !== providerID || !account.accessToken) continue;
      const accessToken = await decryptOAuthToken(account.accessToken, context);
      const credentials = await tokens.open(accessToken);
      if (credentials) found.push({ account, credentials });
    }
    return found;
  }

  /** A sign-in in between replaces the token, and Plex refuses the one before: then the new one is asked about. */
  async function check(
    context: AuthContext,
    { account, credentials }: StoredAccount,
  ): Promise<CheckedCredentials> {
    const checked = await partsOf(context).check(credentials);
    if (checked.status !== 'rejected') return checked;
    const again = await findAccounts(context, account.userId);
    const now = again.find((one) => one.account.id === account.id);
    const isSame = !now || now.credentials.token.reveal() === credentials.token.reveal();
    return isSame ? checked : partsOf(context).check(now.credentials);
  }

  return {
    getPlexCredentials: createAuthEndpoint(serverOnly, async ({ body, context }) => {
      const [first] = await findAccounts(context, body.userId);
      return first?.credentials ?? null;
    }),
    verifyPlexUser: createAuthEndpoint(serverOnly, async ({ body, context }) => {
      const accounts = await findAccounts(context, body.userId);
      const checked = await Promise.all(accounts.map((account) => check(context, account)));
      const standing = toStanding(checked);
      if (standing.status === 'rejected' || standing.status === 'noAccess')
        await context.internalAdapter.deleteUserSessions(body.userId);
      return standing;
    }),
  };
}

/** Of several accounts of one user, one that is good is enough; and an outage ends nothing. */
function toStanding(checked: readonly CheckedCredentials[]): PlexStanding {
  for (const status of ['valid', 'unknown', 'noAccess', 'rejected'] as const) {
    const found = checked.find((one) => one.status === status);
    if (found) return found;
  }
  return { status: 'none' };
}
