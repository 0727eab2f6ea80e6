import type { PlexUser } from '../user.ts';

/** Copies what a page may know of a user: an application may give its whole row, with a token in it. */
export function toPlexUser(user: PlexUser): PlexUser {
  const { id, uuid, username, title, email, friendlyName, thumb, subscription } = user;
  return { id, uuid, username, title, email, friendlyName, thumb, subscription };
}
