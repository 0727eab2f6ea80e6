import { Agent } from 'undici';
import type { Pin, PinReading } from '../pin.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { identify } from '../plex/device.ts';
import { createGetPin, readLate, toReading } from '../plex/pin-calls.ts';
import { createLinksOf } from '../plex/plex-wire.ts';
import { createSender } from '../plex/sender.ts';
import { createTransport } from '../plex/transport.ts';
import { type PinLinks, systemFetch } from '../ports.ts';
import type { FleetSettings } from './fleet-options.ts';
import { createPooledExchange } from './pooled-exchange.ts';

/** Asks Plex for all flows of a fleet. */
export interface FleetWire {
  getPin(clientIdentifier: string): Promise<Pin>;
  /** @param onLate Called with an answer that comes after the time limit. */
  getToken(pin: Pin, onLate: (reading: PinReading) => void): Promise<PinReading>;
  linksOf(pin: Pin): PinLinks;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** Connections that nobody uses stay open this long: longer than most flows wait between two reads. */
const keepAliveMs = 30_000;

/** Makes the wire of one fleet, over a pool of connections, or over the option `fetch`. */
export function createFleetWire(settings: FleetSettings): FleetWire {
  const { fetch, clock, connections, serverURL, strong = true } = settings;
  const pool = fetch ? undefined : new Agent({ connections, pipelining: 1, keepAliveTimeout: keepAliveMs });
  const { requestTimeoutMs = defaultRequestTimeoutMs } = settings;
  const transport = createTransport({
    fetch: fetch ?? systemFetch,
    clock,
    requestTimeoutMs,
    startExchange: pool && createPooledExchange(pool, clock),
    mostLateReads: connections,
  });
  const getPin = createGetPin(createSender(settings, transport), settings);
  const identity = identify(settings, '');

  /** Without the sender's checks of each call: a flow was checked when it started. */
  async function getToken(
    { pinID, clientIdentifier }: Pin,
    onLate: (reading: PinReading) => void,
  ): Promise<PinReading> {
    const reply = await transport({
      method: 'GET',
      path: `/pins/${pinID}`,
      headers: { ...identity.headers, 'X-Plex-Client-Identifier': clientIdentifier },
      query: identity.query,
      form: undefined,
      token: undefined,
      serverURL,
      signal: undefined,
      onLate: (late) => readLate(late, onLate),
    });
    return toReading(reply);
  }

  return {
    getPin: (clientIdentifier) => getPin({ clientIdentifier, strong }),
    getToken,
    linksOf: createLinksOf(settings),
    close: async () => pool?.close(),
  };
}
