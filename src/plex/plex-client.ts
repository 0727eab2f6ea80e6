import type { Pin, PinReading } from '../pin.ts';
import type { Secret } from '../secret.ts';
import type { UserAnswer } from '../user.ts';
import type { PlexServer, ServerAccess } from './plex-server.ts';

/** What any call may override. */
export interface PlexCallOptions {
  serverURL?: string | undefined;
  clientIdentifier?: string | undefined;
  /** Aborts the call, which then rejects with the signal's reason. An answer that is here by then still counts. */
  signal?: AbortSignal | undefined;
}

/** A call with a user's token. */
export type TokenCallOptions = PlexCallOptions & { token: Secret | string };

/** A PIN as Plex made it. */
export type PlexPin = Pin<number>;

/** What Plex can answer about a PIN. */
export type PlexPinReading = PinReading;

/** The wire: one call, one request, one answer. Nothing waits and nothing is tried again. */
export interface PlexClient {
  /**
   * Makes a PIN.
   *
   * @param options.strong True for a long code that the consent page is given; false, the default, for four characters
   * that a person types.
   * @throws {PlexAuthError} `PLEX_NETWORK`, `PLEX_TIMEOUT`, `PLEX_RATE_LIMITED`, `PLEX_HTTP`, `PLEX_BAD_REPLY`,
   * `PLEX_CLIENT_MISMATCH`.
   * @see plex.tv, POST /api/v2/pins, operation GetPin (read 2026-08)
   */
  getPin: (options?: PlexCallOptions & { strong?: boolean | undefined }) => Promise<PlexPin>;
  /**
   * Asks Plex whether the user has linked a PIN.
   *
   * Does not wait or retry; the chart decides when to ask again.
   *
   * @param options.pinID The PIN's `pinID`, from {@link PlexClient.getPin}: a positive integer.
   * @param options.onLate Called once if the answer arrives after `requestTimeoutMs`, when the call has rejected with
   * `PLEX_TIMEOUT`: Plex may hand out a token only once. The request stays open for up to five minutes more, and at most
   * two of one client do; an abort of `signal` ends it too. Default: the request is aborted at the time limit.
   * @returns `claimed` with the token, `pending`, or `gone` (expired, unknown, or another client's).
   * @throws {PlexAuthError} As for getPin.
   * @see plex.tv, GET /api/v2/pins/{pinID}, operation GetToken (read 2026-08)
   */
  getToken: (
    options: PlexCallOptions &
      Pick<Pin, 'pinID'> & { onLate?: ((reading: PlexPinReading) => void) | undefined },
  ) => Promise<PlexPinReading>;
  /**
   * Asks whose token this is. Only `rejected` means that it is no longer valid; an error says nothing about it.
   * A 401, 422 or 498 without Plex's own error envelope comes from a server in between, and is an error.
   *
   * @see plex.tv, GET /api/v2/user (read 2026-08)
   */
  getUser: (options: TokenCallOptions) => Promise<UserAnswer>;
  /**
   * Lists the servers that the holder of a token reaches: his own, shared ones, and those of his Plex Home.
   *
   * An entry that cannot be read, that is no server or that has no access token is left out.
   *
   * @throws {PlexAuthError} As for getPin. A token that Plex itself rejects is `PLEX_HTTP` with its `status` (401, 422 or
   * 498) and `retryable: false`; {@link PlexClient.hasAccess} and {@link PlexClient.getUser} say so as a value.
   * @see plex.tv, GET /api/v2/resources (read 2026-08)
   */
  getServers: (options: TokenCallOptions) => Promise<PlexServer[]>;
  /**
   * Asks whether the holder of a token may use a server: `owner`, `member` (shared with him, or with his Plex Home),
   * `none`, or `rejected` if the token is no longer valid.
   *
   * Let nobody in, and turn nobody out, on an error: it says nothing about the access.
   *
   * @param options.machineIdentifier The server's own, as its `/identity` and {@link PlexClient.getServers} name it.
   * @throws {PlexAuthError} As for getPin.
   * @throws {TypeError} For a `machineIdentifier` that is empty or no text.
   * @see plex.tv, GET /api/v2/resources (read 2026-08)
   */
  hasAccess: (options: TokenCallOptions & { machineIdentifier: string }) => Promise<ServerAccess>;
  /**
   * Revokes a token. `rejected`: it was no longer valid.
   *
   * @see plex.tv, DELETE /api/v2/users/signout (read 2026-08)
   */
  signOut: (options: TokenCallOptions) => Promise<{ status: 'signedOut' | 'rejected' }>;
  /**
   * Links a PIN to the account of `token`: what plex.tv/link does when a user types the code.
   *
   * @see plex.tv, PUT /api/v2/pins/link (read 2026-08)
   */
  linkPin: (
    options: TokenCallOptions & { code: string },
  ) => Promise<{ status: 'linked' | 'gone' | 'rejected' }>;
  /**
   * Asks whether Plex answers; with a token, keeps a legacy token alive.
   *
   * @see plex.tv, GET /api/v2/ping (read 2026-08)
   */
  ping: (
    options?: PlexCallOptions & { token?: Secret | string | undefined },
  ) => Promise<{ status: 'pong' | 'rejected' }>;
}
