import type { Pin, PinReading } from '../pin.ts';
import { identifierHeader } from './device.ts';
import { readLate, toReading } from './pin-calls.ts';
import type { Transport } from './transport.ts';

/** A PIN, as far as a read needs it. */
export type PinToRead = Pick<Pin, 'pinID' | 'clientIdentifier'>;

/** Takes what a read of a PIN brings: either of the first two, once. */
export interface ReadListener {
  onReading(reading: PinReading): void;
  /** Called with a `PlexAuthError`, as {@link PlexClient.getToken} throws it, or with what a function from outside threw. */
  onError(thrown: unknown): void;
  /** Called with an answer that comes after the time limit. */
  onLate(reading: PinReading): void;
}

/** Reads a PIN. */
export type ReadPin = (pin: PinToRead, listener: ReadListener) => void;

/** What all reads of a fleet carry. */
export interface ReadParts {
  /** The headers that identify the application, without the installation. */
  readonly headers: Record<string, string>;
  readonly query: Record<string, string>;
  readonly serverURL: string | undefined;
}

/** Makes what reads the PINs of many installations. The caller has checked what a call of the client would check. */
export function createReadPin(transport: Transport, { headers, query, serverURL }: ReadParts): ReadPin {
  return ({ pinID, clientIdentifier }, listener) => {
    transport({
      method: 'GET',
      path: `/pins/${pinID}`,
      headers: { ...headers, [identifierHeader]: clientIdentifier },
      query,
      form: undefined,
      token: undefined,
      serverURL,
      signal: undefined,
      onLate: (late) => readLate(late, (reading) => listener.onLate(reading)),
    })
      .then(toReading)
      .then(
        (reading) => listener.onReading(reading),
        (thrown) => listener.onError(thrown),
      );
  };
}
