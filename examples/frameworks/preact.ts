import type { PlexAuth } from 'plex-auth-flow';
import { h, type VNode } from 'preact';
import { useSyncExternalStore } from 'preact/compat';

export function SignInStatus({ auth }: { auth: PlexAuth }): VNode {
  const view = useSyncExternalStore(auth.subscribe, auth.getSnapshot);
  return h('output', null, view.status);
}
