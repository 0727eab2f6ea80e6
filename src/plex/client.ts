import { systemClock, systemFetch } from '../ports.ts';
import { readPageURL, requireMethods, requireOption } from '../require-option.ts';
import { Secret } from '../secret.ts';
import { isGone, isRejected, lifeMs, parseReply, requireOK, toMismatchError } from './answers.ts';
import {
  checkClientOptions,
  defaultRequestTimeoutMs,
  type PlexClientOptions,
  requireClientIdentifier,
  requireServerURL,
} from './client-options.ts';
import { identify, isHeaderSafe } from './device.ts';
import type { PlexCallOptions, PlexClient } from './plex-client.ts';
import { pinReply, tokenReply, userReply } from './replies.ts';
import { createTransport, type WireReply, type WireRequest } from './transport.ts';

export { PlexAuthError, type PlexAuthErrorCode, type PlexAuthErrorDetails } from '../errors.ts';
export type { Clock, Fetch } from '../ports.ts';
export { Secret } from '../secret.ts';
export type { PlexUser } from '../user.ts';
export type { PlexClientOptions } from './client-options.ts';
export type { PlexDevice, PlexIdentity } from './device.ts';
export { createAuthURL, createLinkURL } from './links.ts';
export type { PlexCallOptions, PlexClient, PlexPin, PlexPinReading } from './plex-client.ts';

/**
 * Makes a client of plex.tv's sign-in calls. It needs no chart, and remembers nothing but which host answered.
 *
 * What Plex can answer is a value; what it does not define is a {@link PlexAuthError}.
 *
 * @throws {TypeError} For an option that no request could carry, naming it.
 */
export function createPlexClient(defaults: PlexClientOptions = {}): PlexClient {
  checkClientOptions(defaults);
  return createCheckedClient(defaults);
}

/** Makes a client of options that have been checked. */
export function createCheckedClient(defaults: PlexClientOptions): PlexClient {
  const send = createSender(defaults);
  return {
    async getPin(call = {}) {
      const reply = await send('POST', '/pins', call, {
        query: call.strong ? { strong: 'true' } : {},
        headers: defaults.forwardURL ? { Origin: new URL(defaults.forwardURL).origin } : {},
      });
      requireOK(reply, 'getPin');
      const { id, code, expiresIn, qr } = parseReply(pinReply, reply, 'getPin');
      const { clientIdentifier = defaults.clientIdentifier ?? '' } = call;
      const qrURL = readPageURL(qr)?.href;
      return { pinID: id, code, clientIdentifier, atMs: reply.atMs, expiresInMs: lifeMs(expiresIn), qrURL };
    },

    async getToken(call) {
      requireOption(isPinID(call.pinID), 'pinID', 'a positive integer');
      const reply = await send('GET', `/pins/${call.pinID}`, call);
      const { atMs, tookMs } = reply;
      if (isGone(reply)) return { status: 'gone', atMs, error: toMismatchError(reply) };
      requireOK(reply, 'getToken');
      const { authToken } = parseReply(tokenReply, reply, 'getToken');
      if (authToken) return { status: 'claimed', atMs, token: new Secret(authToken) };
      const { expiresIn } = parseReply(pinReply, reply, 'getToken');
      return { status: 'pending', atMs, tookMs, expiresInMs: lifeMs(expiresIn) };
    },

    async getUser(call) {
      const reply = await send('GET', '/user', call, { token: toSecret(call.token) });
      if (isRejected(reply)) return { status: 'rejected' };
      requireOK(reply, 'getUser');
      const user = parseReply(userReply, reply, 'getUser');
      return { status: 'valid', user: { ...user, id: Number(user.id) } };
    },

    async signOut(call) {
      const reply = await send('DELETE', '/users/signout', call, { token: toSecret(call.token) });
      if (isRejected(reply)) return { status: 'rejected' };
      requireOK(reply, 'signOut');
      return { status: 'signedOut' };
    },

    async linkPin(call) {
      requireOption(typeof call.code === 'string' && call.code !== '', 'code', 'the code of a PIN');
      const form = { code: call.code };
      const reply = await send('PUT', '/pins/link', call, { token: toSecret(call.token), form });
      if (isRejected(reply)) return { status: 'rejected' };
      if (isGone(reply)) return { status: 'gone' };
      requireOK(reply, 'linkPin');
      return { status: 'linked' };
    },

    async ping(call = {}) {
      const token = call.token === undefined ? undefined : toSecret(call.token);
      const reply = await send('GET', '/ping', call, { token });
      if (isRejected(reply)) return { status: 'rejected' };
      requireOK(reply, 'ping');
      return { status: 'pong' };
    },
  };
}

/** What one operation sends beside what every request carries. */
type RequestParts = Partial<Pick<WireRequest, 'token' | 'query' | 'headers' | 'form'>>;

/** Sends one request: the client's defaults, what the call overrides, and the operation's own parts. */
type Send = (
  method: WireRequest['method'],
  path: string,
  call: PlexCallOptions,
  parts?: RequestParts,
) => Promise<WireReply>;

function createSender(defaults: PlexClientOptions): Send {
  const transport = createTransport({
    fetch: defaults.fetch ?? systemFetch,
    clock: defaults.clock ?? systemClock,
    requestTimeoutMs: defaults.requestTimeoutMs ?? defaultRequestTimeoutMs,
  });

  // Async, so that a bad option of a call rejects like everything else.
  return async (method, path, call, parts = {}) => {
    const {
      serverURL = defaults.serverURL,
      clientIdentifier = defaults.clientIdentifier ?? '',
      signal,
    } = call;
    requireServerURL(call.serverURL, defaults.allowInsecureRequests);
    requireClientIdentifier(clientIdentifier);
    requireMethods('signal', signal, ['addEventListener', 'removeEventListener']);
    const { headers, query } = identify({ ...defaults, clientIdentifier });
    return transport({
      ...parts,
      method,
      path,
      headers: { ...headers, ...parts.headers },
      query: { ...query, ...parts.query },
      serverURL,
      signal,
    });
  };
}

function isPinID(id: unknown): boolean {
  return Number.isSafeInteger(id) && Number(id) > 0;
}

/** @throws {TypeError} For what no header can carry. */
function toSecret(token: Secret | string): Secret {
  const secret = typeof token === 'string' ? new Secret(token) : token;
  const isToken = typeof secret?.reveal === 'function' && isHeaderSafe(secret.reveal());
  requireOption(isToken, 'token', 'a token of Plex');
  return secret;
}
