export type { PlexEmulatorOptions, RateLimit } from './emulator-options.ts';
export type { EmulatorRequest } from './emulator-request.ts';
export { type Fault, type FaultScope, requireFault, requireFaultScope } from './fault.ts';
export { type Operation, operations } from './operation.ts';
export type { ListedPerson } from './people/home-objects.ts';
export type { EmulatedPersonOptions } from './people/person-options.ts';
export type { PinState } from './pin-registry.ts';
export type { PlaywrightRoute } from './playwright-route.ts';
export { createPlexEmulator, type EmulatedPin, type PlexEmulator } from './plex-emulator.ts';
export {
  type ServedPlexEmulator,
  type ServePlexEmulatorOptions,
  servePlexEmulator,
} from './serve-plex-emulator.ts';
export type { ListedServer } from './servers/server-objects.ts';
export type { EmulatedServerOptions } from './servers/server-options.ts';
export type { UnhandledRequestPolicy, UnhandledRequestPrint } from './unhandled-request.ts';
