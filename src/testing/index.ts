export {
  createPlexEmulator,
  type EmulatedPersonOptions,
  type EmulatedPin,
  type EmulatedServerOptions,
  type EmulatorRequest,
  type Fault,
  type FaultScope,
  type ListedPerson,
  type ListedServer,
  type Operation,
  type PinState,
  type PlaywrightRoute,
  type PlexEmulator,
  type PlexEmulatorOptions,
  type RateLimit,
  type ServedPlexEmulator,
  type ServePlexEmulatorOptions,
  servePlexEmulator,
  type UnhandledRequestPolicy,
  type UnhandledRequestPrint,
} from '../emulator/index.ts';
export { assertReaches } from './assert-reaches.ts';
export type { MatcherOutcome, ReachInTimeOptions, ReachOptions } from './check-reach.ts';
export type { DriveInspector, DrivePlexAuthOptions } from './drive-options.ts';
export { drivePlexAuth } from './drive-plex-auth.ts';
export { formatTimeline } from './format-timeline.ts';
export { type PlexMatchers, plexMatchers } from './matchers.ts';
export { createMemoryStore } from './memory-store.ts';
export type {
  AppMove,
  DriveMove,
  PlexAuthDrive,
  TimelineEntry,
  TimelineMove,
  TimelineRequest,
  TimelineView,
} from './plex-auth-drive.ts';
export { createVirtualTime, type VirtualTime } from './virtual-time.ts';
