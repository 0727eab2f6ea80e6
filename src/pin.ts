import type { PlexAuthError } from './errors.ts';
import type { Secret } from './secret.ts';

/**
 * A PIN: what the user approves, and what the token is asked for with.
 *
 * Small and plain, so that it can be stored and given back with `RESUME`.
 *
 * @typeParam ID Whatever the provider names a PIN by. Plex uses integers.
 */
export interface Pin<ID extends number | string = number | string> {
  readonly pinID: ID;
  /** What the user types, or the consent page is given. */
  readonly code: string;
  /** The client identifier that the PIN was made with. Reads that name another one do not find it. */
  readonly clientIdentifier: string;
  /** When the answer with the PIN arrived, in milliseconds since the epoch, by the clock in use. */
  readonly atMs: number;
  /** How long the PIN had left to live at that moment, in milliseconds, by the provider's own count. */
  readonly expiresInMs: number;
  /** The address of a QR picture of the code, if the provider gave one. */
  readonly qrURL?: string | null | undefined;
  /** The page on which the user approves this code, if the provider gave it. */
  readonly authURL?: string | undefined;
  /** The page on which a person types the code, if the provider gave it. */
  readonly linkURL?: string | undefined;
}

/** The user has not approved yet. A refusal looks the same at Plex. */
export interface PendingReading {
  readonly status: 'pending';
  readonly atMs: number;
  /** How long the answer took, in milliseconds. */
  readonly tookMs: number;
  readonly expiresInMs: number;
}

/** What one read of a PIN can bring. `atMs` is when the answer arrived, in milliseconds since the epoch. */
export type PinReading =
  | PendingReading
  /** `clientIdentifier` and `code`: whose PIN, and which, the answer says it is, if it says so. */
  | {
      readonly status: 'claimed';
      readonly atMs: number;
      readonly token: Secret;
      readonly clientIdentifier?: string | undefined;
      readonly code?: string | undefined;
    }
  /** Expired, unknown, or another client's: Plex says one thing for all three. `error` is the wording for the last. */
  | { readonly status: 'gone'; readonly atMs: number; readonly error: PlexAuthError };

/** What a signed-in user holds. Send both: a token belongs to the client identifier that its PIN was made with. */
export interface Credentials {
  readonly token: Secret;
  readonly clientIdentifier: string;
}
