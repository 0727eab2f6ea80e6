import type { ClientDescription } from '../server/protocol.ts';

/** What the plugin and its end in the page agree on. Paths are below better-auth's own. */
export const paths = {
  /** `GET`: the {@link PageDescription}. */
  client: '/plex/client',
  /** `GET`: where a popup ends: it says how it went to the page that opened it, and closes itself. */
  popup: '/plex/popup',
} as const;

/** Plex's id among better-auth's social providers. */
export const providerID = 'plex';

/** The field of better-auth's `additionalData` in which the page hands over the PIN that it has made. */
export const pinField = 'plexPin';

/** What the page makes its PIN with. */
export interface PageDescription extends ClientDescription {
  /** better-auth's own address, which is where Plex sends users back to. */
  baseURL: string;
}

/** The `BroadcastChannel` on which a popup reports. */
export const popupChannel = 'plex-auth-flow.better-auth';

/** What a popup reports. */
export interface PopupReport {
  /** Of the call that opened the popup. */
  id: string | null;
  /** better-auth's or a {@link PlexSignInCode}, in lower case; `null`: all went well. */
  error: string | null;
}
