import { Agent } from 'undici';
import type { Pin } from '../pin.ts';
import { createBases } from '../plex/bases.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import { identify } from '../plex/device.ts';
import { createGetPin } from '../plex/pin-calls.ts';
import { createLinksOf } from '../plex/plex-wire.ts';
import { createReadPin, type ReadPin } from '../plex/read-pin.ts';
import { createSender } from '../plex/sender.ts';
import { createBaseAsker, createTransport } from '../plex/transport.ts';
import { type PinLinks, systemFetch } from '../ports.ts';
import { createClosableLateReads } from './closable-late-reads.ts';
import type { FleetSettings } from './fleet-options.ts';
import { createPooledExchange } from './pooled-exchange.ts';
import { createPooledReads } from './pooled-reads.ts';

/** Asks Plex for all flows of a fleet. */
export interface FleetWire {
  getPin(clientIdentifier: string): Promise<Pin>;
  readonly readPin: ReadPin;
  linksOf(pin: Pin): PinLinks;
  /**
   * Closes the connections. Reads that reached the time limit are waited for first, since a token may be in one, but not
   * longer than `requestTimeoutMs`.
   */
  close(): Promise<void>;
}

/** Connections that nobody uses stay open this long: longer than most flows wait between two reads. */
const keepAliveMs = 30_000;

/** Bun puts its own stand-in in the place of undici, which sends nothing: its `fetch` keeps connections open too. */
function createPool(connections: number): Agent | undefined {
  const pool = new Agent({ connections, pipelining: 1, keepAliveTimeout: keepAliveMs });
  return typeof pool.dispatch === 'function' ? pool : undefined;
}

/** Makes the wire of one fleet, over a pool of connections, or over the option `fetch`. */
export function createFleetWire(settings: FleetSettings): FleetWire {
  const { fetch, clock, connections, strong = true, serverURL } = settings;
  const { requestTimeoutMs = defaultRequestTimeoutMs } = settings;
  // They have connections of their own: those of the next requests stay free, however many are never answered.
  const mostLateReads = Math.max(1, Math.floor(connections / 2));
  const pool = fetch ? undefined : createPool(connections + mostLateReads);
  const lateReads = createClosableLateReads(clock, mostLateReads);
  const { readLate } = lateReads;
  const bases = createBases();
  const request = { fetch: fetch ?? systemFetch, clock, requestTimeoutMs };
  const startExchange = pool && createPooledExchange(pool, clock);
  const transport = createTransport(request, bases, createBaseAsker(request, startExchange, readLate));
  const getPin = createGetPin(createSender(settings, transport), settings);
  const { headers, query } = identify(settings, '');
  const parts = { headers, query, serverURL };
  const reads =
    pool &&
    createPooledReads({
      pool,
      bases,
      clock,
      parts,
      timeoutMs: requestTimeoutMs,
      readLate,
    });
  return {
    getPin: (clientIdentifier) => getPin({ clientIdentifier, strong }),
    readPin: reads?.readPin ?? createReadPin(transport, parts),
    linksOf: createLinksOf(settings),
    async close() {
      reads?.stop();
      await lateReads.close(requestTimeoutMs);
      // What was given up must not hold the others up.
      await pool?.destroy();
    },
  };
}
