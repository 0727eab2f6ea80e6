import type { Actor } from 'xstate';
import type { pinAuthMachine } from '../../machines/pin-auth.ts';
import type { PlexAuthError } from '../errors.ts';
import type { UserAnswer } from '../user.ts';
import type { PlexAuthView } from '../view.ts';

/** What Plex says about the token. `unknown`: there is no token, or Plex gave no answer; nothing changes then. */
export type PlexAuthVerification = UserAnswer | { status: 'unknown'; error?: PlexAuthError };

/** One user's sign-in. The application owns it; a component subscribes to it and never stops it. */
export interface PlexAuth {
  /** Gives the current view: the same object until something changes. */
  getSnapshot: () => PlexAuthView;
  /**
   * Calls `listener` after each change, with the new view.
   *
   * @param onEnd Called once, when the engine is disposed of.
   * @returns A function that ends the subscription.
   */
  subscribe: (listener: (view: PlexAuthView) => void, onEnd?: () => void) => () => void;
  /** Starts the sign-in. Does nothing while one is running or the user is signed in. */
  start: () => void;
  /** Hints that now is a good moment to ask Plex: the window has focus again, or the network is back. */
  check: () => void;
  /** Ends a running sign-in and aborts its request. */
  cancel: () => void;
  /** Forgets the token here and asks Plex to revoke it. */
  signOut: () => void;
  /** Asks Plex whose token it is. Never rejects: a refused token leads to `expired`, an outage changes nothing. */
  verify: () => Promise<PlexAuthVerification>;
  /**
   * Ends everything at once: no timer, request or listener remains. What is in the stores stays there.
   *
   * @returns Resolves once pending writes to the stores have finished. A token whose answer was just arriving is written
   * as soon as it is there.
   */
  dispose: () => Promise<void>;
  /** The XState actor, for those who embed or compose the chart. */
  readonly actor: Actor<typeof pinAuthMachine>;
}
