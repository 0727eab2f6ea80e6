import { useSelector } from '@xstate/svelte';
import type { PlexAuth } from 'plex-auth-flow';

/** A part of the chart as a store. */
export function selectPin(auth: PlexAuth) {
  return useSelector(auth.actor, ({ context }) => context.pin);
}
