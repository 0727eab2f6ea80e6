import type { PlexAuthErrorCode } from '../errors.ts';
import type { PlexDevice } from '../plex/device.ts';
import type { PlexUser } from '../user.ts';

/**
 * What a page and its server say to one another. All paths are below the address where the server's handler is mounted;
 * no request has a body, so that no body parser in front of the handler can break one; no id and no code is in an address.
 */
export const paths = {
  /** `GET`: a page that needs no JavaScript: it begins a sign-in, or waits for one. */
  page: '/',
  /** `GET`: the {@link ClientDescription} that the page makes its PIN with. */
  client: '/client',
  /**
   * `POST`: begins an attempt. With {@link pinHeader}, for the PIN that the page has made; without it the server makes one.
   * `GET`: asks how the attempt stands, an {@link AttemptAnswer}; `?wait=SECONDS` waits that long for news, and
   * `Accept: text/event-stream` for as long as it takes. `DELETE`: ends it.
   */
  attempt: '/attempt',
  /** `GET`: takes over, with {@link ticketHeader}, the session that an event stream has announced. */
  session: '/session',
  /** `GET`: where Plex sends the user back to; it redirects to the page where the sign-in began. */
  callback: '/callback',
  /** `GET`: the same in a window of its own, which closes itself. */
  popup: '/popup',
  /** `POST`: ends the application's session. */
  signOut: '/sign-out',
  /** `POST`, from a form without JavaScript: begins an attempt, and redirects to Plex. */
  begin: '/begin',
  /** `POST`, from a form without JavaScript: ends the attempt, and redirects to where it began. */
  cancel: '/cancel',
} as const;

/** Hands over the page's PIN: a {@link HandedPin} as JSON, in base64url. */
export const pinHeader = 'Plex-Auth-Pin';
/** `1`: the user has probably just approved, so that this attempt is asked about first. */
export const hintHeader = 'Plex-Auth-Hint';
/** The ticket of a {@link TicketAnswer}. */
export const ticketHeader = 'Plex-Auth-Ticket';

/** What the page makes a PIN with: the server's own client identifier, since only that one can redeem it. */
export interface ClientDescription {
  clientIdentifier: string;
  product: string;
  device?: PlexDevice | undefined;
  strong?: boolean | undefined;
  /** Only if it is not Plex's own. */
  serverURL?: string | undefined;
  authAppURL?: string | undefined;
  linkURL?: string | undefined;
}

/** The PIN that a page has made. */
export interface HandedPin {
  pinID: number;
  code: string;
  expiresInMs: number;
}

/** How an attempt stands. */
export type AttemptAnswer =
  | { status: 'pending'; expiresInMs: number }
  /** The application's session is in the cookies of this answer. */
  | { status: 'authenticated'; user: PlexUser; redirectTo?: string | undefined }
  /** The PIN is over: expired, used up, or another client's. */
  | { status: 'gone' }
  | { status: 'failed'; error: ErrorAnswer };

/** An event of a stream that ends it: the session is there, and is taken over by {@link paths.session}, which can set cookies. */
export interface TicketAnswer {
  status: 'ready';
  ticket: string;
}

/** What {@link paths.session} says about the application's session. */
export interface SessionAnswer {
  user: PlexUser | null;
}

/** A `PlexAuthError` on its way to the page. */
export interface ErrorAnswer {
  code: PlexAuthErrorCode;
  message: string;
  retryable: boolean;
  retryAfterMs?: number | undefined;
}
