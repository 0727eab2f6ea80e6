import type { Account, AuthContext } from 'better-auth';
import { setTokenUtil } from 'better-auth/oauth2';
import { providerID } from './protocol.ts';

/**
 * Makes what stores a new token in the account of who has it, if there is one.
 *
 * Each approved sign-in ends the token before. better-auth stores the new one itself, but not where it refuses a sign-in or a
 * link, nor with `updateAccountOnSignIn: false`: then the account would keep a token that Plex refuses.
 *
 * @returns Never rejects: better-auth goes on without it.
 */
export function createReplaceStoredToken(
  context: AuthContext,
  onError: (error: unknown) => void,
): (uuid: string, accessToken: string) => Promise<void> {
  return async (uuid, accessToken) => {
    try {
      const where = [
        { field: 'providerId', value: providerID },
        { field: 'accountId', value: uuid },
      ];
      const account = await context.adapter.findOne<Account>({ model: 'account', where });
      if (!account) return;
      const stored = await setTokenUtil(accessToken, context);
      await context.internalAdapter.updateAccount(account.id, { accessToken: stored ?? null });
    } catch (error) {
      onError(error);
    }
  };
}
