import * as v from 'valibot';
import type { PlexAuthError } from '../errors.ts';
import { parseJSON } from '../json.ts';
import type { Credentials, Pin } from '../pin.ts';
import { isHeaderSafe } from '../plex/device.ts';
import { pinCode } from '../plex/replies.ts';
import type { KeyValueStore } from '../ports.ts';
import { Secret } from '../secret.ts';
import { createStoreAccess, type StoreAccessOptions } from './store-access.ts';

/** Resolves once a write has ended: to nothing, or to the error it ended with. Never rejects. */
type WriteOutcome = Promise<PlexAuthError | undefined>;

/**
 * What a sign-in keeps between two lives of its process or page: the one layer over the caller's stores.
 *
 * An engine and its host share it, so that writes run in the order in which they were asked for.
 */
export interface FlowStore {
  /** Gives the installation's client identifier; makes and stores one the first time. @throws {PlexAuthError} `PLEX_STORE`. */
  clientIdentifier(): Promise<string>;
  /** Finds the PIN that an earlier life left pending. @throws {PlexAuthError} `PLEX_STORE`. */
  findPin(): Promise<Pin | undefined>;
  /**
   * Finds the credentials that a server issued to an earlier life. No other server is sent a token.
   *
   * @param server Default: this store's own server.
   * @throws {PlexAuthError} `PLEX_STORE`.
   */
  findCredentials(server?: string): Promise<Credentials | undefined>;
  keepPin(pin: Pin): WriteOutcome;
  forgetPin(): WriteOutcome;
  keepCredentials(credentials: Credentials): WriteOutcome;
  forgetCredentials(): WriteOutcome;
  /** Resolves once every write so far has ended. */
  flushed(): Promise<void>;
}

/** The key under which a store holds the client identifier. */
export const clientIdentifierKey = 'plex-auth-flow.client-identifier';
const pinKey = 'plex-auth-flow.pin';
/** The key under which a credentials store holds the token. */
export const credentialsKey = 'plex-auth-flow.credentials';

const storedPin = v.object({
  pinID: v.custom<number | string>((id) => typeof id === 'number' || typeof id === 'string'),
  code: pinCode,
  clientIdentifier: v.string(),
  atMs: v.number(),
  expiresInMs: v.number(),
  qrURL: v.fallback(v.string(), ''),
});
const storedCredentials = v.object({
  token: v.string(),
  clientIdentifier: v.string(),
  serverURL: v.fallback(v.string(), ''),
});

/** What a flow store is made of. */
export interface FlowStoreOptions extends StoreAccessOptions {
  store?: KeyValueStore | undefined;
  /** The only place a token is written to. */
  credentials?: KeyValueStore | undefined;
  clientIdentifier?: string | undefined;
  /** The server that issues the token. Default: Plex's. */
  serverURL?: string | undefined;
}

/** Makes the layer over the caller's stores. Nobody has to wait for a write; its outcome says how it ended. */
export function createFlowStore(options: FlowStoreOptions): FlowStore {
  const { store, credentials, serverURL } = options;
  const access = createStoreAccess(options);
  let identifier = options.clientIdentifier;

  async function find<Schema extends v.GenericSchema>(
    from: KeyValueStore | undefined,
    key: string,
    schema: Schema,
  ): Promise<v.InferOutput<Schema> | undefined> {
    const found = await access.read(from, key);
    const result = v.safeParse(schema, typeof found === 'string' ? parseJSON(found) : found);
    return result.success ? result.output : undefined;
  }

  return {
    async clientIdentifier() {
      if (identifier !== undefined) return identifier;
      const found = String((await access.read(store, clientIdentifierKey)) ?? '');
      const isStored = isHeaderSafe(found);
      const own = isStored ? found : makeClientIdentifier();
      if (!isStored) access.write(store, clientIdentifierKey, () => own);
      identifier = own;
      return own;
    },
    findPin: () => find(store, pinKey, storedPin),
    async findCredentials(server = serverURL) {
      const stored = await find(credentials, credentialsKey, storedCredentials);
      if (!stored?.token || stored.serverURL !== (server ?? '')) return undefined;
      return { token: new Secret(stored.token), clientIdentifier: stored.clientIdentifier };
    },
    keepPin: (pin) => access.write(store, pinKey, () => JSON.stringify(pin)),
    forgetPin: () => access.remove(store, pinKey),
    keepCredentials: ({ token, clientIdentifier }) =>
      // The token is revealed only when its turn has come.
      access.write(credentials, credentialsKey, () =>
        JSON.stringify({ token: token.reveal(), clientIdentifier, serverURL }),
      ),
    forgetCredentials: () => access.remove(credentials, credentialsKey),
    flushed: access.flushed,
  };
}

/** Makes 24 letters and digits, as Plex's own clients do. Not `randomUUID`, which pages on plain http do not have. */
function makeClientIdentifier(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}
