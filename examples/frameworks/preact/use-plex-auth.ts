import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';
import { useSyncExternalStore } from 'preact/compat';

export function usePlexAuth(auth: PlexAuth): PlexAuthView {
  return useSyncExternalStore(auth.subscribe, auth.getSnapshot, auth.getSnapshot);
}
