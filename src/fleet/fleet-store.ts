import { createStoreAccess } from '../engine/store-access.ts';
import type { PlexAuthError } from '../errors.ts';
import { defaultRequestTimeoutMs } from '../plex/client-options.ts';
import type { FleetSettings } from './fleet-options.ts';
import type { FleetFlow } from './flow.ts';
import { type FlowRecord, parseRecords, toRecord } from './flow-record.ts';

/** Keeps the flows of one fleet, some together under one key: a store lists no keys. */
export interface FleetStore {
  /** Reads what an earlier fleet left. @throws {PlexAuthError} `PLEX_STORE`. */
  read(): Promise<FlowRecord[]>;
  /** Takes over a flow that was read: the next write under its key holds it too. */
  adopt(flow: FleetFlow): void;
  /** Stores the flow as it is by the time of the write, or its end. Ends with the write. */
  keep(flow: FleetFlow): Promise<PlexAuthError | undefined>;
  /** Stores that the flow is over and handled. */
  forget(flow: FleetFlow): void;
  /** Resolves once all writes so far have ended. */
  flushed(): Promise<void>;
}

/** How many keys the flows are spread over. Stored flows are found by it: it never changes. */
const bucketCount = 64;

/** Flows under one key. */
interface Bucket {
  readonly key: string;
  readonly flows: Set<FleetFlow>;
  /** The write that takes all that has changed since the last one began. */
  next: Promise<PlexAuthError | undefined> | undefined;
  last: Promise<unknown>;
}

/** Makes the store of a fleet. Without the option `store` it keeps nothing. */
export function createFleetStore({ store, clock, name, requestTimeoutMs }: FleetSettings): FleetStore {
  const timeoutMs = requestTimeoutMs ?? defaultRequestTimeoutMs;
  const access = createStoreAccess({ clock, timeoutMs, onError: () => {} });
  const prefix = ['plex-auth-flow', ...(name ? [encodeURIComponent(name)] : []), 'fleet'].join('.');
  const buckets = Array.from({ length: store ? bucketCount : 0 }, (_, index): Bucket => {
    return { key: `${prefix}.${index}`, flows: new Set(), next: undefined, last: Promise.resolve() };
  });

  function bucketOf({ id }: FleetFlow): Bucket {
    let hash = 0;
    for (let index = 0; index < id.length; index++) hash = (Math.imul(hash, 31) + id.charCodeAt(index)) | 0;
    return buckets[(hash >>> 0) % bucketCount] as Bucket;
  }

  /** One write at a time for each key. What changes during one goes into the next. */
  function write(bucket: Bucket): Promise<PlexAuthError | undefined> {
    bucket.next ??= bucket.last.then(() => {
      const written = access.write(store, bucket.key, () => {
        bucket.next = undefined;
        return JSON.stringify([...bucket.flows].flatMap((flow) => toRecord(flow) ?? []));
      });
      bucket.last = written;
      return written;
    });
    return bucket.next;
  }

  return {
    async read() {
      const found = await Promise.all(
        buckets.map(async ({ key }) => parseRecords(await access.read(store, key))),
      );
      return found.flat();
    },
    adopt(flow) {
      bucketOf(flow).flows.add(flow);
    },
    async keep(flow) {
      if (!store) return undefined;
      const bucket = bucketOf(flow);
      bucket.flows.add(flow);
      return write(bucket);
    },
    forget(flow) {
      if (!store) return;
      const bucket = bucketOf(flow);
      if (bucket.flows.delete(flow)) void write(bucket);
    },
    async flushed() {
      await Promise.all(buckets.map(({ next, last }) => next ?? last));
      await access.flushed();
    },
  };
}
