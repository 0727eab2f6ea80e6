import { pictureOf } from '../people/user-picture.ts';
import type { PlexValue } from '../plex-xml.ts';
import type { EmulatedServer } from './server-options.ts';
import type { AcceptedShare, ReachedServer } from './server-registry.ts';

/** Which addresses a client wants besides the direct ones. */
interface WantedConnections {
  readonly relay: boolean;
  readonly IPv6: boolean;
}

/** Addresses that are reserved for documentation: nothing listens there. */
function toConnections(wanted: WantedConnections): PlexValue[] {
  const connection = { protocol: 'https', port: 32400, local: false, relay: false, IPv6: false };
  const toURI = (address: string, port = 32400) =>
    `https://${address.replace(/[.:]+/g, '-')}.emulated.plex.direct:${port}`;
  const at = (address: string) => ({ ...connection, address, uri: toURI(address) });
  const relayed = { ...at('203.0.113.10'), port: 8443, uri: toURI('203.0.113.10', 8443), relay: true };
  return [
    { ...at('192.0.2.10'), local: true },
    at('198.51.100.10'),
    ...(wanted.IPv6 ? [{ ...at('2001:db8::10'), IPv6: true }] : []),
    ...(wanted.relay ? [relayed] : []),
  ];
}

/**
 * Makes an entry of `GET /api/v2/resources`: a server that the holder of the token reaches.
 *
 * @param accessToken What this server takes from this person.
 * @see plex.tv, GET /api/v2/resources (read 2026-08)
 */
export function toResource(
  { server, by }: ReachedServer,
  accessToken: string,
  wanted: WantedConnections,
): PlexValue {
  const { name, machineIdentifier, owner } = server;
  const isOwned = by === 'owner';
  return {
    name,
    product: 'Plex Media Server',
    productVersion: '1.42.0.0000-emulated',
    platform: 'Linux',
    platformVersion: '6.1',
    device: 'PC',
    clientIdentifier: machineIdentifier,
    createdAt: '2020-01-01T00:00:00Z',
    lastSeenAt: '2026-01-01T00:00:00Z',
    provides: 'server',
    ownerId: isOwned ? null : owner.user.id,
    sourceTitle: isOwned ? null : owner.user.title,
    publicAddress: '198.51.100.10',
    accessToken,
    owned: isOwned,
    home: by === 'home',
    synced: false,
    relay: true,
    presence: true,
    httpsRequired: false,
    publicAddressMatches: true,
    dnsRebindingProtection: false,
    natLoopbackSupported: false,
    connections: toConnections(wanted),
  };
}

/**
 * Makes an entry of `GET /api/v2/shared_servers/owned/accepted`.
 *
 * @see One project's live check of it (read 2026-04), and what three clients read of it (read 2026-11)
 */
export function toAcceptedShare({ id, server, invited }: AcceptedShare, requestURL: string): PlexValue {
  const { user } = invited;
  const { id: userID, uuid, username, title, email, friendlyName, home, restricted } = user;
  const thumb = pictureOf(user, requestURL);
  return {
    id,
    name: server.name,
    machineIdentifier: server.machineIdentifier,
    ownerId: server.owner.user.id,
    invitedId: userID,
    invitedEmail: email,
    sharedWithUserId: userID,
    status: 'accepted',
    accepted: true,
    acceptedAt: '2026-01-01T00:00:00Z',
    deletedAt: null,
    leftAt: null,
    owned: true,
    allLibraries: true,
    libraries: [],
    invited: { id: userID, uuid, username, title, email, friendlyName, thumb, home, restricted },
  };
}

/** A server as a test may show it: without tokens. */
export interface ListedServer {
  readonly name: string;
  readonly machineIdentifier: string;
  /** The name of its owner. */
  readonly owner: string;
  /** The names of those with whom the owner shares it, the members of their Plex Home left out. */
  readonly sharedWith: readonly string[];
}

export function toListedServer({ name, machineIdentifier, owner, sharedWith }: EmulatedServer): ListedServer {
  return {
    name,
    machineIdentifier,
    owner: owner.name,
    sharedWith: [...sharedWith].map((person) => person.name),
  };
}
