import type { PlexValue } from './plex-xml.ts';

/** The user who is signed in at the emulator, in the fields of `GET /api/v2/user`. */
export interface EmulatedUser {
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
  /** Numbers separated by commas, or empty. */
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

/** The user unless the options say otherwise. Fields as other clients read them from `GET /api/v2/user` (python-plexapi's and @ctrl/plex's account, read 2026-08). */
export const defaultUser: EmulatedUser = {
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
