import type { PlexAuth } from '../engine/plex-auth.ts';
import type { PlexAuthView } from '../view.ts';

type Status = PlexAuthView['status'];

/** Whether a sign-in is running. */
export function isRunning(status: Status): boolean {
  return status === 'requestingPin' || status === 'awaitingLink' || status === 'fetchingToken';
}

/** Whether `start` would begin one. */
export function isStartable(status: Status): boolean {
  return status === 'idle' || status === 'expired' || status === 'failed';
}

/** Whether there is a page to show. */
export function hasCode(view: PlexAuthView): view is Extract<PlexAuthView, { code: string }> {
  return view.status === 'awaitingLink' || view.status === 'fetchingToken';
}

/** Resolves at the first view with a wanted status, or when the engine is disposed of. */
export function untilStatus(
  engine: Pick<PlexAuth, 'subscribe' | 'getSnapshot'>,
  isWanted: (status: Status) => boolean,
): Promise<PlexAuthView> {
  return new Promise((resolve) => {
    const check = (view: PlexAuthView) => {
      if (!isWanted(view.status)) return;
      unsubscribe();
      resolve(view);
    };
    const unsubscribe = engine.subscribe(check, () => resolve(engine.getSnapshot()));
    check(engine.getSnapshot());
  });
}
