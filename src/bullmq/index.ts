export { PlexAuthError } from '../errors.ts';
export type {
  FleetChange,
  FleetStartOptions,
  Lateness,
  PlexFleetEvent,
  StartedFlow,
} from '../fleet/index.ts';
export { Secret } from '../secret.ts';
export { createSharedPlexFleet } from './create-shared-plex-fleet.ts';
export type { SharedPlexFleetOptions } from './shared-fleet-options.ts';
export type { SharedFleetLoad, SharedPlexFleet } from './shared-plex-fleet.ts';
