import type { Credentials } from '../pin.ts';
import type { KeyValueStore } from '../ports.ts';
import { createKeepIfAlive, type Verify } from './keep-if-alive.ts';
import type { StoreAccess, StoreAccessOptions, WriteOutcome } from './store-access.ts';
import { type FindPart, toStoreKey } from './store-keys.ts';
import { parseStoredCredentials } from './stored.ts';

/** The credentials that a sign-in keeps: the only place a token is written to. */
export interface KeptCredentials {
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
  /**
   * @param verify Asks Plex about these credentials where others are stored, which may be of a later sign-in: refused ones
   * are given up meanwhile, and do not take the others' place. Without an answer the others stay, and Plex is asked again
   * later. Default: these take their place.
   */
  keepCredentials(credentials: Credentials, verify?: Verify): WriteOutcome;
  /** The same, unless others are stored: those of a later sign-in, here or in another process or tab. */
  keepUnlessNewer(credentials: Credentials): WriteOutcome;
  /** Removes these credentials. Newer ones, which another process or tab may have stored since, stay. */
  forgetCredentials(credentials: Credentials): WriteOutcome;
  /** How the last `keepCredentials` ended. */
  credentialsKept(): WriteOutcome;
}

/** What {@link createKeptCredentials} needs. */
export interface KeptCredentialsOptions extends Pick<StoreAccessOptions, 'clock' | 'signal'> {
  access: StoreAccess;
  find: FindPart;
  credentials: KeyValueStore | undefined;
  serverURL: string | undefined;
  name: string | undefined;
}

/** Makes the part of a flow store that keeps the token. */
export function createKeptCredentials(options: KeptCredentialsOptions): KeptCredentials {
  const { access, find, credentials, serverURL, name, clock, signal } = options;
  const key = toStoreKey('credentials', name);
  /** The token that was to be forgotten: its removal may still wait, or have failed. */
  let forgotten: string | undefined;
  let hasReadFailed = false;
  let kept: WriteOutcome = Promise.resolve(undefined);

  function write(
    { token, clientIdentifier }: Credentials,
    isFree?: (stored: unknown) => boolean,
  ): WriteOutcome {
    // The token is revealed only when its turn has come.
    const toValue = () => JSON.stringify({ token: token.reveal(), clientIdentifier, serverURL });
    return access.write(credentials, key, toValue, isFree);
  }

  /** Whether a token may be written over what is stored: nothing of this server, nothing that lives, or itself. */
  const isFreeFor =
    ({ token }: Credentials) =>
    (stored: unknown) =>
      [undefined, forgotten, token.reveal()].includes(parseOwn(stored, serverURL)?.token.reveal());

  const ifAlive = createKeepIfAlive({
    write,
    isFreeFor,
    isForgotten: ({ token }) => forgotten === token.reveal(),
    clock,
    signal,
  });

  return {
    async findCredentials(server = serverURL) {
      const stored = await find(credentials, 'credentials', (value) => parseOwn(value, server)).catch(
        (error) => {
          hasReadFailed = true;
          throw error;
        },
      );
      hasReadFailed = false;
      if (!stored || stored.token.reveal() === forgotten) return undefined;
      return { token: stored.token, clientIdentifier: stored.clientIdentifier };
    },
    get mayFindCredentials() {
      return credentials !== undefined && !hasReadFailed;
    },
    keepCredentials(own, verify) {
      kept = verify ? ifAlive.keep(own, verify) : write(own);
      return kept;
    },
    keepUnlessNewer(own) {
      kept = write(own, isFreeFor(own));
      return kept;
    },
    forgetCredentials({ token }) {
      forgotten = token.reveal();
      ifAlive.stop();
      const isUnwanted = (stored: unknown) =>
        parseStoredCredentials(stored)?.token.reveal() === token.reveal();
      return access.remove(credentials, key, isUnwanted);
    },
    credentialsKept: () => kept,
  };
}

/** Reads stored credentials. @returns Undefined unless this server issued them. */
function parseOwn(value: unknown, server: string | undefined): Credentials | undefined {
  const found = parseStoredCredentials(value);
  return found?.serverURL === (server ?? '') ? found : undefined;
}
