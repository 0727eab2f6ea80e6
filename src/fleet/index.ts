export { PlexAuthError } from '../errors.ts';
export { Secret } from '../secret.ts';
export { createPlexFleet } from './create-plex-fleet.ts';
export type { PlexFleetOptions } from './fleet-options.ts';
export type { Lateness } from './lateness.ts';
export type {
  FleetChange,
  FleetLoad,
  FleetStartOptions,
  PlexFleet,
  PlexFleetEvent,
  StartedFlow,
} from './plex-fleet.ts';
