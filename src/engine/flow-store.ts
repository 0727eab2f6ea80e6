import { PlexAuthError } from '../errors.ts';
import type { Credentials, Pin } from '../pin.ts';
import { isHeaderSafe } from '../plex/device.ts';
import type { KeyValueStore } from '../ports.ts';
import { createStoreAccess, type StoreAccessOptions, type WriteOutcome } from './store-access.ts';
import { parseStoredCredentials, parseStoredPin } from './stored.ts';

/**
 * What a sign-in keeps between two lives of its process or page: the one layer over the caller's stores.
 *
 * An engine and its host share it, so that the writes to a store run in the order in which they were asked for.
 */
export interface FlowStore {
  /** Gives the installation's client identifier; makes and stores one the first time. @throws {PlexAuthError} `PLEX_STORE`. */
  clientIdentifier(): Promise<string>;
  /** Finds the PIN that an earlier life left pending. @throws {PlexAuthError} `PLEX_STORE`. */
  findPin(): Promise<Pin | undefined>;
  /**
   * Finds the credentials that a server issued to an earlier life, or to another process or tab. No other server is sent
   * a token. Credentials that this store was asked to forget are not found again.
   *
   * @param server Default: this store's own server.
   * @throws {PlexAuthError} `PLEX_STORE`.
   */
  findCredentials(server?: string): Promise<Credentials | undefined>;
  /** Whether another process or tab may have stored credentials. Not asked of a store that failed to read. */
  readonly mayFindCredentials: boolean;
  keepPin(pin: Pin): WriteOutcome;
  forgetPin(): WriteOutcome;
  keepCredentials(credentials: Credentials): WriteOutcome;
  /** Removes these credentials. Newer ones, which another process or tab may have stored since, stay. */
  forgetCredentials(credentials: Credentials): WriteOutcome;
  /** How the last `keepCredentials` ended. */
  credentialsKept(): WriteOutcome;
  /** Resolves once every write so far has ended, or had its time. */
  flushed(): Promise<void>;
}

/** What is stored: each has a key of its own. */
type Part = 'client-identifier' | 'pin' | 'credentials';

/** The key under which a part is stored. @param name Names the application, where several share a store. */
function toStoreKey(part: Part, name?: string): string {
  return ['plex-auth-flow', ...(name === undefined ? [] : [encodeURIComponent(name)]), part].join('.');
}

/** The key under which a credentials store holds the token, without a name. */
export const credentialsKey = toStoreKey('credentials');

/** What a flow store is made of. */
export interface FlowStoreOptions extends StoreAccessOptions {
  store?: KeyValueStore | undefined;
  /** The only place a token is written to. */
  credentials?: KeyValueStore | undefined;
  clientIdentifier?: string | undefined;
  /** The server that issues the token. Default: Plex's. */
  serverURL?: string | undefined;
  /** Names the application in the keys. What lies under the keys without a name is moved. Default: none. */
  name?: string | undefined;
}

/** Makes the layer over the caller's stores. Nobody has to wait for a write; its outcome says how it ended. */
export function createFlowStore(options: FlowStoreOptions): FlowStore {
  const { store, credentials, serverURL, name } = options;
  const access = createStoreAccess(options);
  const pinKey = toStoreKey('pin', name);
  const tokenKey = toStoreKey('credentials', name);
  let identifier = options.clientIdentifier;
  /** The token that was to be forgotten: its removal may still wait, or have failed. */
  let forgotten: string | undefined;
  let hasReadFailed = false;
  let credentialsKept: WriteOutcome = Promise.resolve(undefined);

  /** Reads a part, and moves what an earlier version stored under the key without a name. */
  async function find<T>(
    from: KeyValueStore | undefined,
    part: Part,
    parse: (value: unknown) => T | undefined,
  ): Promise<T | undefined> {
    const key = toStoreKey(part, name);
    const found = parse(await access.read(from, key));
    if (found !== undefined || name === undefined) return found;
    const oldKey = toStoreKey(part);
    const old = await access.read(from, oldKey);
    const moved = parse(old);
    if (moved !== undefined) {
      void access.write(from, key, () => (typeof old === 'string' ? old : JSON.stringify(old)));
      void access.remove(from, oldKey);
    }
    return moved;
  }

  return {
    async clientIdentifier() {
      if (identifier !== undefined) return identifier;
      const stored = await find(store, 'client-identifier', parseIdentifier);
      const own = stored ?? makeClientIdentifier();
      if (!stored) void access.write(store, toStoreKey('client-identifier', name), () => own);
      identifier = own;
      return own;
    },
    findPin: () => find(store, 'pin', parseStoredPin),
    async findCredentials(server = serverURL) {
      const stored = await find(credentials, 'credentials', parseStoredCredentials).catch((error) => {
        hasReadFailed = true;
        throw error;
      });
      hasReadFailed = false;
      if (stored?.serverURL !== (server ?? '') || stored.token.reveal() === forgotten) return undefined;
      return { token: stored.token, clientIdentifier: stored.clientIdentifier };
    },
    get mayFindCredentials() {
      return credentials !== undefined && !hasReadFailed;
    },
    keepPin: (pin) => access.write(store, pinKey, () => JSON.stringify(pin)),
    forgetPin: () => access.remove(store, pinKey),
    keepCredentials({ token, clientIdentifier }) {
      // The token is revealed only when its turn has come.
      credentialsKept = access.write(credentials, tokenKey, () =>
        JSON.stringify({ token: token.reveal(), clientIdentifier, serverURL }),
      );
      return credentialsKept;
    },
    forgetCredentials({ token }) {
      forgotten = token.reveal();
      return access.remove(
        credentials,
        tokenKey,
        (stored) => parseStoredCredentials(stored)?.token.reveal() === token.reveal(),
      );
    },
    credentialsKept: () => credentialsKept,
    flushed: access.flushed,
  };
}

/** A store that parses JSON gives an identifier of digits back as a number. */
function parseIdentifier(stored: unknown): string | undefined {
  const text = typeof stored === 'number' ? String(stored) : stored;
  return typeof text === 'string' && isHeaderSafe(text) ? text : undefined;
}

/** Makes 24 letters and digits, as Plex's own clients do. Not `randomUUID`, which pages on plain http do not have. */
function makeClientIdentifier(): string {
  const { crypto } = globalThis as { crypto?: Crypto };
  if (!crypto) {
    throw new PlexAuthError(
      'PLEX_UNEXPECTED',
      'This platform has no crypto.getRandomValues: give a clientIdentifier, or load a polyfill',
      { atMs: Date.now(), retryable: false },
    );
  }
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}
