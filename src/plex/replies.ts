import * as v from 'valibot';
import { isHeaderSafe } from './device.ts';

/** A text, null or absent. */
const textOrNull = v.optional(v.nullable(v.string('must be a text or null')));

/** Whether this is a code: it cannot control a terminal, and fits into a QR picture. */
export function isCode(code: unknown): boolean {
  return typeof code === 'string' && /^[!-~]{1,128}$/.test(code);
}

const pinCode = v.custom<string>(isCode, 'must be 1 to 128 characters of printable ASCII');

/** A text. Anything else counts as an empty one. */
export const anyText = v.fallback(v.string(), '');

/**
 * Where a claimed PIN holds the token; null, missing and empty all mean "not yet".
 *
 * A separate schema, read first, so that no token is lost because another field changed its type.
 */
export const tokenReply = v.object(
  {
    authToken: v.optional(
      v.custom<string | null>(
        (token) => token === null || token === '' || (typeof token === 'string' && isHeaderSafe(token)),
        'must be null or fit into a header',
      ),
    ),
  },
  'must be an object',
);

const textOrNothing = v.fallback(v.optional(v.string()), undefined);

/** Whose PIN it is, and which. Whatever else stands there costs no token. */
export const ownerReply = v.object({ clientIdentifier: textOrNothing, code: textOrNothing });

/**
 * The PIN object: strict about the fields that the sign-in needs. Any other field may be missing or change its type.
 *
 * @see plex.tv, POST /api/v2/pins and GET /api/v2/pins/{id} (read 2026-08)
 */
export const pinReply = v.object(
  {
    id: v.custom<number>((id) => Number.isSafeInteger(id) && Number(id) > 0, 'must be a positive integer'),
    code: pinCode,
    clientIdentifier: textOrNull,
    /** Seconds left. */
    expiresIn: v.custom<number>((left) => typeof left === 'number' && left >= 0, 'must be 0 or more'),
    ...tokenReply.entries,
    qr: anyText,
  },
  'must be an object',
);

/**
 * The account. Only `id` is required: an answer whose other fields changed still shows that the token is valid.
 *
 * @see plex.tv, GET /api/v2/user (read 2026-08)
 */
export const userReply = v.object(
  {
    id: v.custom<number | string>(
      (id) => ['number', 'string'].includes(typeof id) && Number.isSafeInteger(Number(id)) && Number(id) > 0,
      'must be a positive integer',
    ),
    uuid: anyText,
    username: anyText,
    title: anyText,
    email: anyText,
    friendlyName: anyText,
    thumb: anyText,
    subscription: v.fallback(v.object({ active: v.fallback(v.boolean(), false), plan: anyText }), {
      active: false,
      plan: '',
    }),
  },
  'must be an object',
);

/** A truth in any of the ways in which Plex writes one; anything else counts as false. */
const truth = v.fallback(
  v.custom<unknown>((value) => value === true || value === 1 || value === '1' || value === 'true'),
  false,
);

/** One address of a server. Without `uri` it is of no use. */
export const connectionReply = v.object({
  uri: v.string(),
  protocol: anyText,
  address: anyText,
  port: v.fallback(v.number(), 0),
  local: truth,
  relay: truth,
  IPv6: truth,
});

/**
 * A server, player or other device of an account: strict about what says which one it is. Any other field may be missing
 * or change its type.
 *
 * @see plex.tv, GET /api/v2/resources (read 2026-08)
 */
export const resourceReply = v.object({
  clientIdentifier: v.string(),
  /** What it offers, separated by commas, such as `server` or `client,player`. */
  provides: v.string(),
  name: anyText,
  product: anyText,
  owned: truth,
  home: truth,
  accessToken: anyText,
  connections: v.fallback(v.custom<unknown[]>(Array.isArray), []),
});
