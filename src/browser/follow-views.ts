import type { PlexAuth } from '../engine/plex-auth.ts';
import type { PlexAuthView } from '../view.ts';
import { isRunning } from '../view.ts';

/** What a page does when the sign-in moves on. */
export interface ViewReactions {
  /** There is a consent page to show. */
  onCode(authURL: string): void;
  /** The sign-in is over, or the user is signed in. */
  onOver(): void;
  /** The engine has been disposed of. */
  onEnd(): void;
}

/** Calls the reactions after each change of the engine. @returns Whether the engine has been disposed of. */
export function followViews(auth: PlexAuth, reactions: ViewReactions): { isEnded(): boolean } {
  let isEnded = false;
  let wasRunning = false;

  function follow(view: PlexAuthView): void {
    const isOver = !isRunning(view.status) && (wasRunning || view.status === 'authenticated');
    wasRunning = isRunning(view.status);
    if (view.code) reactions.onCode(view.authURL);
    else if (isOver) reactions.onOver();
  }

  auth.subscribe(follow, () => {
    isEnded = true;
    reactions.onEnd();
  });
  return { isEnded: () => isEnded };
}
