import { join } from 'node:path';
import { createFlowStore, credentialsKey, type FlowStore } from '../../engine/flow-store.ts';
import { parseJSON } from '../../json.ts';
import { configFolder, createFileStore } from '../../node/index.ts';
import type { Credentials } from '../../pin.ts';
import { createPlexClient, type PlexClient } from '../../plex/client.ts';
import {
  checkClientOptions,
  defaultRequestTimeoutMs,
  type PlexClientOptions,
} from '../../plex/client-options.ts';
import { type KeyValueStore, systemClock } from '../../ports.ts';
import type { CommandHost } from '../host/command-host.ts';
import { toErrorText } from '../host/error-text.ts';
import { findProxyFetch } from '../host/find-proxy-fetch.ts';
import { toServerName } from './server-name.ts';

/** The sign-in that the program keeps on this machine between two runs. */
export interface KeptSignIn {
  /** The path of `credentials.json`, to name in messages. */
  readonly credentialsFile: string;
  /** `state.json`: the client identifier and the pending PIN. */
  readonly store: KeyValueStore;
  /** `credentials.json`: the token, with the client identifier it belongs to. */
  readonly credentials: KeyValueStore;
  /** Reads and forgets what an engine has kept in these two. */
  readonly flowStore: FlowStore;
  /**
   * Finds the stored token. Each command that uses it asks here.
   *
   * @param serverURL The only server whose token may be used. Default: any.
   */
  findToken(serverURL: string | undefined): Promise<KeptToken>;
  /** Notes the kind and the server of the sign-in that begins, and forgets a pending PIN of another kind or server. */
  begin(flow: KeptFlow): Promise<void>;
}

/** The stored token, as far as a command may use it. */
export type KeptToken =
  | { readonly status: 'none' }
  /** It was issued by another server, which is named here. No other may see it. */
  | { readonly status: 'otherServer'; readonly server: string }
  | ({ readonly status: 'found' } & UsableToken);

/** A token that a command may use. */
export interface UsableToken {
  readonly credentials: Credentials;
  /** The server that issued it. Default: Plex's own. */
  readonly serverURL: string | undefined;
  /**
   * Makes a client for the server that issued the token.
   *
   * @throws {Error} If the environment names a proxy that cannot be used.
   */
  createClient(): Promise<PlexClient>;
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
 * @throws {PlexAuthError} `PLEX_STORE`, from the flowStore's reads. @throws {Error} Node's own, from the rest, or if there
 * is no config folder.
 */
export function openKeptSignIn({ env, warn }: Pick<CommandHost, 'env' | 'warn'>): KeptSignIn {
  const folder = findFolder(env);
  const credentialsFile = join(folder, 'credentials.json');
  const store = createFileStore(join(folder, 'state.json'), { onCorrupt: warn });
  const credentials = createFileStore(credentialsFile, { onCorrupt: warn });
  const flowStore = createFlowStore({
    store,
    credentials,
    clock: systemClock,
    timeoutMs: defaultRequestTimeoutMs,
    // Every command looks at how its write ended.
    onError: () => {},
  });

  async function findServerURL(): Promise<string | undefined> {
    const kept = await withWayOut(() => credentials.getItem(credentialsKey));
    const { serverURL } = Object(parseJSON(String(kept))) as Partial<Record<'serverURL', unknown>>;
    return typeof serverURL === 'string' && serverURL !== '' ? serverURL : undefined;
  }

  return {
    credentialsFile,
    store,
    credentials,
    flowStore,
    async findToken(serverURL) {
      const issuer = await findServerURL();
      const found = await flowStore.findCredentials(issuer);
      if (!found || !isServer(issuer)) return { status: 'none' };
      const server = toServerName(issuer);
      if (serverURL !== undefined && toServerName(serverURL) !== server) {
        return { status: 'otherServer', server };
      }
      const createClient = async () =>
        createPlexClient({ ...toClientOptions(issuer), fetch: await findProxyFetch(env) });
      return { status: 'found', credentials: found, serverURL: issuer, createClient };
    },
    async begin({ strong, serverURL }) {
      const flow = JSON.stringify({ strong, serverURL });
      await withWayOut(async () => {
        if ((await store.getItem(flowKey)) === flow) return;
        const error = await flowStore.forgetPin();
        if (error) throw error;
        await store.setItem(flowKey, flow);
      });
    },
  };
}

/** Whether the server, which comes from the file, is an address. */
function isServer(serverURL: string | undefined): boolean {
  try {
    checkClientOptions(toClientOptions(serverURL));
    return true;
  } catch {
    return false;
  }
}

/** Plain http was allowed when the token was obtained. */
function toClientOptions(serverURL: string | undefined): PlexClientOptions {
  return { serverURL, allowInsecureRequests: true };
}

/** Every command reads or writes in the folder first here, so its errors say what to do about it. */
async function withWayOut<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${toErrorText(error)}; set PLEX_AUTH_CONFIG_DIR to a folder that can be used`);
  }
}

/** Finds the folder of both files. @throws {Error} Naming the way out, if this user has no home folder. */
function findFolder(env: CommandHost['env']): string {
  if (env['PLEX_AUTH_CONFIG_DIR']) return env['PLEX_AUTH_CONFIG_DIR'];
  try {
    return configFolder('plex-auth-flow', env);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`${message}, or PLEX_AUTH_CONFIG_DIR to the folder to keep the sign-in in`);
  }
}
