import type { PlexAuth } from '../engine/plex-auth.ts';
import type { PlexAuthStatus, PlexAuthView } from '../view.ts';

/** Resolves at the first view with a wanted status, or when the engine is disposed of. */
export function untilStatus(
  engine: Pick<PlexAuth, 'subscribe' | 'getSnapshot'>,
  isWanted: (status: PlexAuthStatus) => boolean,
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
