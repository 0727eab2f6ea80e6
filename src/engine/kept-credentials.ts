import type { Credentials } from '../pin.ts';
import type { KeyValueStore } from '../ports.ts';
import { createKeepIfAlive, type KeepIfAlive, type Verify } from './keep-if-alive.ts';
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

/** What a {@link CredentialsKeeper} needs. */
export interface KeptCredentialsOptions extends Pick<StoreAccessOptions, 'clock' | 'life'> {
  access: StoreAccess;
  find: FindPart;
  credentials: KeyValueStore | undefined;
  serverURL: string | undefined;
  name: string | undefined;
}

/** The part of a flow store that keeps the token. */
export class CredentialsKeeper implements KeptCredentials {
  readonly #options: KeptCredentialsOptions;
  /** The token that was to be forgotten: its removal may still wait, or have failed. */
  #forgotten: string | undefined;
  #hasReadFailed = false;
  #kept: WriteOutcome | undefined;
  /** Made once there are credentials to keep. */
  #ifAlive: KeepIfAlive | undefined;

  constructor(options: KeptCredentialsOptions) {
    this.#options = options;
  }

  async findCredentials(server = this.#options.serverURL): Promise<Credentials | undefined> {
    const { find, credentials } = this.#options;
    const stored = await find(credentials, 'credentials', (value) => parseOwn(value, server)).catch(
      (error) => {
        this.#hasReadFailed = true;
        throw error;
      },
    );
    this.#hasReadFailed = false;
    if (!stored || stored.token.reveal() === this.#forgotten) return undefined;
    return { token: stored.token, clientIdentifier: stored.clientIdentifier };
  }

  get mayFindCredentials(): boolean {
    return this.#options.credentials !== undefined && !this.#hasReadFailed;
  }

  keepCredentials(own: Credentials, verify?: Verify): WriteOutcome {
    this.#kept = verify ? this.#keepIfAlive(own, verify) : this.#write(own);
    return this.#kept;
  }

  keepUnlessNewer(own: Credentials): WriteOutcome {
    this.#kept = this.#write(own, this.#isFreeFor(own));
    return this.#kept;
  }

  forgetCredentials({ token }: Credentials): WriteOutcome {
    const { access, credentials } = this.#options;
    this.#forgotten = token.reveal();
    this.#ifAlive?.stop();
    const isUnwanted = (stored: unknown) => parseStoredCredentials(stored)?.token.reveal() === token.reveal();
    return access.remove(credentials, this.#key, isUnwanted);
  }

  credentialsKept(): WriteOutcome {
    return this.#kept ?? Promise.resolve(undefined);
  }

  get #key(): string {
    return toStoreKey('credentials', this.#options.name);
  }

  #keepIfAlive(own: Credentials, verify: Verify): WriteOutcome {
    const { clock, life } = this.#options;
    this.#ifAlive ??= createKeepIfAlive({
      write: (credentials, isFree) => this.#write(credentials, isFree),
      isFreeFor: (credentials) => this.#isFreeFor(credentials),
      isForgotten: ({ token }) => this.#forgotten === token.reveal(),
      clock,
      life,
    });
    return this.#ifAlive.keep(own, verify);
  }

  #write({ token, clientIdentifier }: Credentials, isFree?: (stored: unknown) => boolean): WriteOutcome {
    const { access, credentials, serverURL } = this.#options;
    // The token is revealed only when its turn has come.
    const toValue = () => JSON.stringify({ token: token.reveal(), clientIdentifier, serverURL });
    return access.write(credentials, this.#key, toValue, isFree);
  }

  /** Whether a token may be written over what is stored: nothing of this server, nothing that lives, or itself. */
  #isFreeFor({ token }: Credentials): (stored: unknown) => boolean {
    const { serverURL } = this.#options;
    return (stored) =>
      [undefined, this.#forgotten, token.reveal()].includes(parseOwn(stored, serverURL)?.token.reveal());
  }
}

/** Reads stored credentials. @returns Undefined unless this server issued them. */
function parseOwn(value: unknown, server: string | undefined): Credentials | undefined {
  const found = parseStoredCredentials(value);
  return found?.serverURL === (server ?? '') ? found : undefined;
}
