import * as v from 'valibot';

/** A text, null or nothing at all. */
const textOrNull = v.optional(
  v.custom<string | null>((text) => text === null || typeof text === 'string', 'must be a text or null'),
);

/** Whatever else than a text comes in its place is none. */
const anyText = v.fallback(v.string(), '');

/**
 * Where a claimed PIN holds the token; null, missing and empty all mean "not yet".
 *
 * A schema of its own, and read first: a token is never lost to another field that drifted.
 */
export const tokenReply = v.object({ authToken: textOrNull }, 'must be an object');

/**
 * The PIN object, strict where the flow depends on it and blind to all else, which may be missing or drift in type.
 *
 * @see plex.tv, POST /api/v2/pins and GET /api/v2/pins/{id} (read 2026-08)
 */
export const pinReply = v.object(
  {
    id: v.custom<number>((id) => Number.isSafeInteger(id) && Number(id) > 0, 'must be a positive integer'),
    code: v.custom<string>((code) => code !== '' && typeof code === 'string', 'must be a text'),
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
    id: v.custom<number>((id) => Number(id) > 0, 'must be a positive number'),
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

/** The account behind a token. A text that Plex did not give is empty. */
export interface PlexUser extends v.InferOutput<typeof userReply> {}
