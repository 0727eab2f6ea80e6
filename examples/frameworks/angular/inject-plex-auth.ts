import { DestroyRef, inject, type Signal, signal } from '@angular/core';
import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';

export function injectPlexAuth(auth: PlexAuth): Signal<PlexAuthView> {
  const view = signal(auth.getSnapshot());
  inject(DestroyRef).onDestroy(auth.subscribe(view.set));
  return view.asReadonly();
}
