import { PlexAuthError } from '../errors.ts';
import type { Pin, PinReading } from '../pin.ts';
import { type PlexClientOptions, readClientOptions } from '../plex/client-options.ts';
import type { WireReply } from '../plex/exchange.ts';
import { createPlexWire } from '../plex/plex-wire.ts';
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
  let pins: PinMaker | undefined;
  let cancelling: Promise<void> = Promise.resolve();

  function toReading(reply: WireReply): PinReading {
    const reading = toBackendReading(reply);
    if (reading.status === 'authenticated')
      return { status: 'claimed', atMs: reading.atMs, token: session.begin(reading.user) };
    if (reading.status === 'gone') {
      // Perhaps the server has another client identifier by now, or the sign-in has ended elsewhere: then there is a session.
      pins = undefined;
      session.outdate();
    }
    return reading;
  }

  return {
    session,
    async getPin({ clientIdentifier, signal }) {
      pins ??= createPinMaker(toClientDescription(await ask('GET', paths.client, { signal })), options);
      const pin = await pins.make(signal);
      // The end of the last attempt must not end this one.
      await cancelling;
      const headers = { [pinHeader]: toPinHeader(pin) };
      requireSuccess(await ask('POST', paths.attempt, { signal, headers }), 'getPin');
      pins?.forget();
      return { ...pin, clientIdentifier };
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

/** Makes the PINs of one page at Plex. */
interface PinMaker {
  make(signal: AbortSignal): Promise<Pin>;
  /** The server has taken the last PIN: the next one is another. */
  forget(): void;
}

/**
 * Makes PINs as the server describes itself. One that the server has not taken yet is used again: where the server cannot be
 * reached, Plex is asked for one PIN, and not for a heap of them.
 */
function createPinMaker(client: ClientDescription, options: BackendWireOptions): PinMaker {
  const { backendURL, fetch, clock, requestTimeoutMs, strong = client.strong ?? true } = options;
  const { clientIdentifier } = client;
  // Pages send their own origin, which is the server's.
  const own = { ...client, strong, fetch, clock, requestTimeoutMs, forwardURL: backendURL };
  const plex = createPlexWire(readDescribed(own, clock.now()));
  let made: Pin | undefined;
  return {
    async make(signal) {
      const leftMs = made ? made.expiresInMs - (clock.now() - made.atMs) : 0;
      if (made && leftMs > made.expiresInMs / 2) return { ...made, atMs: clock.now(), expiresInMs: leftMs };
      const pin = await plex.getPin({ clientIdentifier, signal });
      // The PIN brings its pages along, so that they are known wherever it is resumed.
      made = { ...pin, ...plex.linksOf(pin, { forwardURL: '' }) };
      return made;
    },
    forget() {
      made = undefined;
    },
  };
}

/** @throws {PlexAuthError} Where the server describes something that no request could carry. */
function readDescribed<Options extends PlexClientOptions>(options: Options, atMs: number): Readonly<Options> {
  try {
    return readClientOptions(options);
  } catch (cause) {
    const message = `The server describes itself wrongly: ${(cause as Error).message}`;
    throw new PlexAuthError('PLEX_BAD_REPLY', message, { atMs, retryable: false });
  }
}

/** Writes a PIN into a header: all of it is ASCII. */
function toPinHeader({ pinID, code, expiresInMs }: Pin): string {
  const handed: HandedPin = { pinID: Number(pinID), code, expiresInMs: Math.floor(expiresInMs) };
  return btoa(JSON.stringify(handed)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
