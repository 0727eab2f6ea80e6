import type { PlexAuthError } from '../errors.ts';
import type { Secret } from '../secret.ts';
import type { PlexUser } from '../user.ts';
import type { BackendAuthView, PlexAuthView } from '../view.ts';
import { pageOf } from './page-of.ts';

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

/**
 * The element's events, for `addEventListener`. With `backend-url`, say so in the listener:
 * `({ detail }: BackendSignInEventMap['authenticated']) => …`.
 */
export interface PlexSignInListeners {
  addEventListener<Type extends keyof PlexSignInEventMap>(
    type: Type,
    listener: (this: this, event: PlexSignInEventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Type extends keyof BackendSignInEventMap>(
    type: Type,
    listener: (this: this, event: BackendSignInEventMap[Type]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof PlexSignInEventMap>(
    type: Type,
    listener: (this: this, event: PlexSignInEventMap[Type]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener<Type extends keyof BackendSignInEventMap>(
    type: Type,
    listener: (this: this, event: BackendSignInEventMap[Type]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
}

/** Sends the event of a view, if it has one. The detail is what the view holds beside its status. */
export function dispatchView(element: Element, view: PlexAuthView | BackendAuthView): void {
  const { status, lastError: _, ...detail } = { lastError: undefined, ...view };
  const page = pageOf(element);
  if (page && (status === 'authenticated' || status === 'expired' || status === 'failed'))
    element.dispatchEvent(new page.CustomEvent(status, { detail, bubbles: true, composed: true }));
}
