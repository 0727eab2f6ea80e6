import type { Secret } from '../secret.ts';

/** A Plex Media Server that a user reaches. A text that Plex did not give is empty. */
export interface PlexServer {
  /** What the server calls itself at its own `/identity`. It never changes; a name can. */
  machineIdentifier: string;
  name: string;
  /** Such as `Plex Media Server`. */
  product: string;
  /** Whether it is the user's own. */
  isOwned: boolean;
  /** Whether the user reaches it as a member of a Plex Home. */
  isHome: boolean;
  /** Where it may be reached, as Plex lists it. */
  connections: readonly PlexConnection[];
  /** What this server takes from this user as `X-Plex-Token`. */
  accessToken: Secret;
}

/** One address of a server. */
export interface PlexConnection {
  uri: string;
  protocol: string;
  address: string;
  /** 0 if Plex did not give it. */
  port: number;
  /** Within the server's own network. */
  isLocal: boolean;
  /** Through Plex's relay, which is slow. */
  isRelay: boolean;
  isIPv6: boolean;
}

/** Whether a user may use a server. An outage is an error, and never `none`. */
export interface ServerAccess {
  /** `owner` and `member` may use it; `none` may not; `rejected` says that the token is not valid. */
  status: 'owner' | 'member' | 'none' | 'rejected';
}
