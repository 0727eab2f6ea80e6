import type { PlexUser } from '../../plex/client.ts';

/** Picks the name that a person has at Plex. It is text from others: make it printable before it is shown. */
export function toUserName({ title, username, friendlyName, email }: PlexUser): string {
  return title || username || friendlyName || email || 'a Plex user without a name';
}
