import type { PlexAuth } from '../engine/plex-auth.ts';
import type { Secret } from '../secret.ts';
import type { PlexAuthView } from '../view.ts';
import { hasCode, isRunning } from '../view.ts';

/** What a page does when the sign-in moves on. */
export interface ViewReactions {
  /** There is a consent page to show. */
  onCode(authURL: string): void;
  /** The sign-in is over, or the user is signed in. */
  onOver(): void;
  /** The engine no longer holds this token. */
  onTokenDropped(token: Secret): void;
  /** The engine has been disposed of. */
  onEnd(): void;
}

/** Calls the reactions after each change of the engine. @returns Whether the engine has been disposed of. */
export function followViews(auth: PlexAuth, reactions: ViewReactions): { isEnded(): boolean } {
  let isEnded = false;
  let wasRunning = false;
  let token: Secret | undefined;

  function follow(view: PlexAuthView): void {
    if (token && view.status !== 'authenticated') reactions.onTokenDropped(token);
    token = view.status === 'authenticated' ? view.token : undefined;
    const isOver = !isRunning(view.status) && (wasRunning || view.status === 'authenticated');
    wasRunning = isRunning(view.status);
    if (hasCode(view)) reactions.onCode(view.authURL);
    else if (isOver) reactions.onOver();
  }

  auth.subscribe(follow, () => {
    isEnded = true;
    reactions.onEnd();
  });
  return { isEnded: () => isEnded };
}
