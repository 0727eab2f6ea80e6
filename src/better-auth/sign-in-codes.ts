import { base64url } from 'jose';
import type { AskedAttempt } from '../server/claimed-attempts.ts';
import type { SealedBox } from '../server/sealed-box.ts';

/** Turns a PIN into the `code` that travels through the user's browser, and back. */
export interface SignInCodes {
  /** @param verifier better-auth's secret of this sign-in, which it keeps for the browser that began. */
  seal(attempt: AskedAttempt, verifier: string): Promise<string>;
  /** @returns Undefined for a code that was not made here, has ended, or belongs to another sign-in. */
  open(code: string, verifier: string | undefined): Promise<AskedAttempt | undefined>;
}

/**
 * Makes {@link SignInCodes}.
 *
 * A PIN's id is a plain number, and whoever knows one could have another person's browser redeem it. So the code is
 * sealed, and bound to the `codeVerifier`: better-auth keeps that with its state, and gives it back only to the browser with
 * the state's cookie. A code of one browser is worth nothing in another.
 */
export function createSignInCodes(box: SealedBox): SignInCodes {
  return {
    seal: async ({ id, pinID, code, expiresAtMs }, verifier) =>
      box.seal({ id, pinID, code, expiresAtMs, verifier: await digest(verifier) }, expiresAtMs),
    async open(sealed, verifier) {
      const record = await box.open(sealed);
      if (!record || !verifier || record['verifier'] !== (await digest(verifier))) return undefined;
      const { id, pinID, code, expiresAtMs } = record as unknown as AskedAttempt;
      return { id, pinID, code, expiresAtMs };
    },
  };
}

async function digest(text: string): Promise<string> {
  return base64url.encode(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  );
}
