import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';
import { toObservable } from 'plex-auth-flow/adapters';
import { type Accessor, from } from 'solid-js';

export function createView(auth: PlexAuth): Accessor<PlexAuthView> {
  return from(toObservable(auth), auth.getSnapshot());
}
