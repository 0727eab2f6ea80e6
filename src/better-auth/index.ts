export { PlexAuthError, type PlexAuthErrorCode } from '../errors.ts';
export { Secret } from '../secret.ts';
export type { AccessLevel } from '../server/server-options.ts';
export type { PlexUser } from '../user.ts';
export type { AccountEndpoints, PlexStanding } from './account-endpoints.ts';
export type { PlexSignInCode } from './error-codes.ts';
export { type PlexAuthPlugin, plexAuth } from './plex-auth.ts';
export type { PlexAuthPluginOptions, PlexProfile } from './plugin-options.ts';
