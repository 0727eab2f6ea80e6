import type { EmulatorSettings } from './emulator-options.ts';
import { createFaultPlan, type FaultPlan } from './fault-plan.ts';
import { createPinRegistry, type PinRegistry } from './pin-registry.ts';
import { createServers } from './servers/server-options.ts';
import { createServerRegistry, type ServerRegistry } from './servers/server-registry.ts';

/** What one emulated plex.tv knows; its routes and pages share it. */
export interface EmulatorState {
  readonly settings: EmulatorSettings;
  readonly registry: PinRegistry;
  readonly servers: ServerRegistry;
  readonly faults: FaultPlan;
}

/** Makes the state of a plex.tv without PINs and faults. */
export function createEmulatorState(settings: EmulatorSettings): EmulatorState {
  const registry = createPinRegistry(settings);
  const { people } = settings;
  const servers = createServers(settings.servers, people);
  return {
    settings,
    registry,
    servers: createServerRegistry(servers, people, registry.makeToken),
    faults: createFaultPlan(),
  };
}
