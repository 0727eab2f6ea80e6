import { areInOneHome, type Person } from '../people/person.ts';
import type { EmulatedServer } from './server-options.ts';

/** A server that a person reaches, and why. */
export interface ReachedServer {
  readonly server: EmulatedServer;
  readonly by: 'owner' | 'share' | 'home';
}

/** A person with whom the owner of a server shares it. */
export interface AcceptedShare {
  readonly id: number;
  readonly server: EmulatedServer;
  readonly invited: Person;
}

/** Who reaches which server. */
export interface ServerRegistry {
  readonly servers: readonly EmulatedServer[];
  /** The servers that a person reaches, their own first. */
  reachedBy(person: Person): ReachedServer[];
  /** The person's own token of a server that somebody else owns. */
  accessTokenOf(person: Person, server: EmulatedServer): string;
  /** With whom a person shares which of their servers: the invited, and the members of their Plex Home. */
  sharesOf(owner: Person): AcceptedShare[];
}

/**
 * Makes the registry of the servers.
 *
 * @param makeToken Makes a token that no one has.
 */
export function createServerRegistry(
  servers: readonly EmulatedServer[],
  people: readonly Person[],
  makeToken: () => string,
): ServerRegistry {
  const accessTokens = new Map<string, string>();
  const reasonOf = (person: Person, server: EmulatedServer): ReachedServer['by'] | undefined => {
    if (server.owner === person) return 'owner';
    if (server.sharedWith.has(person)) return 'share';
    return server.isSharedWithHome && areInOneHome(person, server.owner) ? 'home' : undefined;
  };
  return {
    servers,
    reachedBy(person) {
      const reached = servers.flatMap((server) => {
        const by = reasonOf(person, server);
        return by === undefined ? [] : { server, by };
      });
      return [...reached.filter(({ by }) => by === 'owner'), ...reached.filter(({ by }) => by !== 'owner')];
    },
    accessTokenOf(person, server) {
      const key = JSON.stringify([person.name, server.machineIdentifier]);
      const token = accessTokens.get(key) ?? makeToken();
      accessTokens.set(key, token);
      return token;
    },
    sharesOf(owner) {
      return servers.flatMap((server, place) =>
        people.flatMap((invited, at) => {
          const isShared = server.owner === owner && invited !== owner && reasonOf(invited, server);
          return isShared ? { id: place * people.length + at + 1, server, invited } : [];
        }),
      );
    },
  };
}

/**
 * Finds the server that a test means.
 *
 * @param reference Its name or machine identifier.
 * @throws {TypeError} If there is no such server, naming the option and every server there is.
 */
export function findServer(
  servers: readonly EmulatedServer[],
  option: string,
  reference: unknown,
): EmulatedServer {
  const found =
    servers.find(({ name }) => name === reference) ??
    servers.find(({ machineIdentifier }) => machineIdentifier === reference);
  if (found) return found;
  throw new TypeError(
    `plex-auth-flow: ${option} must be one of the servers: ${servers.map(({ name }) => name).join(', ')}`,
  );
}
