import { PlexAuthError } from '../errors.ts';
import type { Pin } from '../pin.ts';
import { isHeaderSafe } from '../plex/device.ts';
import type { KeyValueStore } from '../ports.ts';
import { CredentialsKeeper, type KeptCredentials } from './kept-credentials.ts';
import {
  createStoreAccess,
  type StoreAccess,
  type StoreAccessOptions,
  type WriteOutcome,
} from './store-access.ts';
import { createPartFinder, type FindPart, toStoreKey } from './store-keys.ts';
import { parseStoredPin } from './stored.ts';

/**
 * What a sign-in keeps between two lives of its process or page: the one layer over the caller's stores.
 *
 * An engine and its host share it, so that the writes to a store run in the order in which they were asked for.
 */
export interface FlowStore extends KeptCredentials {
  /** Gives the installation's client identifier; makes and stores one the first time. @throws {PlexAuthError} `PLEX_STORE`. */
  clientIdentifier(): Promise<string>;
  /** Finds the PIN that an earlier life left pending. @throws {PlexAuthError} `PLEX_STORE`. */
  findPin(): Promise<Pin | undefined>;
  keepPin(pin: Pin): WriteOutcome;
  /** Removes the PIN that was kept or found last. One that another process or tab has stored since stays. */
  forgetPin(): WriteOutcome;
  /** Resolves once every write so far has ended, or had its time. */
  flushed(): Promise<void>;
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
  return new KeptFlow(options);
}

class KeptFlow extends CredentialsKeeper implements FlowStore {
  readonly #access: StoreAccess;
  readonly #find: FindPart;
  readonly #store: KeyValueStore | undefined;
  readonly #name: string | undefined;
  #identifier: string | undefined;
  #pinID: Pin['pinID'] | undefined;

  constructor({ clientIdentifier, store, credentials, serverURL, name, ...accessOptions }: FlowStoreOptions) {
    const { clock, life } = accessOptions;
    const access = createStoreAccess(accessOptions);
    const find = createPartFinder(access, name);
    super({ access, find, credentials, serverURL, name, clock, life });
    this.#access = access;
    this.#find = find;
    this.#store = store;
    this.#name = name;
    this.#identifier = clientIdentifier;
  }

  async clientIdentifier(): Promise<string> {
    if (this.#identifier !== undefined) return this.#identifier;
    const stored = await this.#find(this.#store, 'client-identifier', parseIdentifier);
    const own = stored ?? makeClientIdentifier();
    const key = toStoreKey('client-identifier', this.#name);
    if (!stored) void this.#access.write(this.#store, key, () => own);
    this.#identifier = own;
    return own;
  }

  async findPin(): Promise<Pin | undefined> {
    const pin = await this.#find(this.#store, 'pin', parseStoredPin);
    this.#pinID = pin?.pinID;
    return pin;
  }

  keepPin(pin: Pin): WriteOutcome {
    this.#pinID = pin.pinID;
    return this.#access.write(this.#store, toStoreKey('pin', this.#name), () => JSON.stringify(pin));
  }

  forgetPin(): WriteOutcome {
    const own = this.#pinID;
    return this.#access.remove(this.#store, toStoreKey('pin', this.#name), (stored) => {
      const found = parseStoredPin(stored)?.pinID;
      return own === undefined || found === undefined || found === own;
    });
  }

  flushed(): Promise<void> {
    return this.#access.flushed();
  }
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
