import type { PlexAuthError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { PlexUser } from '../user.ts';
import type { BackendAuthView, PlexAuthView } from '../view.ts';

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

/** Sends the event of a view, if it has one. The detail is what the view holds beside its status. */
export function dispatchView(element: EventTarget, view: PlexAuthView | BackendAuthView): void {
  const { status, lastError: _, ...detail } = { lastError: undefined, ...view };
  if (status === 'authenticated' || status === 'expired' || status === 'failed')
    element.dispatchEvent(new CustomEvent(status, { detail, bubbles: true, composed: true }));
}
