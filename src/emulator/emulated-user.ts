import { toPlexTime } from './plex-replies.ts';
import type { PlexValue } from './plex-xml.ts';

/** The user whom the emulator has signed in, as `GET /api/v2/user` tells it. */
export interface PlexUser {
  id: number;
  uuid: string;
  username: string;
  title: string;
  email: string;
  friendlyName: string;
  locale: string | null;
  confirmed: boolean;
  /** In seconds since the epoch. */
  joinedAt: number;
  emailOnlyAuth: boolean;
  hasPassword: boolean;
  protected: boolean;
  thumb: string;
  mailingListStatus: string | null;
  mailingListActive: boolean;
  /** Numbers with commas between, or nothing. */
  scrobbleTypes: string;
  country: string;
  subscriptionDescription: string | null;
  restricted: boolean;
  anonymous: boolean | null;
  home: boolean;
  guest: boolean;
  homeSize: number;
  homeAdmin: boolean;
  maxHomeSize: number;
  /** In seconds since the epoch. */
  rememberExpiresAt: number;
  adsConsent: boolean | null;
  adsConsentSetAt: number | null;
  adsConsentReminderAt: number | null;
  experimentalFeatures: boolean;
  twoFactorEnabled: boolean;
  backupCodesCreated: boolean;
  subscription: {
    active: boolean;
    subscribedAt: string | null;
    status: string;
    paymentService: string | null;
    plan: string | null;
    features: string[];
  };
  profile: { [field: string]: PlexValue };
  entitlements: string[];
  roles: string[];
  services: { [field: string]: PlexValue }[];
}

/** Fields as other clients read them from `GET /api/v2/user` (python-plexapi's and @ctrl/plex's account, read 2026-08). */
export const defaultUser: PlexUser = {
  id: 1_234_567,
  uuid: '6c1f0ad3a5d84e1b',
  username: 'emulated',
  title: 'emulated',
  email: 'emulated@example.com',
  friendlyName: 'Emulated User',
  locale: null,
  confirmed: true,
  joinedAt: 1_416_510_430,
  emailOnlyAuth: false,
  hasPassword: true,
  protected: false,
  thumb: 'https://plex.tv/users/6c1f0ad3a5d84e1b/avatar?c=1416510430',
  mailingListStatus: 'unsubscribed',
  mailingListActive: false,
  scrobbleTypes: '',
  country: 'NL',
  subscriptionDescription: null,
  restricted: false,
  anonymous: null,
  home: false,
  guest: false,
  homeSize: 1,
  homeAdmin: false,
  maxHomeSize: 15,
  rememberExpiresAt: 4_102_444_800,
  adsConsent: null,
  adsConsentSetAt: null,
  adsConsentReminderAt: null,
  experimentalFeatures: false,
  twoFactorEnabled: false,
  backupCodesCreated: false,
  subscription: {
    active: true,
    subscribedAt: '2016-01-01 00:00:00 UTC',
    status: 'Active',
    paymentService: null,
    plan: 'lifetime',
    features: ['webhooks', 'sync', 'trailers'],
  },
  profile: {
    autoSelectAudio: true,
    defaultAudioLanguage: 'en',
    defaultSubtitleLanguage: 'en',
    autoSelectSubtitle: 0,
    defaultSubtitleAccessibility: 0,
    defaultSubtitleForced: 0,
  },
  entitlements: ['all'],
  roles: ['plexpass'],
  services: [],
};

/** Writes the user with the token that was used to ask, as `GET /api/v2/user` does. */
export function toUserObject(user: PlexUser, authToken: string): Record<string, PlexValue> {
  return { ...user, authToken };
}

/** Writes the same user as the old `GET /users/account.json`, which Overseerr and its kin still ask (read 2026-08). */
export function toAccountObject(user: PlexUser, authToken: string): Record<string, PlexValue> {
  const joined = toPlexTime(user.joinedAt * 1000);
  return { ...user, authToken, joined_at: joined, roles: { roles: user.roles } };
}

/** The one server that the emulated user owns; nothing listens there. */
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
