import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';
import { useSyncExternalStore } from 'react';

/** What a server renders, and a page at first, however far its engine is by then: so that hydration never differs. */
const serverView: PlexAuthView = { status: 'idle' };

export function usePlexAuth(auth: PlexAuth): PlexAuthView {
  return useSyncExternalStore(auth.subscribe, auth.getSnapshot, () => serverView);
}
