import { base64url, EncryptJWT, jwtDecrypt } from 'jose';
import type { Clock } from '../ports.ts';

/** Seals small records, so that only a server with the same secret can read or make one. */
export interface SealedBox {
  /** @param untilMs When the record ends, in milliseconds since the epoch. */
  seal(record: Record<string, unknown>, untilMs: number): Promise<string>;
  /** @returns Undefined for what was not sealed here and for this purpose, was changed, or has ended. */
  open(sealed: string): Promise<Record<string, unknown> | undefined>;
}

/** What a {@link SealedBox} is made with. */
export interface SealedBoxOptions {
  secrets: readonly Uint8Array[];
  /** What it seals. A record that was sealed for another purpose, or for another address, does not open. */
  purpose: string;
  audience: string;
  clock: Clock;
}

/** A sealed record that is longer than this was not made here: a cookie has at most 4096 bytes. */
const mostCharacters = 16_384;
/** How far the clocks of two machines may differ, in seconds. */
const toleranceSeconds = 60;

/** Makes a {@link SealedBox}: JWE with AES-256-GCM, and a key for each secret and purpose by HKDF. */
export function createSealedBox({ secrets, purpose, audience, clock }: SealedBoxOptions): SealedBox {
  let keys: Promise<Map<string, CryptoKey>> | undefined;
  // Not at the start: workers allow no cryptography outside a request.
  const findKeys = () => {
    keys ??= deriveKeys(secrets, purpose);
    keys.catch(() => {
      keys = undefined;
    });
    return keys;
  };
  return {
    async seal(record, untilMs) {
      const [first] = await findKeys();
      if (!first) throw new Error('no secret');
      const [kid, key] = first;
      return new EncryptJWT(record)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid })
        .setAudience(audience)
        .setExpirationTime(Math.ceil(untilMs / 1000))
        .encrypt(key);
    },
    async open(sealed) {
      if (sealed.length > mostCharacters) return undefined;
      const known = await findKeys();
      try {
        const { payload } = await jwtDecrypt(sealed, ({ kid = '' }) => requireKey(known, kid), {
          audience,
          clockTolerance: toleranceSeconds,
          currentDate: new Date(clock.now()),
          requiredClaims: ['exp'],
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        return payload;
      } catch {
        return undefined;
      }
    },
  };
}

function requireKey(keys: ReadonlyMap<string, CryptoKey>, kid: string): CryptoKey {
  const key = keys.get(kid);
  if (!key) throw new Error('another secret');
  return key;
}

/** The keys by their names. Imported once: each use of bytes would import them again. */
async function deriveKeys(secrets: readonly Uint8Array[], purpose: string): Promise<Map<string, CryptoKey>> {
  const derived = await Promise.all(
    secrets.map(async (secret): Promise<[string, CryptoKey]> => {
      const kid = base64url.encode((await deriveBytes(secret, `${purpose} kid`)).slice(0, 6));
      const bytes = await deriveBytes(secret, `${purpose} key`);
      const uses = ['encrypt', 'decrypt'] as const;
      return [kid, await crypto.subtle.importKey('raw', bytes as BufferSource, 'AES-GCM', false, uses)];
    }),
  );
  return new Map(derived);
}

/** Derives 32 bytes of a secret. @param info What they are for. */
export async function deriveBytes(secret: Uint8Array, info: string): Promise<Uint8Array> {
  const material = await crypto.subtle.importKey('raw', secret as BufferSource, 'HKDF', false, [
    'deriveBits',
  ]);
  const bits = await crypto.subtle.deriveBits(
    {
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(),
      info: new TextEncoder().encode(`plex-auth-flow ${info}`),
    },
    material,
    256,
  );
  return new Uint8Array(bits);
}
