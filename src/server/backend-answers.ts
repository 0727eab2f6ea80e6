import * as v from 'valibot';
import { PlexAuthError, type PlexAuthErrorCode } from '../errors.ts';
import type { PinReading } from '../pin.ts';
import { parseReply, requireOK } from '../plex/answers.ts';
import { deviceFields, isHeaderSafe } from '../plex/device.ts';
import type { WireReply } from '../plex/exchange.ts';
import { userReply } from '../plex/replies.ts';
import { readPageURL } from '../read-page-url.ts';
import type { PlexUser } from '../user.ts';
import type { ClientDescription, SessionAnswer } from './protocol.ts';

const ms = v.custom<number>((given) => typeof given === 'number' && given >= 0, 'must be 0 or more');
const text = v.string('must be a text');
const flag = v.custom<boolean>((given) => typeof given === 'boolean', 'must be true or false');

/** No PIN lives longer than a day, whatever is answered, and so every sign-in ends. */
const longestLifeMs = 86_400_000;

const statusReply = v.object({ status: text }, 'must be an object');
const pendingReply = v.object({ expiresInMs: ms });
const authenticatedReply = v.object({ user: userReply });
const sessionReply = v.object({ user: v.nullable(userReply) }, 'must be an object');
const address = v.optional(v.custom<string>((url) => readPageURL(url) !== undefined, 'must be an address'));
const descriptionReply = v.object(
  {
    clientIdentifier: v.custom<string>((given) => isHeaderSafe(String(given)), 'must be printable ASCII'),
    product: text,
    device: v.optional(v.custom<object>((given) => Object(given) === given, 'must be an object')),
    strong: v.optional(flag),
    serverURL: address,
    authAppURL: address,
    linkURL: address,
  },
  'must be an object',
);
const failedReply = v.object({
  error: v.object({
    code: v.custom<PlexAuthErrorCode>((code) => /^PLEX_[A-Z_]{1,40}$/.test(String(code)), 'must be a code'),
    message: text,
    retryable: flag,
    retryAfterMs: v.optional(ms),
  }),
});

/** How an attempt stands, as the page understands it. */
export type BackendReading =
  | Exclude<PinReading, { status: 'claimed' }>
  | { status: 'authenticated'; atMs: number; user: PlexUser };

/** Reads how an attempt stands. @throws {PlexAuthError} What the server says went wrong, or what is wrong with its answer. */
export function toBackendReading(reply: WireReply): BackendReading {
  const { atMs, tookMs } = reply;
  const error = errorIn(reply);
  if (error?.code === 'PLEX_NO_ATTEMPT') return { status: 'gone', atMs, error };
  if (error) throw error;
  requireOK(reply, 'getToken');
  const { status } = parseReply(statusReply, reply, 'getToken');
  if (status === 'gone') return { status, atMs, error: toGoneError(reply) };
  if (status === 'authenticated') {
    const { user } = parseReply(authenticatedReply, reply, 'getToken');
    return { status, atMs, user: toUser(user) };
  }
  if (status !== 'pending')
    parseReply(v.object({ status: v.custom(() => false, 'is unknown') }), reply, 'getToken');
  const { expiresInMs } = parseReply(pendingReply, reply, 'getToken');
  return { status: 'pending', atMs, tookMs, expiresInMs: Math.min(expiresInMs, longestLifeMs) };
}

/** Reads whose session it is. @returns Undefined where the application does not say. @throws {PlexAuthError} */
export function toSessionUser(reply: WireReply): SessionAnswer['user'] | undefined {
  if (reply.status === 204 || (reply.status === 404 && reply.kind === 'JSON')) return undefined;
  requireSuccess(reply, 'getUser');
  const { user } = parseReply(sessionReply, reply, 'getUser');
  return user && toUser(user);
}

/** Reads what the page makes its PINs with. @throws {PlexAuthError} */
export function toClientDescription(reply: WireReply): ClientDescription {
  requireSuccess(reply, 'getPin');
  const { clientIdentifier, product, device, strong, ...addresses } = parseReply(
    descriptionReply,
    reply,
    'getPin',
  );
  // A later version of the server may know more of a device.
  const known = Object.entries(device ?? {}).filter(([field]) => deviceFields.includes(field));
  return { clientIdentifier, product, device: Object.fromEntries(known), strong, ...addresses };
}

/** @throws {PlexAuthError} What the server says went wrong, or for any other answer than success. */
export function requireSuccess(reply: WireReply, operation: string): void {
  const error = errorIn(reply);
  if (error) throw error;
  requireOK(reply, operation);
}

/** The error that the server itself reports. */
function errorIn({ json, atMs, status }: WireReply): PlexAuthError | undefined {
  const { success, output } = v.safeParse(failedReply, json);
  if (!success || (json as { status?: unknown }).status !== 'failed') return undefined;
  const { code, message, retryable, retryAfterMs } = output.error;
  return new PlexAuthError(code, message, { atMs, status, retryable, retryAfterMs });
}

function toGoneError({ atMs, status }: WireReply): PlexAuthError {
  const message =
    'Plex no longer knows the PIN, or it was made with another client identifier than the server has';
  return new PlexAuthError('PLEX_CLIENT_MISMATCH', message, { atMs, status, retryable: false });
}

function toUser(user: v.InferOutput<typeof userReply>): PlexUser {
  return { ...user, id: Number(user.id) };
}
