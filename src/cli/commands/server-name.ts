/** Plex's own server, which a user need not name. */
const plexName = 'plex.tv';
const plexServers = ['https://plex.tv', 'https://clients.plex.tv'];

/**
 * Names the server of a token, for messages and to compare. Two addresses of one server have the same name.
 *
 * @param serverURL An address, as in `--server-url`. Default: Plex's own server.
 */
export function toServerName(serverURL: string | undefined): string {
  if (serverURL === undefined) return plexName;
  const { origin, pathname } = new URL(serverURL);
  const name = origin + pathname.replace(/\/+$/, '').replace(/\/api\/v2$/, '');
  return plexServers.includes(name) ? plexName : name;
}
