import { useSelector } from '@xstate/react';
import type { PlexAuth } from 'plex-auth-flow';

/** A part of the chart; the component renders again only when this part changes. */
export function usePin(auth: PlexAuth) {
  return useSelector(auth.actor, ({ context }) => context.pin);
}
