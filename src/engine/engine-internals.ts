import type { PlexAuthError } from '../errors.ts';
import type { Credentials, Pin } from '../pin.ts';
import type { Clock, Wire } from '../ports.ts';
import type { FlowStore } from './flow-store.ts';

/**
 * The inner door: what a host (page, element, terminal, server) may touch of an engine, beside its public methods.
 *
 * Hosts never use `auth.actor`, which is for applications that embed or compose the chart.
 */
export interface EngineInternals {
  readonly clock: Clock;
  /** The one layer over the caller's stores. Engine and host share it, so that writes really run in order. */
  readonly store: FlowStore;
  readonly wire: Wire;
  /** How long a sign-in may take in all, in milliseconds. Undefined: as long as its codes live. */
  readonly giveUpAfterMs: number | undefined;
  /**
   * Whether the window with the consent page is closed, or says so: under COOP it does while the user is still in it. Null where
   * none was opened. Only a host that opens windows has it.
   */
  isWindowClosed?(): boolean | null;
  /** The PIN that the user is approving now. */
  pendingPin(): Pin | undefined;
  /** Resumes the sign-in with a PIN, and stores it. @returns False if the chart takes no PIN now; then nothing changes. */
  resume(pin: Pin): boolean;
  /** Signs in with credentials that were found elsewhere. Does nothing where the chart takes none now. */
  adoptCredentials(credentials: Credentials): void;
  /** Ends the session: Plex, or another tab, says that the token is no longer valid. */
  reject(): void;
  /** Shows a store's error as the view's `lastError`; the sign-in continues. */
  reportStoreError(error: PlexAuthError): void;
}

/** Keyed by the public object, so that a host that is given only an engine finds its door, and nobody sees it on the object. */
const doors = new WeakMap<object, EngineInternals>();

/** Lets {@link internalsOf} find the internals by this object. */
export function registerInternals<Auth extends object>(auth: Auth, internals: EngineInternals): Auth {
  doors.set(auth, internals);
  return auth;
}

/** @returns The engine's internals; undefined for a fake, or an engine of another copy of this package. */
export function internalsOf(auth: object): EngineInternals | undefined {
  return doors.get(auth);
}
