import * as v from 'valibot';
import { PlexAuthError } from '../errors.ts';
import type { Pin } from '../pin.ts';
import { systemClock, systemFetch } from '../ports.ts';
import { readPageURL, requireMethods, requireOption } from '../require-option.ts';
import { Secret } from '../secret.ts';
import { checkClientOptions, defaultRequestTimeoutMs, type PlexClientOptions } from './client-options.ts';
import { identify, isHeaderSafe } from './device.ts';
import { type PlexUser, pinReply, tokenReply, userReply } from './replies.ts';
import { createTransport, type WireReply, type WireRequest } from './transport.ts';

export { PlexAuthError, type PlexAuthErrorCode, type PlexAuthErrorDetails } from '../errors.ts';
export type { Clock, Fetch } from '../ports.ts';
export { Secret } from '../secret.ts';
export type { PlexClientOptions } from './client-options.ts';
export type { PlexDevice, PlexIdentity } from './device.ts';
export { createAuthURL, createLinkURL } from './links.ts';
export type { PlexUser } from './replies.ts';

/** What any call may say otherwise than the client. */
export interface PlexCallOptions {
  serverURL?: string | undefined;
  clientIdentifier?: string | undefined;
  /** Aborts the call; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A PIN as Plex made it. */
export interface PlexPin {
  pinID: number;
  /** What the user types, or the consent page is given. */
  code: string;
  /** The identifier it was asked for with. Only reads that name the same one find it. */
  clientIdentifier: string;
  /** When the answer came, in milliseconds since the epoch, by this client's clock. */
  atMs: number;
  /** What was left of its life then, in milliseconds, by Plex's own count. At most a day. */
  expiresInMs: number;
  /** The address of a QR picture. */
  qrURL?: string | undefined;
}

/** What Plex can answer about a PIN. */
export type PlexPinReading =
  /** Not linked yet; a refusal looks the same. `tookMs`: how long the answer took. */
  | { status: 'pending'; atMs: number; tookMs: number; expiresInMs: number }
  | { status: 'claimed'; atMs: number; token: Secret }
  /** Expired, unknown, or another client's: Plex says one thing for all three. `error` words the last. */
  | { status: 'gone'; atMs: number; error: PlexAuthError };

/** The wire: one call, one request, one answer. Nothing waits and nothing is tried again. */
export interface PlexClient {
  /**
   * Makes a PIN.
   *
   * @param options.strong True for a long code that the consent page is given; false, the default, for four characters
   * that a person types.
   * @throws {PlexAuthError} `PLEX_NETWORK`, `PLEX_TIMEOUT`, `PLEX_RATE_LIMITED`, `PLEX_HTTP`, `PLEX_BAD_REPLY`,
   * `PLEX_CLIENT_MISMATCH`.
   * @see plex.tv, POST /api/v2/pins, operation GetPin (read 2026-08)
   */
  getPin(options?: PlexCallOptions & { strong?: boolean | undefined }): Promise<PlexPin>;
  /**
   * Asks Plex whether the user has linked a PIN.
   *
   * @param options.pinID The PIN's `pinID`, from {@link PlexClient.getPin}.
   * @throws {PlexAuthError} As for getPin.
   * @see plex.tv, GET /api/v2/pins/{pinID}, operation GetToken (read 2026-08)
   */
  getToken(options: PlexCallOptions & Pick<Pin, 'pinID'>): Promise<PlexPinReading>;
  /**
   * Asks whose token this is. Only `rejected` says that it is no longer valid; an error says nothing about it.
   *
   * @see plex.tv, GET /api/v2/user (read 2026-08)
   */
  getUser(
    options: PlexCallOptions & { token: Secret | string },
  ): Promise<{ status: 'valid'; user: PlexUser } | { status: 'rejected' }>;
  /**
   * Revokes a token. `rejected`: it was no longer valid.
   *
   * @see plex.tv, DELETE /api/v2/users/signout (read 2026-08)
   */
  signOut(
    options: PlexCallOptions & { token: Secret | string },
  ): Promise<{ status: 'signedOut' | 'rejected' }>;
  /**
   * Links a PIN to the account of `token`: what plex.tv/link does when a user types the code.
   *
   * @see plex.tv, PUT /api/v2/pins/link (read 2026-08)
   */
  linkPin(
    options: PlexCallOptions & { code: string; token: Secret | string },
  ): Promise<{ status: 'linked' | 'gone' | 'rejected' }>;
  /**
   * Asks whether Plex answers; with a token, keeps a legacy token alive.
   *
   * @see plex.tv, GET /api/v2/ping (read 2026-08)
   */
  ping(
    options?: PlexCallOptions & { token?: Secret | string | undefined },
  ): Promise<{ status: 'pong' | 'rejected' }>;
}

/**
 * Makes a client of plex.tv's sign-in calls. Needs no chart and keeps no state but which host answered.
 *
 * What Plex can answer is a value; what it does not define is a {@link PlexAuthError}.
 *
 * @throws {TypeError} For an option that no request could carry, naming it.
 */
export function createPlexClient(defaults: PlexClientOptions = {}): PlexClient {
  checkClientOptions(defaults);
  const transport = createTransport({
    fetch: defaults.fetch ?? systemFetch,
    clock: defaults.clock ?? systemClock,
    requestTimeoutMs: defaults.requestTimeoutMs ?? defaultRequestTimeoutMs,
  });

  function send(
    method: WireRequest['method'],
    path: string,
    call: PlexCallOptions = {},
    more: {
      token?: Secret | undefined;
      query?: Record<string, string>;
      headers?: Record<string, string>;
      form?: Record<string, string>;
    } = {},
  ): Promise<WireReply> {
    const {
      serverURL = defaults.serverURL,
      clientIdentifier = defaults.clientIdentifier ?? '',
      signal,
    } = call;
    const { allowInsecureRequests } = defaults;
    checkClientOptions({ serverURL: call.serverURL, clientIdentifier, allowInsecureRequests });
    requireMethods('signal', signal, ['addEventListener', 'removeEventListener']);
    const { headers, query } = identify({ ...defaults, clientIdentifier });
    return transport({
      method,
      path,
      headers: { ...headers, ...more.headers },
      query: { ...query, ...more.query },
      ...(more.form && { form: more.form }),
      token: more.token,
      serverURL,
      signal,
    });
  }

  return {
    async getPin(call = {}) {
      const reply = await send('POST', '/pins', call, {
        query: call.strong ? { strong: 'true' } : {},
        headers: defaults.forwardURL ? { Origin: new URL(defaults.forwardURL).origin } : {},
      });
      requireOK(reply, 'getPin');
      const { id, code, expiresIn, qr } = parse(pinReply, reply, 'getPin');
      const { clientIdentifier = defaults.clientIdentifier ?? '' } = call;
      const qrURL = readPageURL(qr)?.href;
      return { pinID: id, code, clientIdentifier, atMs: reply.atMs, expiresInMs: lifeMs(expiresIn), qrURL };
    },

    async getToken(call) {
      requireOption(
        Number.isSafeInteger(call.pinID) && Number(call.pinID) > 0,
        'pinID',
        'a positive integer',
      );
      const reply = await send('GET', `/pins/${call.pinID}`, call);
      const { atMs, tookMs } = reply;
      if (isGone(reply)) return { status: 'gone', atMs, error: mismatch(reply) };
      requireOK(reply, 'getToken');
      const { authToken } = parse(tokenReply, reply, 'getToken');
      if (authToken) return { status: 'claimed', atMs, token: new Secret(authToken) };
      const { expiresIn } = parse(pinReply, reply, 'getToken');
      return { status: 'pending', atMs, tookMs, expiresInMs: lifeMs(expiresIn) };
    },

    async getUser(call) {
      const reply = await send('GET', '/user', call, { token: toSecret(call.token) });
      if (isRejected(reply)) return { status: 'rejected' };
      requireOK(reply, 'getUser');
      const user = parse(userReply, reply, 'getUser');
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
      const reply = await send('PUT', '/pins/link', call, {
        token: toSecret(call.token),
        form: { code: call.code },
      });
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

/** @throws {TypeError} For what no header can carry. */
function toSecret(token: Secret | string): Secret {
  const secret = typeof token === 'string' ? new Secret(token) : token;
  const isToken = typeof secret?.reveal === 'function' && isHeaderSafe(secret.reveal());
  requireOption(isToken, 'token', 'a token of Plex');
  return secret;
}

/** At most a day: no PIN lives longer, whatever is answered, and a flow ends. */
function lifeMs(seconds: number): number {
  return Math.min(seconds, 86_400) * 1000;
}

/** @throws {PlexAuthError} For a status that is no success, and for a page that some portal put in its place. */
function requireOK(reply: WireReply, operation: string): void {
  if (reply.status < 200 || reply.status > 299) throw refusal(reply, operation);
  if (isForeign(reply)) throw badReply(reply, `Plex answered ${operation} with ${reply.kind}`);
}

/** What Plex itself never sends. */
function isForeign({ kind }: WireReply): boolean {
  return kind === 'HTML' || kind === 'over 1 MB';
}

/** 404 in Plex's words; one from a server on the way may pass. */
function isGone({ status, kind, plexCode }: WireReply): boolean {
  return status === 404 && (kind === 'JSON' || plexCode === 1020);
}

/** Plex's own word that a token is not valid: 401 (1001), 422 ("Invalid token") or 498. */
function isRejected(reply: WireReply): boolean {
  return [401, 422, 498].includes(reply.status) && !isForeign(reply);
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  reply: WireReply,
  operation: string,
): v.InferOutput<Schema> {
  if (reply.kind !== 'JSON')
    throw badReply(reply, `Plex answered ${operation} with ${reply.kind} instead of JSON`);
  const result = v.safeParse(schema, reply.json, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = issue.path?.map(({ key }) => key).join('.') ?? 'the answer';
  const fault = issue.received === 'undefined' ? 'is missing' : issue.message;
  throw badReply(reply, `Plex answered ${operation} wrongly: ${field} ${fault}`);
}

/** What is not Plex's own doing (a proxy's page, a portal's) may pass. */
function badReply({ atMs, status }: WireReply, message: string): PlexAuthError {
  return new PlexAuthError('PLEX_BAD_REPLY', message, { atMs, status, retryable: true });
}

function refusal(reply: WireReply, operation: string): PlexAuthError {
  const { atMs, status, plexCode, retryAfterMs, kind } = reply;
  if (plexCode === 1068) return mismatch(reply);
  const isThrottled = status === 429;
  const isPassing = isThrottled || status >= 500 || status === 408 || status === 425 || kind !== 'JSON';
  const words = plexCode === undefined ? '' : `, code ${plexCode}`;
  return new PlexAuthError(
    isThrottled ? 'PLEX_RATE_LIMITED' : 'PLEX_HTTP',
    `Plex answered ${operation} with status ${status}${words}`,
    { atMs, status, plexCode, retryAfterMs, retryable: isPassing },
  );
}

function mismatch({ atMs, status, plexCode }: WireReply): PlexAuthError {
  return new PlexAuthError(
    'PLEX_CLIENT_MISMATCH',
    'Plex knows no such PIN or token for this client identifier: it must be the one that made it',
    { atMs, status, plexCode, retryable: false },
  );
}
