import type { Person } from './people/person.ts';

/** What a token is issued to. plex.tv has one token per account and client identifier. */
export interface TokenClient {
  readonly clientIdentifier: string;
  readonly product: string;
  /** What its owner calls it; may be empty. */
  readonly device: string;
}

/** A client that has signed in to an account, as plex.tv lists it among the account's devices. */
export interface SignedInDevice extends TokenClient {
  readonly id: number;
  readonly person: Person;
  readonly token: string;
  readonly signedInAtMs: number;
}

/** The tokens of the emulated accounts. */
export interface TokenRegistry {
  /** The person's own token, as of a browser in which they are signed in at plex.tv. */
  accountTokenOf(person: Person): string;
  /** Issues a token to a client and revokes the one that it had of this account before. */
  issue(person: Person, client: TokenClient, atMs: number): string;
  /** Whose token it is; undefined if it is not valid. */
  personOf(token: string): Person | undefined;
  revoke(token: string): void;
  /** The account's devices, oldest first. */
  devicesOf(person: Person): SignedInDevice[];
}

/**
 * Makes the registry of the accounts' tokens.
 *
 * @param makeToken Makes a token that no one has.
 */
export function createTokenRegistry(people: readonly Person[], makeToken: () => string): TokenRegistry {
  const accountTokens = new Map(people.map((person) => [person.name, makeToken()]));
  const peopleByAccountToken = new Map(people.map((person) => [accountTokens.get(person.name), person]));
  const devicesByToken = new Map<string, SignedInDevice>();
  const tokensByClient = new Map<string, string>();
  let lastID = 0;
  return {
    accountTokenOf: ({ name }) => accountTokens.get(name) ?? '',
    issue(person, { clientIdentifier, product, device }, atMs) {
      const token = makeToken();
      const key = JSON.stringify([person.name, clientIdentifier]);
      const earlier = devicesByToken.get(tokensByClient.get(key) ?? '');
      if (earlier) devicesByToken.delete(earlier.token);
      const id = earlier?.id ?? ++lastID;
      devicesByToken.set(token, { id, person, token, clientIdentifier, product, device, signedInAtMs: atMs });
      tokensByClient.set(key, token);
      return token;
    },
    personOf: (token) => devicesByToken.get(token)?.person ?? peopleByAccountToken.get(token),
    revoke(token) {
      devicesByToken.delete(token);
      peopleByAccountToken.delete(token);
    },
    devicesOf: ({ name }) =>
      [...devicesByToken.values()]
        .filter(({ person }) => person.name === name)
        .sort((one, other) => one.id - other.id),
  };
}
