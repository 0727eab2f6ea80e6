import { fromActorRef } from '@xstate/solid';
import type { PlexAuth } from 'plex-auth-flow';

/** A part of the chart as an accessor, until the root is disposed of. */
export function createPin(auth: PlexAuth) {
  const snapshot = fromActorRef(auth.actor);
  return () => snapshot().context.pin;
}
