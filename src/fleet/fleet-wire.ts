import { Agent } from 'undici';
import type { Pin, PinReading } from '../pin.ts';
import { createGetPin, createGetToken } from '../plex/pin-calls.ts';
import { createLinksOf } from '../plex/plex-wire.ts';
import { createSender } from '../plex/sender.ts';
import type { PinLinks } from '../ports.ts';
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
  const { fetch, clock, connections, strong = true } = settings;
  const pool = fetch ? undefined : new Agent({ connections, pipelining: 1, keepAliveTimeout: keepAliveMs });
  const send = createSender(settings, {
    startExchange: pool && createPooledExchange(pool, clock),
    mostLateReads: connections,
  });
  const getPin = createGetPin(send, settings);
  const getToken = createGetToken(send);
  return {
    getPin: (clientIdentifier) => getPin({ clientIdentifier, strong }),
    getToken: ({ pinID, clientIdentifier }, onLate) => getToken({ pinID, clientIdentifier, onLate }),
    linksOf: createLinksOf(settings),
    close: async () => pool?.close(),
  };
}
