import type { PlexAuth } from 'plex-auth-flow';
import { createElement, type ReactElement, useSyncExternalStore } from 'react';

export function SignInStatus({ auth }: { auth: PlexAuth }): ReactElement {
  const view = useSyncExternalStore(auth.subscribe, auth.getSnapshot, auth.getSnapshot);
  return createElement('output', null, view.status);
}
