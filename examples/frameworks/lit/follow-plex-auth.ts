import type { ReactiveControllerHost } from 'lit';
import type { PlexAuth } from 'plex-auth-flow';
import { toReadable } from 'plex-auth-flow/adapters';

export function followPlexAuth(host: ReactiveControllerHost, auth: PlexAuth): void {
  let unsubscribe = () => {};
  const hostConnected = () => {
    unsubscribe = toReadable(auth).subscribe(() => host.requestUpdate());
  };
  host.addController({ hostConnected, hostDisconnected: () => unsubscribe() });
}
