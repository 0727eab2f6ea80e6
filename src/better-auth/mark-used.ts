import type { AuthContext } from 'better-auth';
import type { AskedAttempt } from '../server/claimed-attempts.ts';

/** How long an attempt stays marked after its end, in milliseconds: the clocks of two machines may differ. */
const graceMs = 120_000;

/**
 * Makes what marks an attempt as used, for all machines that have the same database.
 *
 * better-auth's own state is good once, but not with `storeStateStrategy: 'cookie'`: a copy of that cookie is as good as the
 * cookie, and another machine does not remember which PINs this one has redeemed.
 *
 * @returns A function that says false where the attempt was used before. Never rejects: without a database, each machine has
 * only its own memory.
 */
export function createMarkUsed(
  context: Pick<AuthContext, 'options' | 'oauthConfig' | 'internalAdapter'>,
  onError: (error: unknown) => void,
): (attempt: AskedAttempt) => Promise<boolean> {
  return async ({ id, expiresAtMs }) => {
    // Read late: better-auth puts the hooks of all plugins into a new adapter.
    const { options, oauthConfig, internalAdapter } = context;
    const hasTable = !options.secondaryStorage || options.verification?.storeInDatabase === true;
    if (oauthConfig.storeStateStrategy !== 'cookie' || !hasTable) return true;
    try {
      return await internalAdapter.reserveVerificationValue({
        identifier: `plex-auth-flow used ${id}`,
        value: 'used',
        expiresAt: new Date(expiresAtMs + graceMs),
      });
    } catch (error) {
      onError(error);
      return true;
    }
  };
}
