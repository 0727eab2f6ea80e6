import * as v from 'valibot';
import { isHeaderSafe } from './device.ts';

/** A text, null or nothing at all. */
const textOrNull = v.optional(v.nullable(v.string('must be a text or null')));

/** A code: nothing that could control a terminal, and nothing that no QR picture can hold. */
export const pinCode = v.custom<string>(
  (code) => typeof code === 'string' && /^[!-~]{1,128}$/.test(code),
  'must be 1 to 128 characters of printable ASCII',
);

/** A text. Anything else counts as an empty one. */
const anyText = v.fallback(v.string(), '');

/**
 * Where a claimed PIN holds the token; null, missing and empty all mean "not yet".
 *
 * A schema of its own, read first, so that no token is lost because another field has drifted.
 */
export const tokenReply = v.object(
  {
    authToken: v.optional(
      v.custom<string | null>(
        (token) => token === null || token === '' || (typeof token === 'string' && isHeaderSafe(token)),
        'must be null or what a header carries',
      ),
    ),
  },
  'must be an object',
);

/**
 * The PIN object, strict where the flow depends on it and blind to all else, which may be missing or drift in type.
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
 * The account, strict in nothing but that it has an `id`: an answer whose other fields drift is still a valid token's.
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
