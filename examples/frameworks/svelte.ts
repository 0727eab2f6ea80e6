import type { PlexAuth, PlexAuthView } from 'plex-auth-flow';
import { toReadable } from 'plex-auth-flow/adapters';
import { derived, type Readable } from 'svelte/store';

export function createStores(auth: PlexAuth): { view: Readable<PlexAuthView>; status: Readable<string> } {
  const view = toReadable(auth); // in a component: {$view.status}
  return { view, status: derived(view, ({ status }) => status) };
}
