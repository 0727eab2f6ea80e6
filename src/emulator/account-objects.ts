import type { EmulatedUser } from './emulated-user.ts';
import { pictureOf } from './people/user-picture.ts';
import { toPlexTime } from './pin-object.ts';
import type { PlexValue } from './plex-xml.ts';

/** Makes the body of `GET /api/v2/user`: the user, with the token that the request was sent with. */
export function toUserObject(
  user: EmulatedUser,
  authToken: string,
  requestURL: string,
): Record<string, PlexValue> {
  return { ...user, thumb: pictureOf(user, requestURL), authToken };
}

/** Makes the body of the old `GET /users/account.json`, which Overseerr and its forks still request (read 2026-08). */
export function toAccountObject(
  user: EmulatedUser,
  authToken: string,
  requestURL: string,
): Record<string, PlexValue> {
  const joined = toPlexTime(user.joinedAt * 1000);
  const seen = toUserObject(user, authToken, requestURL);
  return { ...seen, joined_at: joined, roles: { roles: user.roles } };
}
