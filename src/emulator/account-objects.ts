import type { EmulatedUser } from './emulated-user.ts';
import { toPlexTime } from './pin-object.ts';
import type { PlexValue } from './plex-xml.ts';

/** Makes the body of `GET /api/v2/user`: the user, with the token that the request was sent with. */
export function toUserObject(user: EmulatedUser, authToken: string): Record<string, PlexValue> {
  return { ...user, authToken };
}

/** Makes the body of the old `GET /users/account.json`, which Overseerr and its forks still request (read 2026-08). */
export function toAccountObject(user: EmulatedUser, authToken: string): Record<string, PlexValue> {
  const joined = toPlexTime(user.joinedAt * 1000);
  return { ...user, authToken, joined_at: joined, roles: { roles: user.roles } };
}
