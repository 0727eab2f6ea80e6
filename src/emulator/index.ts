export type { PlexEmulatorOptions, RateLimit } from './emulator-options.ts';
export type { EmulatorRequest } from './emulator-request.ts';
export { type Fault, type FaultScope, requireFault, requireFaultScope } from './fault.ts';
export { type Operation, operations } from './operation.ts';
export type { PinState } from './pin-registry.ts';
export { createPlexEmulator, type EmulatedPin, type PlexEmulator } from './plex-emulator.ts';
export {
  type ServedPlexEmulator,
  type ServePlexEmulatorOptions,
  servePlexEmulator,
} from './serve-plex-emulator.ts';
