import { useSelector } from '@xstate/vue';
import type { PlexAuth } from 'plex-auth-flow';

/** A part of the chart as a ref, until the scope ends. */
export function usePin(auth: PlexAuth) {
  return useSelector(auth.actor, ({ context }) => context.pin);
}
