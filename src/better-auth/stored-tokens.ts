import type { Credentials } from '../pin.ts';
import { Secret } from '../secret.ts';
import type { SealedBox } from '../server/sealed-box.ts';

/** Turns a Plex token into what better-auth stores as the account's `accessToken`, and back. */
export interface StoredTokens {
  seal(credentials: Credentials): Promise<string>;
  /** @returns Undefined for what was not sealed with one of better-auth's secrets. */
  open(accessToken: string): Promise<Credentials | undefined>;
}

/** A token has no end of its own: the last second that a date of four digits has. */
const endMs = Date.UTC(9999, 11, 31);

/**
 * Makes {@link StoredTokens}.
 *
 * better-auth gives a signed-in page the account's `accessToken` at `/get-access-token`. Sealed, it is of no use there, nor in
 * a copy of the database.
 */
export function createStoredTokens(box: SealedBox): StoredTokens {
  return {
    seal: ({ token, clientIdentifier }) => box.seal({ token: token.reveal(), clientIdentifier }, endMs),
    async open(accessToken) {
      const { token, clientIdentifier } = Object(await box.open(accessToken)) as Record<string, unknown>;
      const isWhole = typeof token === 'string' && typeof clientIdentifier === 'string';
      return isWhole ? { token: new Secret(token), clientIdentifier } : undefined;
    },
  };
}
