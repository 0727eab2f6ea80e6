import * as v from 'valibot';
import { Secret } from '../secret.ts';

/** A day. No PIN lives longer, whatever is answered: a flow ends. */
const longestLifeS = 86_400;

const text = v.pipe(v.string(), v.nonEmpty());

/**
 * The PIN object, strict where the flow depends on it and blind to all else, which may be missing or drift in type.
 *
 * @see plex.tv, POST /api/v2/pins and GET /api/v2/pins/{id} (read 2026-08)
 */
export const pinReply = v.object({
  id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  code: text,
  clientIdentifier: v.optional(v.string()),
  expiresIn: v.pipe(
    v.number(),
    v.minValue(0),
    v.transform((seconds) => Math.min(seconds, longestLifeS) * 1000),
  ),
  /** Null, missing and empty all mean "not yet". */
  authToken: v.pipe(
    v.nullish(v.string()),
    v.transform((token) => (token ? new Secret(token) : undefined)),
  ),
  qr: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^https?:\/\//))), undefined),
});

/** @see plex.tv, GET /api/v2/user (read 2026-08) */
export const userReply = v.object({
  id: v.number(),
  uuid: text,
  username: v.fallback(v.string(), ''),
  title: v.fallback(v.string(), ''),
  email: v.fallback(v.string(), ''),
  friendlyName: v.fallback(v.string(), ''),
  thumb: v.fallback(v.string(), ''),
  home: v.fallback(v.boolean(), false),
  guest: v.fallback(v.boolean(), false),
  subscription: v.fallback(
    v.object({ active: v.fallback(v.boolean(), false), plan: v.fallback(v.nullable(v.string()), null) }),
    { active: false, plan: null },
  ),
});

/** The account behind a token. A text that Plex did not give is empty. */
export interface PlexUser extends v.InferOutput<typeof userReply> {}
