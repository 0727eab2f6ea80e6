export { PlexAuthError, type PlexAuthErrorCode } from '../errors.ts';
export type { KeyValueStore } from '../ports.ts';
export { Secret } from '../secret.ts';
export type { PlexUser } from '../user.ts';
export { createPlexAuthServer, type PlexAuthServer } from './create-plex-auth-server.ts';
export { toNodeListener } from './node-listener.ts';
export type { ReconcileOptions, Reconciliation } from './reconcile.ts';
export type { AccessLevel, CompletedSignIn, PlexAuthServerOptions, SessionResult } from './server-options.ts';
