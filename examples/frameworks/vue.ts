import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';
import { onScopeDispose, type ShallowRef, shallowRef } from 'vue';

/** Shallow, since a deep `ref` would put a proxy around the token. */
export function usePlexAuth(auth: PlexAuth): Readonly<ShallowRef<PlexAuthView>> {
  const view = shallowRef(auth.getSnapshot());
  const unsubscribe = auth.subscribe((next) => {
    view.value = next;
  });
  onScopeDispose(unsubscribe);
  return view;
}
