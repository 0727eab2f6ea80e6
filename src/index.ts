export { createPlexAuth } from './engine/create-plex-auth.ts';
export type { PlexAuth, PlexAuthVerification } from './engine/plex-auth.ts';
export type { PlexAuthOptions } from './engine/plex-auth-options.ts';
export { type SignInOptions, type SignInResult, signIn } from './engine/sign-in.ts';
export { PlexAuthError, type PlexAuthErrorCode, type PlexAuthErrorDetails } from './errors.ts';
export type { Credentials, Pin, PinReading } from './pin.ts';
export type { PlexDevice } from './plex/device.ts';
export type { PollingOptions } from './polling.ts';
export type {
  AnyFetch,
  Clock,
  Fetch,
  FetchAnswer,
  FetchInit,
  KeyValueStore,
  PinLinks,
  Wire,
} from './ports.ts';
export { Secret } from './secret.ts';
export type { PlexUser, UserAnswer } from './user.ts';
export type { PlexAuthCode, PlexAuthView } from './view.ts';
