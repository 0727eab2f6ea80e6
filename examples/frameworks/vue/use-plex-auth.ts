import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';

export function usePlexAuth(auth: PlexAuth): Readonly<ShallowRef<PlexAuthView>> {
  const view = shallowRef(auth.getSnapshot()); // a deep ref would wrap the token in a proxy
  const show = (next: PlexAuthView) => {
    view.value = next;
  };
  onScopeDispose(auth.subscribe(show));
  return view;
}
