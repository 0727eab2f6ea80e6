import type { SnapshotFrom } from 'xstate';
import type { Pin, pinAuthMachine } from '../machines/pin-auth.ts';
import type { PlexAuthError } from './errors.ts';
import type { Secret } from './secret.ts';

/** What a user interface shows while the user has a code. */
export interface PlexAuthCode {
  /** What the user types at `linkURL`, or the consent page is given. Its length is Plex's to choose. */
  code: string;
  /** The consent page: open it where the user's browser is. */
  authURL: string;
  /** The page on which a short code is typed, with it filled in. */
  linkURL: string;
  /** A QR picture of the code, by Plex. */
  qrURL: string;
  /** When the code ends, in milliseconds since the epoch by this flow's clock. */
  expiresAtMs: number;
}

/** Where a sign-in stands; `status` is the chart's state. `lastError` is a passing fault that the flow deals with itself. */
export type PlexAuthView =
  | { status: 'idle'; reason?: 'cancelled' | 'signedOut'; lastError?: PlexAuthError }
  | { status: 'requestingPin'; lastError?: PlexAuthError }
  | ({ status: 'awaitingLink'; lastError?: PlexAuthError } & PlexAuthCode)
  | ({ status: 'fetchingToken'; lastError?: PlexAuthError } & PlexAuthCode)
  | { status: 'authenticated'; token: Secret; clientIdentifier: string; lastError?: PlexAuthError }
  | { status: 'expired'; reason: 'pin' | 'limit' | 'token'; lastError?: PlexAuthError }
  | { status: 'failed'; error: PlexAuthError }
  | { status: 'signingOut'; lastError?: PlexAuthError };

/** What a PIN's view needs beside the snapshot. */
export type LinksOf = (pin: Pin) => Pick<PlexAuthCode, 'authURL' | 'linkURL' | 'qrURL'>;

/** Says what a snapshot of the chart means to a user interface. */
export function viewOf(
  { value, context }: SnapshotFrom<typeof pinAuthMachine>,
  linksOf: LinksOf,
): PlexAuthView {
  const status = (typeof value === 'string' ? value : Object.keys(value)[0]) as PlexAuthView['status'];
  const { pin, expiresAtMs, credentials, reason, error, lastError } = context;
  const view = {
    status,
    ...((status === 'awaitingLink' || status === 'fetchingToken') &&
      pin && { code: pin.code, ...linksOf(pin), expiresAtMs }),
    ...(status === 'authenticated' && credentials),
    ...((status === 'idle' || status === 'expired') && reason && { reason }),
    ...(status === 'failed' && { error }),
    ...(lastError && { lastError }),
  };
  return view as PlexAuthView;
}

/** Whether two views say the same. Their fields are texts, numbers and objects that are replaced, never changed. */
export function isSameView(one: PlexAuthView, other: PlexAuthView): boolean {
  const entries = Object.entries(one);
  const fields = other as Partial<Record<string, unknown>>;
  return (
    entries.length === Object.keys(other).length && entries.every(([name, value]) => fields[name] === value)
  );
}
