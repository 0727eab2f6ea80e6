import type { PlexAuthError } from './errors.ts';
import type { Secret } from './secret.ts';
import type { PlexUser } from './user.ts';

/** What a user interface can show while the user has a code. */
export interface PlexAuthCode {
  /** What the user types at `linkURL`, or the consent page is given. Plex chooses its length. */
  code: string;
  /** The consent page. Open it where the user's browser is. */
  authURL: string;
  /** The page on which a person types a short code, with the code filled in. */
  linkURL: string;
  /** A QR picture of the code, by Plex. */
  qrURL: string;
  /** When the code ends, in milliseconds since the epoch by this flow's clock. */
  expiresAtMs: number;
}

/** A view without a code. Declared, so that every view can be asked for its code: `if (view.code) open(view.authURL)`. */
type NoCode = { [Field in keyof PlexAuthCode]?: undefined };

/** What may be in any view while there is no code. */
interface Codeless extends NoCode {
  lastError?: PlexAuthError;
}

/**
 * The state of a sign-in; `status` is the chart's state.
 *
 * `code` is there while there is a code to show, in `awaitingLink` and in `fetchingToken`, and so are its addresses.
 * `lastError` is an error that the engine deals with itself.
 */
export type PlexAuthView =
  | ({ status: 'idle'; reason?: 'cancelled' | 'signedOut' } & Codeless)
  | ({ status: 'requestingPin' } & Codeless)
  | ({ status: 'awaitingLink'; lastError?: PlexAuthError } & PlexAuthCode)
  | ({ status: 'fetchingToken'; lastError?: PlexAuthError } & PlexAuthCode)
  | ({ status: 'authenticated'; token: Secret; clientIdentifier: string } & Codeless)
  | ({ status: 'expired'; reason: 'pin' | 'limit' | 'token' } & Codeless)
  | ({ status: 'failed'; error: PlexAuthError; lastError?: undefined } & NoCode)
  | ({ status: 'signingOut' } & Codeless);

/** The state of a sign-in whose token stays on the application's server: as {@link PlexAuthView}, with the user in its place. */
export type BackendAuthView =
  | Exclude<PlexAuthView, { status: 'authenticated' }>
  | ({ status: 'authenticated'; user: PlexUser } & Codeless);

/** The chart's state names, as a view's `status`. */
export type PlexAuthStatus = PlexAuthView['status'];

/** Where a sign-in stands in each status. The one list of all statuses. */
const phases: Readonly<Record<PlexAuthStatus, 'resting' | 'running' | 'signedIn' | 'signingOut'>> = {
  idle: 'resting',
  requestingPin: 'running',
  awaitingLink: 'running',
  fetchingToken: 'running',
  authenticated: 'signedIn',
  expired: 'resting',
  failed: 'resting',
  signingOut: 'signingOut',
};

/** Every status, in the order of time. */
export const statuses: readonly PlexAuthStatus[] = Object.keys(phases) as PlexAuthStatus[];

/** Whether a sign-in is running. */
export function isRunning(status: PlexAuthStatus): boolean {
  return phases[status] === 'running';
}

/** Whether `start` would begin a sign-in. */
export function isStartable(status: PlexAuthStatus): boolean {
  return phases[status] === 'resting';
}
