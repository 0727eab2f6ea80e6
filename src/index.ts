export {
  createPlexAuth,
  type PlexAuth,
  type PlexAuthOptions,
  type PlexAuthVerification,
} from './engine/create-plex-auth.ts';
export { type SignInOptions, type SignInResult, signIn } from './engine/sign-in.ts';
export { PlexAuthError, type PlexAuthErrorCode, type PlexAuthErrorDetails } from './errors.ts';
export type { Credentials, Pin } from './pin.ts';
export type { PlexDevice } from './plex/device.ts';
export type { PlexUser } from './plex/replies.ts';
export type { PollingOptions } from './polling.ts';
export type { Clock, Fetch, KeyValueStore } from './ports.ts';
export { Secret } from './secret.ts';
export type { PlexAuthCode, PlexAuthView } from './view.ts';
