import type { EmulatedUser } from './emulated-user.ts';
import { toPlexTime } from './pin-object.ts';
import type { PlexValue } from './plex-xml.ts';

/** Makes the body of `GET /api/v2/user`: the user, with the token that the request was sent with. */
export function toUserObject(user: EmulatedUser, authToken: string): Record<string, PlexValue> {
  return { ...user, authToken };
}

/** Makes the body of the old `GET /users/account.json`, which Overseerr and its forks still request (read 2026-08). */
export function toAccountObject(user: EmulatedUser, authToken: string): Record<string, PlexValue> {
  const joined = toPlexTime(user.joinedAt * 1000);
  return { ...user, authToken, joined_at: joined, roles: { roles: user.roles } };
}

/** Makes the body of `GET /api/v2/resources`: the one server that the user owns. Nothing listens at its addresses. */
export function toResources(accessToken: string): PlexValue {
  const connection = { protocol: 'https', address: '192.0.2.10', port: 32400, relay: false, IPv6: false };
  return [
    {
      name: 'Emulated Server',
      product: 'Plex Media Server',
      productVersion: '1.42.0.0000-emulated',
      platform: 'Linux',
      platformVersion: '6.1',
      device: 'PC',
      clientIdentifier: 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00',
      createdAt: '2020-01-01T00:00:00Z',
      lastSeenAt: '2026-01-01T00:00:00Z',
      provides: 'server',
      ownerId: null,
      sourceTitle: null,
      publicAddress: '198.51.100.10',
      accessToken,
      owned: true,
      home: false,
      synced: false,
      relay: true,
      presence: true,
      httpsRequired: false,
      publicAddressMatches: true,
      dnsRebindingProtection: false,
      natLoopbackSupported: false,
      connections: [
        { ...connection, uri: 'https://192-0-2-10.emulated.plex.direct:32400', local: true },
        {
          ...connection,
          uri: 'https://198-51-100-10.emulated.plex.direct:32400',
          address: '198.51.100.10',
          local: false,
        },
      ],
    },
  ];
}
