/** Every {@link Operation}. */
export const operations = [
  'getPin',
  'getToken',
  'linkPin',
  'getUser',
  'signOut',
  'ping',
  'resources',
  'qr',
  'pinInfo',
  'sharedServers',
  'homeUsers',
  'switchUser',
  'devices',
  'removeDevice',
  'gone',
] as const;

/** A request that plex.tv knows, by the name that the whole project uses for it. */
export type Operation = (typeof operations)[number];
