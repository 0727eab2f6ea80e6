import * as v from 'valibot';
import { type PlexAuthError, toPlexAuthError } from '../errors.ts';
import { parseJSON } from '../json.ts';
import type { Credentials, Pin } from '../pin.ts';
import { isHeaderSafe } from '../plex/device.ts';
import { pinCode } from '../plex/replies.ts';
import type { Clock, KeyValueStore } from '../ports.ts';
import { Secret } from '../secret.ts';

/** What a flow keeps between two lives of its process or page, each under one key. */
export interface FlowStore {
  /** Gives the installation's client identifier; makes and keeps one the first time. @throws {PlexAuthError} `PLEX_STORE`. */
  clientIdentifier(): Promise<string>;
  /** What an earlier life left behind. @throws {PlexAuthError} `PLEX_STORE`. */
  findPin(): Promise<Pin | undefined>;
  /**
   * What a server gave an earlier life. A token is for the server that gave it: no other is told of it.
   *
   * @param server Default: the flowStore's own.
   * @throws {PlexAuthError} `PLEX_STORE`.
   */
  findCredentials(server?: string): Promise<Credentials | undefined>;
  keepPin(pin: Pin): void;
  forgetPin(): void;
  keepCredentials(credentials: Credentials): void;
  forgetCredentials(): void;
  /** Resolves once all that was to be written is, or has failed. */
  flushed(): Promise<void>;
}

/** The key under which a store holds what names the installation. */
export const clientIdentifierKey = 'plex-auth-flow.client-identifier';
const pinKey = 'plex-auth-flow.pin';
/** The key under which a credentials store holds the token. */
export const credentialsKey = 'plex-auth-flow.credentials';

const keptPin = v.object({
  pinID: v.number(),
  code: pinCode,
  clientIdentifier: v.string(),
  atMs: v.number(),
  expiresInMs: v.number(),
  qrURL: v.fallback(v.string(), ''),
});
const keptCredentials = v.object({
  token: v.string(),
  clientIdentifier: v.string(),
  serverURL: v.fallback(v.string(), ''),
});

/** What a flowStore is made of. */
export interface FlowStoreOptions {
  store: KeyValueStore | undefined;
  /** The only place a token is written to. */
  credentials: KeyValueStore | undefined;
  clientIdentifier: string | undefined;
  /** The server that gives the token; Plex's where there is none. */
  serverURL: string | undefined;
  clock: Clock;
  /** How long a store may take to answer. */
  timeoutMs: number;
  /** Once aborted, nothing waits for a store any more. */
  signal?: AbortSignal | undefined;
  /** Hears of a write that failed; the flow goes on. */
  onError: (error: PlexAuthError) => void;
}

/** Makes the one place that reads and writes the caller's stores. Writes keep their order and are waited for by nobody. */
export function createFlowStore({
  store,
  credentials,
  clientIdentifier,
  serverURL,
  clock,
  timeoutMs,
  signal,
  onError,
}: FlowStoreOptions): FlowStore {
  let identifier = clientIdentifier;
  let writes: Promise<void> = Promise.resolve();

  async function use<T>(what: string, work: () => T): Promise<Awaited<T>> {
    try {
      return await work();
    } catch (error) {
      throw toPlexAuthError('PLEX_STORE', `The store failed to ${what}`, error, clock.now());
    }
  }

  function write(what: string, work: () => unknown): void {
    writes = writes.then(() => use(what, work)).then(() => {}, onError);
  }

  /** A store that does not answer in time has failed. */
  function read(from: KeyValueStore | undefined, key: string): Promise<unknown> {
    let leave = () => {};
    const late = new Promise<never>((_, reject) => {
      const timer = clock.setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      leave = () => clock.clearTimeout(timer);
      signal?.addEventListener('abort', leave);
    });
    const found = use(`read ${key}`, () => Promise.race([from?.getItem(key), late]));
    return found.finally(() => {
      leave();
      signal?.removeEventListener('abort', leave);
    });
  }

  async function find<Schema extends v.GenericSchema>(
    from: KeyValueStore | undefined,
    key: string,
    schema: Schema,
  ): Promise<v.InferOutput<Schema> | undefined> {
    const found = await read(from, key);
    const result = v.safeParse(schema, typeof found === 'string' ? parseJSON(found) : found);
    return result.success ? result.output : undefined;
  }

  return {
    async clientIdentifier() {
      if (identifier !== undefined) return identifier;
      const found = String((await read(store, clientIdentifierKey)) ?? '');
      const isKept = isHeaderSafe(found);
      const own = isKept ? found : makeClientIdentifier();
      if (!isKept) write(`write ${clientIdentifierKey}`, () => store?.setItem(clientIdentifierKey, own));
      identifier = own;
      return own;
    },
    findPin: () => find(store, pinKey, keptPin),
    async findCredentials(server = serverURL) {
      const kept = await find(credentials, credentialsKey, keptCredentials);
      if (!kept?.token || kept.serverURL !== (server ?? '')) return undefined;
      return { token: new Secret(kept.token), clientIdentifier: kept.clientIdentifier };
    },
    keepPin: (pin) => write(`write ${pinKey}`, () => store?.setItem(pinKey, JSON.stringify(pin))),
    forgetPin: () => write(`remove ${pinKey}`, () => store?.removeItem(pinKey)),
    keepCredentials({ token, clientIdentifier }) {
      const kept = () => JSON.stringify({ token: token.reveal(), clientIdentifier, serverURL });
      write(`write ${credentialsKey}`, () => credentials?.setItem(credentialsKey, kept()));
    },
    forgetCredentials: () => write(`remove ${credentialsKey}`, () => credentials?.removeItem(credentialsKey)),
    flushed: () => writes,
  };
}

/** 24 letters and digits, as Plex's own clients make them. Not `randomUUID`, which pages on plain http do not have. */
function makeClientIdentifier(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}
