import type { PlexAuthError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { PlexUser } from '../user.ts';

/** The element's events. All bubble, and leave the shadow roots they are in. */
export interface PlexSignInEventMap {
  /** The user is signed in. */
  authenticated: CustomEvent<{ token: Secret; clientIdentifier: string }>;
  /** The code, the limit or the token has expired. */
  expired: CustomEvent<{ reason: 'pin' | 'limit' | 'token' }>;
  /** An error that a retry does not fix. */
  failed: CustomEvent<{ error: PlexAuthError }>;
}

/** The events of an element with `backend-url`: nothing of the token is in them. */
export interface BackendSignInEventMap extends Omit<PlexSignInEventMap, 'authenticated'> {
  /** The user is signed in, or was already. */
  authenticated: CustomEvent<{ user: PlexUser }>;
}
