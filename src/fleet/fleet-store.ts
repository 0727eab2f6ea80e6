import type { WriteOutcome } from '../engine/store-access.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import type { FleetSettings } from './fleet-options.ts';
import type { FleetFlow } from './flow.ts';
import { type FlowRecord, parsePauses, parseRecords, toRecord } from './flow-record.ts';
import { createStoredTexts, type StoredText } from './stored-texts.ts';

/** Keeps the flows of one fleet, some together under one key: a store lists no keys. */
export interface FleetStore {
  /** Reads what an earlier fleet left. @throws {PlexAuthError} `PLEX_STORE`. */
  read(): Promise<StoredFleet>;
  /** Takes over a flow that was read: the next write under its key holds it too. */
  adopt(flow: FleetFlow): void;
  /**
   * Stores the flow as it is by the time of the write, or its end. Ends with the write; one that failed is repeated later. Of a
   * flow that was forgotten meanwhile it tells no error.
   */
  keep(flow: FleetFlow): WriteOutcome;
  /** Stores that the flow is over and handled. */
  forget(flow: FleetFlow): void;
  /** Stores until when Plex asked to wait for a client identifier, in milliseconds since the epoch. */
  keepPause(clientIdentifier: string, untilMs: number): void;
  /** Writes what could not be written before. Resolves once all writes so far have ended, or the store takes too long. */
  flushed(): Promise<void>;
}

/** What an earlier fleet left. */
interface StoredFleet {
  readonly records: readonly FlowRecord[];
  /** Until when each of these client identifiers is to be quiet. */
  readonly pauses: ReadonlyMap<string, number>;
}

/** How many keys the flows are spread over. Stored flows are found by it: it never changes. */
const bucketCount = 64;

/** Flows under one key. */
interface Bucket extends StoredText {
  readonly flows: Set<FleetFlow>;
}

/** Makes the store of a fleet. Without the option `store` it keeps nothing. */
export function createFleetStore({ store, clock, name, requestTimeoutMs }: FleetSettings): FleetStore {
  const timeoutMs = requestTimeoutMs ?? defaultRequestTimeoutMs;
  const texts = createStoredTexts({ store, clock, timeoutMs });
  const prefix = ['plex-auth-flow', ...(name ? [encodeURIComponent(name)] : []), 'fleet'].join('.');
  const buckets = Array.from({ length: store ? bucketCount : 0 }, (_, index): Bucket => {
    const flows = new Set<FleetFlow>();
    const toText = () => JSON.stringify([...flows].flatMap((flow) => toRecord(flow) ?? []));
    return { ...texts.add(`${prefix}.${index}`, toText), flows };
  });
  const pauses = new Map<string, number>();
  const pausesText = texts.add(`${prefix}.pauses`, () => {
    for (const [clientIdentifier, untilMs] of pauses)
      if (untilMs <= clock.now()) pauses.delete(clientIdentifier);
    return JSON.stringify([...pauses]);
  });

  function bucketOf({ id }: FleetFlow): Bucket {
    let hash = 0;
    for (let index = 0; index < id.length; index++) hash = (Math.imul(hash, 31) + id.charCodeAt(index)) | 0;
    return buckets[(hash >>> 0) % bucketCount] as Bucket;
  }

  return {
    async read() {
      const [storedPauses, ...stored] = await Promise.all(
        [pausesText, ...buckets].map((text) => text.read()),
      );
      for (const [clientIdentifier, untilMs] of parsePauses(storedPauses))
        pauses.set(clientIdentifier, untilMs);
      return { records: stored.flatMap(parseRecords), pauses };
    },
    adopt(flow) {
      bucketOf(flow).flows.add(flow);
    },
    async keep(flow) {
      if (!store) return undefined;
      const bucket = bucketOf(flow);
      bucket.flows.add(flow);
      const error = await bucket.write();
      // Once its end was handled it shows nothing more: its id may belong to another flow.
      return bucket.flows.has(flow) ? error : undefined;
    },
    forget(flow) {
      if (!store) return;
      const bucket = bucketOf(flow);
      if (bucket.flows.delete(flow)) void bucket.write();
    },
    keepPause(clientIdentifier, untilMs) {
      if (!store) return;
      pauses.set(clientIdentifier, untilMs);
      void pausesText.write();
    },
    flushed: texts.flushed,
  };
}
