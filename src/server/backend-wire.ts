import type { Pin, PinReading } from '../pin.ts';
import { readClientOptions } from '../plex/client-options.ts';
import type { WireReply } from '../plex/exchange.ts';
import { createAuthURL, createLinkURL } from '../plex/links.ts';
import { createGetPin } from '../plex/pin-calls.ts';
import type { PlexPin } from '../plex/plex-client.ts';
import { createSender } from '../plex/sender.ts';
import type { Wire } from '../ports.ts';
import { requireSuccess, toBackendReading, toClientDescription } from './backend-answers.ts';
import { type BackendConnection, createAskBackend } from './backend-calls.ts';
import { type BackendSession, createBackendSession } from './backend-session.ts';
import { type ClientDescription, type HandedPin, hintHeader, paths, pinHeader } from './protocol.ts';

/** What {@link createBackendWire} needs. */
export interface BackendWireOptions extends BackendConnection {
  /** Whether the code is a long one. Default: what the server describes, else true. */
  readonly strong?: boolean | undefined;
  /** Called when what is known of the user has changed. */
  readonly onUser: () => void;
}

/** A wire's requests to the application's own server, and what else a page asks of it. */
export interface BackendWire extends Pick<Wire, 'getPin' | 'getToken' | 'getUser' | 'signOut'> {
  readonly session: BackendSession;
  /** Lets the server forget the attempt. Never rejects. */
  cancelAttempt(): Promise<void>;
}

/**
 * Makes the wire to an application's own server.
 *
 * The PIN is made by the page itself: Plex shows an alert to a user whose PIN was made at another address than his. It is made
 * with the server's client identifier, and handed over; from then on the page asks only the server, which redeems it. No
 * token comes to the page.
 */
export function createBackendWire(options: BackendWireOptions): BackendWire {
  const { clock, onUser } = options;
  const ask = createAskBackend(options);
  const session = createBackendSession(ask, clock, onUser);
  const pins = createPins(options);
  let client: ClientDescription | undefined;
  let cancelling: Promise<void> = Promise.resolve();

  function toReading(reply: WireReply): PinReading {
    const reading = toBackendReading(reply);
    if (reading.status === 'authenticated')
      return { status: 'claimed', atMs: reading.atMs, token: session.begin(reading.user) };
    // Perhaps the server has another client identifier by now.
    if (reading.status === 'gone') client = undefined;
    // And perhaps the sign-in has ended elsewhere, as on the popup's last page: then there is a session.
    if (reading.status === 'gone') session.outdate();
    return reading;
  }

  return {
    session,
    async getPin({ clientIdentifier, signal }) {
      client ??= toClientDescription(await ask('GET', paths.client, { signal }));
      const pin = await pins.make(client, signal);
      // The end of the last attempt must not end this one.
      await cancelling;
      const headers = { [pinHeader]: pins.toHeader(pin) };
      requireSuccess(await ask('POST', paths.attempt, { signal, headers }), 'getPin');
      pins.forget();
      return { ...toLinkedPin(pin, client), clientIdentifier };
    },
    async getToken({ signal, onLate, isHinted }) {
      const readLate = (reply: WireReply) => {
        try {
          onLate?.(toReading(reply));
        } catch {
          // The call has rejected already: an error that comes late is nobody's.
        }
      };
      const headers: Record<string, string> = isHinted ? { [hintHeader]: '1' } : {};
      return toReading(await ask('GET', paths.attempt, { signal, headers, onLate: onLate && readLate }));
    },
    getUser: ({ token }) => session.verify(token),
    signOut: ({ signal }) =>
      session.during(
        ask('POST', paths.signOut, { signal }).then((reply) => {
          requireSuccess(reply, 'signOut');
          session.end();
        }),
      ),
    cancelAttempt() {
      cancelling = ask('DELETE', paths.attempt, {}).then(
        () => {},
        () => {},
      );
      return cancelling;
    },
  };
}

/** Adds the pages of a PIN, so that they are known wherever the PIN is resumed. */
function toLinkedPin(pin: PlexPin, client: ClientDescription): Pin {
  const authURL = createAuthURL({ ...client, code: pin.code });
  return { ...pin, authURL, linkURL: createLinkURL(pin.code, client.linkURL) };
}

/** Makes the PINs of one page at Plex. One that the server has not taken yet is used again, so that Plex is asked for no heap of them. */
function createPins({ backendURL, fetch, clock, requestTimeoutMs, strong: ownStrong }: BackendWireOptions) {
  let made: { client: ClientDescription; pin: PlexPin } | undefined;
  const leftMs = ({ atMs, expiresInMs }: PlexPin) => expiresInMs - (clock.now() - atMs);
  return {
    async make(client: ClientDescription, signal: AbortSignal): Promise<PlexPin> {
      if (made?.client === client && leftMs(made.pin) > made.pin.expiresInMs / 2) {
        const { pin } = made;
        return { ...pin, atMs: clock.now(), expiresInMs: leftMs(pin) };
      }
      // Pages send their own origin, which is the server's.
      const own = readClientOptions({ ...client, fetch, clock, requestTimeoutMs, forwardURL: backendURL });
      const strong = ownStrong ?? client.strong ?? true;
      const pin = await createGetPin(createSender(own), own)({ strong, signal });
      made = { client, pin };
      return pin;
    },
    forget() {
      made = undefined;
    },
    toHeader(pin: PlexPin): string {
      const handed: HandedPin = { pinID: pin.pinID, code: pin.code, expiresInMs: Math.floor(leftMs(pin)) };
      // All of it is ASCII.
      return btoa(JSON.stringify(handed)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    },
  };
}
