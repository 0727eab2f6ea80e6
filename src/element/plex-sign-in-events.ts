import type { PlexAuthError } from '../errors.ts';
import type { Secret } from '../secret.ts';

/** The element's events. All bubble, and leave the shadow roots they are in. */
export interface PlexSignInEventMap {
  /** The user is signed in. */
  authenticated: CustomEvent<{ token: Secret; clientIdentifier: string }>;
  /** The code, the limit or the token has expired. */
  expired: CustomEvent<{ reason: 'pin' | 'limit' | 'token' }>;
  /** An error that a retry does not fix. */
  failed: CustomEvent<{ error: PlexAuthError }>;
}
