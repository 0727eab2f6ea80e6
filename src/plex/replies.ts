import * as v from 'valibot';

const text = v.nullish(v.string(), '');

/**
 * The PIN object, strict where the flow depends on it and blind to all else, which may be missing or drift in type.
 *
 * @see plex.tv, POST /api/v2/pins and GET /api/v2/pins/{id} (read 2026-08)
 */
export const pinReply = v.object({
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  code: v.pipe(v.string(), v.minLength(1)),
  clientIdentifier: text,
  /** Seconds left. */
  expiresIn: v.pipe(v.number(), v.minValue(0)),
  /** Null, missing and empty all mean "not yet". */
  authToken: text,
  qr: v.nullish(v.unknown()),
});

/** @see plex.tv, GET /api/v2/user (read 2026-08) */
export const userReply = v.object({
  id: v.number(),
  uuid: text,
  username: text,
  title: text,
  email: text,
  friendlyName: text,
  thumb: text,
  subscription: v.nullish(v.object({ active: v.nullish(v.boolean(), false), plan: text }), {}),
});

/** The account behind a token. A text that Plex did not give is empty. */
export interface PlexUser extends v.InferOutput<typeof userReply> {}
