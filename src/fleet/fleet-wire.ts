import { Agent } from 'undici';
import type { Pin } from '../pin.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { createGetPin } from '../plex/pin-calls.ts';
import { createLinksOf } from '../plex/plex-wire.ts';
import { createReadPin, type ReadPin } from '../plex/read-pin.ts';
import { createSender } from '../plex/sender.ts';
import { createTransport } from '../plex/transport.ts';
import { type PinLinks, systemFetch } from '../ports.ts';
import type { FleetSettings } from './fleet-options.ts';
import { createPooledExchange } from './pooled-exchange.ts';

/** Asks Plex for all flows of a fleet. */
export interface FleetWire {
  getPin(clientIdentifier: string): Promise<Pin>;
  readonly getToken: ReadPin;
  linksOf(pin: Pin): PinLinks;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** Connections that nobody uses stay open this long: longer than most flows wait between two reads. */
const keepAliveMs = 30_000;

/** Makes the wire of one fleet, over a pool of connections, or over the option `fetch`. */
export function createFleetWire(settings: FleetSettings): FleetWire {
  const { fetch, clock, connections, strong = true } = settings;
  const pool = fetch ? undefined : new Agent({ connections, pipelining: 1, keepAliveTimeout: keepAliveMs });
  const { requestTimeoutMs = defaultRequestTimeoutMs } = settings;
  const transport = createTransport(
    { fetch: fetch ?? systemFetch, clock, requestTimeoutMs },
    pool && createPooledExchange(pool, clock),
    connections,
  );
  const getPin = createGetPin(createSender(settings, transport), settings);
  return {
    getPin: (clientIdentifier) => getPin({ clientIdentifier, strong }),
    getToken: createReadPin(transport, settings),
    linksOf: createLinksOf(settings),
    close: async () => pool?.close(),
  };
}
