import type { EmulatorSettings } from './emulator-options.ts';
import { createFaultPlan, type FaultPlan } from './fault-plan.ts';
import { createPinRegistry, type PinRegistry } from './pin-registry.ts';

/** What one emulated plex.tv knows; its routes and pages share it. */
export interface EmulatorState {
  readonly settings: EmulatorSettings;
  readonly registry: PinRegistry;
  readonly faults: FaultPlan;
}

/** Makes the state of a plex.tv without PINs and faults. */
export function createEmulatorState(settings: EmulatorSettings): EmulatorState {
  return { settings, registry: createPinRegistry(settings), faults: createFaultPlan() };
}
