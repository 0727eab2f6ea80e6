export type { PlexEmulatorOptions, RateLimit } from './emulator-options.ts';
export type { EmulatorRequest } from './emulator-request.ts';
export type { Fault, FaultScope, Operation } from './faults.ts';
export type { PinState } from './pin-registry.ts';
export { createPlexEmulator, type EmulatedPin, type PlexEmulator } from './plex-emulator.ts';
export {
  type ServedPlexEmulator,
  type ServePlexEmulatorOptions,
  servePlexEmulator,
} from './serve-plex-emulator.ts';
export { createVirtualTime, type VirtualTime } from './virtual-time.ts';
