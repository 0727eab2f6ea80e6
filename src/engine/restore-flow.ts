import type { Pin } from '../pin.ts';
import { type PlexAuthSettings, toLimit } from './plex-auth-options.ts';
import type { Flow } from './start-flow.ts';

/** The reading of the stores that every engine begins with. */
export interface Restoring {
  readonly isOver: boolean;
  readonly ended: Promise<void>;
}

/**
 * Restores stored credentials and verifies them once, or resumes a stored PIN. A PIN that is over, or was made with
 * another client identifier, is forgotten.
 */
export function restoreFlow(settings: PlexAuthSettings, flow: Flow): Restoring {
  const { clock, wire } = settings;
  const { send, store, verify, life, reportStoreError } = flow;

  async function readStores(): Promise<void> {
    const credentials = await store.findCredentials().catch(reportStoreError);
    if (credentials) {
      send({ type: 'RESTORE', credentials });
      void verify();
      return;
    }
    const pin = await store.findPin();
    if (pin && (await isUsable(pin))) send({ type: 'RESUME', pin, ...toLimit(settings) });
    else if (pin && !life.isOver) void store.forgetPin();
  }

  async function isUsable(pin: Pin): Promise<boolean> {
    const isOurs = (await store.clientIdentifier()) === pin.clientIdentifier;
    return isOurs && (wire.isPin?.(pin) ?? true) && pin.atMs + pin.expiresInMs > clock.now();
  }

  if (!(settings.credentials ?? settings.store)) return { isOver: true, ended: Promise.resolve() };
  const restoring = {
    isOver: false,
    ended: readStores()
      .catch(reportStoreError)
      .finally(() => {
        restoring.isOver = true;
      }),
  };
  return restoring;
}
