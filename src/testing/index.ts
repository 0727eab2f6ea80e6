export type { PlexEmulatorOptions, RateLimit } from '../emulator/emulator-options.ts';
export type { EmulatorRequest } from '../emulator/emulator-request.ts';
export type { Fault, FaultScope, Operation } from '../emulator/faults.ts';
export type { PinState } from '../emulator/pin-registry.ts';
export { createPlexEmulator, type EmulatedPin, type PlexEmulator } from '../emulator/plex-emulator.ts';
export {
  type ServedPlexEmulator,
  type ServePlexEmulatorOptions,
  servePlexEmulator,
} from '../emulator/serve-plex-emulator.ts';
export {
  type DriveInspector,
  type DrivePlexAuthOptions,
  drivePlexAuth,
  type PlexAuthDrive,
} from './drive-plex-auth.ts';
export type { AppMove, DriveMove } from './drive-script.ts';
export {
  assertReaches,
  type MatcherOutcome,
  type PlexMatchers,
  plexMatchers,
  type ReachInTimeOptions,
  type ReachOptions,
} from './matchers.ts';
export { createMemoryStore } from './memory-store.ts';
export {
  formatTimeline,
  type TimelineEntry,
  type TimelineMove,
  type TimelineRequest,
  type TimelineView,
} from './timeline.ts';
export { createVirtualTime, type VirtualTime } from './virtual-time.ts';
