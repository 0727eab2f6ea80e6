import type { PlexAuth } from '../engine/create-plex-auth.ts';
import type { PlexAuthView } from '../view.ts';

type Status = PlexAuthView['status'];

/** Whether a flow is under way. */
export function isRunning(status: Status): boolean {
  return status === 'requestingPin' || status === 'awaitingLink' || status === 'fetchingToken';
}

/** Whether a start would begin one. */
export function isStartable(status: Status): boolean {
  return status === 'idle' || status === 'expired' || status === 'failed';
}

/** Whether there is a page to show. */
export function hasCode(view: PlexAuthView): view is Extract<PlexAuthView, { code: string }> {
  return view.status === 'awaitingLink' || view.status === 'fetchingToken';
}

/** Waits for a status; the end of the engine ends the waiting too. */
export function untilStatus(
  engine: Pick<PlexAuth, 'subscribe' | 'getSnapshot'>,
  isWanted: (status: Status) => boolean,
): Promise<PlexAuthView> {
  return new Promise((resolve) => {
    const look = (view: PlexAuthView) => {
      if (!isWanted(view.status)) return;
      unsubscribe();
      resolve(view);
    };
    const unsubscribe = engine.subscribe(look, () => resolve(engine.getSnapshot()));
    look(engine.getSnapshot());
  });
}
