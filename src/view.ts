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

/** The state of a sign-in; `status` is the chart's state. `lastError` is an error that the engine deals with itself. */
export type PlexAuthView =
  | { status: 'idle'; reason?: 'cancelled' | 'signedOut'; lastError?: PlexAuthError }
  | { status: 'requestingPin'; lastError?: PlexAuthError }
  | ({ status: 'awaitingLink'; lastError?: PlexAuthError } & PlexAuthCode)
  | ({ status: 'fetchingToken'; lastError?: PlexAuthError } & PlexAuthCode)
  | { status: 'authenticated'; token: Secret; clientIdentifier: string; lastError?: PlexAuthError }
  | { status: 'expired'; reason: 'pin' | 'limit' | 'token'; lastError?: PlexAuthError }
  | { status: 'failed'; error: PlexAuthError }
  | { status: 'signingOut'; lastError?: PlexAuthError };

/** The state of a sign-in whose token stays on the application's server: as {@link PlexAuthView}, with the user in its place. */
export type BackendAuthView =
  | Exclude<PlexAuthView, { status: 'authenticated' }>
  | { status: 'authenticated'; user: PlexUser; lastError?: PlexAuthError };

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

/** Whether there is a consent page to show. */
export function hasCode(view: PlexAuthView): view is Extract<PlexAuthView, { code: string }> {
  return view.status === 'awaitingLink' || view.status === 'fetchingToken';
}
