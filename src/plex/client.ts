import { createGetUser, createPing, createSignOut } from './account-calls.ts';
import { type PlexClientOptions, readClientOptions } from './client-options.ts';
import { createGetPin, createGetToken, createLinkPin } from './pin-calls.ts';
import type { PlexClient } from './plex-client.ts';
import { createSender } from './sender.ts';
import { createGetServers, createHasAccess } from './server-calls.ts';

export { PlexAuthError, type PlexAuthErrorCode, type PlexAuthErrorDetails } from '../errors.ts';
export type { AnyFetch, Clock, Fetch, FetchAnswer, FetchInit } from '../ports.ts';
export { Secret } from '../secret.ts';
export type { PlexUser } from '../user.ts';
export type { PlexClientOptions } from './client-options.ts';
export type { PlexDevice, PlexIdentity } from './device.ts';
export { createAuthURL, createLinkURL } from './links.ts';
export type { PlexCallOptions, PlexClient, PlexPin, PlexPinReading } from './plex-client.ts';
export type { PlexConnection, PlexServer, ServerAccess } from './plex-server.ts';

/**
 * Makes a client of plex.tv's sign-in calls. It needs no chart, and remembers nothing but which host answered.
 *
 * The options are copied: a later change does nothing.
 *
 * What Plex can answer is a value; what it does not define is a {@link PlexAuthError}.
 *
 * @throws {TypeError} For an option that no request could carry, naming it.
 */
export function createPlexClient(options: PlexClientOptions = {}): PlexClient {
  const defaults = readClientOptions(options);
  const send = createSender(defaults);
  return {
    getPin: createGetPin(send, defaults),
    getToken: createGetToken(send),
    getUser: createGetUser(send),
    getServers: createGetServers(send),
    hasAccess: createHasAccess(send),
    signOut: createSignOut(send),
    linkPin: createLinkPin(send),
    ping: createPing(send),
  };
}
