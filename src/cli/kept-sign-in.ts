import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { configFolder, createFileStore } from '../hosts/node.ts';
import { createKeeper, credentialsKey, type Keeper } from '../keeper.ts';
import { type KeyValueStore, systemClock } from '../ports.ts';
import type { CommandHost } from './command-host.ts';

/** What the program keeps on this machine between two runs. */
export interface KeptSignIn {
  /** The folder that holds both files. */
  readonly folder: string;
  /** `state.json`: the client identifier and the pending PIN. */
  readonly store: KeyValueStore;
  /** `credentials.json`: the token, with the client identifier it belongs to. */
  readonly credentials: KeyValueStore;
  /** Reads and forgets what an engine keeps in these two. */
  readonly keeper: Keeper;
  /** The server that gave the kept token, where that is not Plex. No other is to see it. */
  findServerURL(): Promise<string | undefined>;
  /** Notes how a sign-in is going to be made, and forgets a pending PIN that was made otherwise. */
  begin(flow: KeptFlow): Promise<void>;
  /** Waits until everything is written. */
  settle(): Promise<void>;
}

/** What a pending PIN does not say of itself. */
interface KeptFlow {
  readonly strong: boolean;
  readonly serverURL?: string | undefined;
}

const flowKey = 'plex-auth.flow';

/**
 * Opens what is kept in the user's config folder, or in `PLEX_AUTH_CONFIG_DIR`.
 *
 * @throws {PlexAuthError} `PLEX_STORE`, from the keeper's reads. @throws {Error} Node's own, from the rest.
 */
export function openKeptSignIn({ env, warn }: CommandHost): KeptSignIn {
  const folder = env['PLEX_AUTH_CONFIG_DIR'] || configFolder('plex-auth-flow', env);
  const store = createFileStore(join(folder, 'state.json'), { onCorrupt: warn });
  const credentials = createFileStore(join(folder, 'credentials.json'), { onCorrupt: warn });
  const onFault = (error: Error) => warn(error.message);
  const keeper = createKeeper({
    store,
    credentials,
    clientIdentifier: undefined,
    serverURL: undefined,
    clock: systemClock,
    onFault,
  });

  async function settle(): Promise<void> {
    // A write is handed to its store in a later microtask; the store then does one thing after the other.
    await setImmediate();
    await Promise.allSettled([store.getItem(''), credentials.getItem('')]);
  }

  return {
    folder,
    store,
    credentials,
    keeper,
    settle,
    async findServerURL() {
      const kept = await credentials.getItem(credentialsKey);
      const { serverURL } = (typeof kept === 'string' ? JSON.parse(kept) : {}) as Partial<KeptFlow>;
      return serverURL;
    },
    async begin({ strong, serverURL }) {
      const flow = JSON.stringify({ strong, serverURL });
      if ((await store.getItem(flowKey)) === flow) return;
      keeper.forgetPin();
      await settle();
      await store.setItem(flowKey, flow);
    },
  };
}
