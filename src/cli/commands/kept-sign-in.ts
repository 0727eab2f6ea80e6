import { join } from 'node:path';
import { createFlowStore, credentialsKey, type FlowStore } from '../../engine/flow-store.ts';
import { parseJSON } from '../../json.ts';
import { configFolder, createFileStore } from '../../node/index.ts';
import type { Credentials } from '../../pin.ts';
import { createPlexClient, type PlexClient } from '../../plex/client.ts';
import { defaultRequestTimeoutMs } from '../../plex/client-options.ts';
import { type KeyValueStore, systemClock } from '../../ports.ts';
import type { CommandHost } from '../host/command-host.ts';

/** The sign-in that the program keeps on this machine between two runs. */
export interface KeptSignIn {
  /** The folder that holds both files. */
  readonly folder: string;
  /** `state.json`: the client identifier and the pending PIN. */
  readonly store: KeyValueStore;
  /** `credentials.json`: the token, with the client identifier it belongs to. */
  readonly credentials: KeyValueStore;
  /** Reads and forgets what an engine has kept in these two. */
  readonly flowStore: FlowStore;
  /**
   * Finds the kept token, with a client for the server that gave it: no other may see it.
   *
   * @param serverURL Finds only a token of this server. Default: of any.
   */
  findSignedIn(serverURL?: string): Promise<SignedIn | undefined>;
  /** Notes the kind and the server of the sign-in that begins, and forgets a pending PIN of another kind or server. */
  begin(flow: KeptFlow): Promise<void>;
}

/** Who is signed in, and the client that may ask about it. */
interface SignedIn {
  readonly credentials: Credentials;
  readonly client: PlexClient;
}

/** What a stored PIN does not record itself. */
interface KeptFlow {
  readonly strong: boolean;
  readonly serverURL?: string | undefined;
}

const flowKey = 'plex-auth.flow';

/**
 * Opens the sign-in in the user's config folder, or in `PLEX_AUTH_CONFIG_DIR`.
 *
 * @throws {PlexAuthError} `PLEX_STORE`, from the flowStore's reads. @throws {Error} Node's own, from the rest.
 */
export function openKeptSignIn({ env, warn }: CommandHost): KeptSignIn {
  const folder = env['PLEX_AUTH_CONFIG_DIR'] || configFolder('plex-auth-flow', env);
  const store = createFileStore(join(folder, 'state.json'), { onCorrupt: warn });
  const credentials = createFileStore(join(folder, 'credentials.json'), { onCorrupt: warn });
  const onError = (error: Error) => warn(error.message);
  const flowStore = createFlowStore({
    store,
    credentials,
    clock: systemClock,
    timeoutMs: defaultRequestTimeoutMs,
    onError,
  });

  async function findServerURL(): Promise<string | undefined> {
    const kept = await credentials.getItem(credentialsKey);
    const { serverURL } = Object(parseJSON(String(kept))) as Partial<KeptFlow>;
    return serverURL;
  }

  return {
    folder,
    store,
    credentials,
    flowStore,
    async findSignedIn(serverURL) {
      const server = serverURL ?? (await findServerURL());
      const found = await flowStore.findCredentials(server);
      // Plain http was allowed when the token was obtained; a server in --server-url has been checked.
      const client = createPlexClient({ serverURL: server, allowInsecureRequests: true });
      return found && { credentials: found, client };
    },
    async begin({ strong, serverURL }) {
      const flow = JSON.stringify({ strong, serverURL });
      if ((await store.getItem(flowKey)) === flow) return;
      void flowStore.forgetPin();
      await flowStore.flushed();
      await store.setItem(flowKey, flow);
    },
  };
}
