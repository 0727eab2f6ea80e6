import { toDisposedError } from '../fleet/abort-errors.ts';
import type { PlexFleetEvent } from '../fleet/index.ts';
import { createFleetDatabase, type FleetDatabase } from './fleet-database.ts';
import { createFlowTexts, type FlowTexts } from './flow-text.ts';
import { createMembership } from './membership.ts';
import { createOwnedShard } from './owned-shard.ts';
import { createPoller, type Poller } from './poller.ts';
import { createReadiness } from './readiness.ts';
import { shardOf } from './shard-of.ts';
import { createShardWorker, type ShardWorker } from './shard-worker.ts';
import { createSharedEvents } from './shared-events.ts';
import type { SharedFleetSettings } from './shared-fleet-options.ts';
import { createSharedStarts, type SharedStarts } from './shared-starts.ts';
import { createTokenWriter, type TokenWriter } from './token-writer.ts';
import { createWakeUps } from './wake-ups.ts';
import { within } from './within.ts';

/** What one process's end of a shared fleet is made of. */
export interface SharedParts {
  readonly database: FleetDatabase;
  readonly texts: FlowTexts;
  readonly poller: Poller;
  /** Undefined in a process that does not ask Plex. */
  readonly worker: ShardWorker | undefined;
  readonly events: AsyncIterable<PlexFleetEvent>;
  readonly starts: SharedStarts;
  /**
   * Rejects with a `TypeError` if the fleet in Redis has another number of shards, also if it came to have it later; and with
   * `PLEX_STORE` if Redis could not be reached yet.
   */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** How long a token that is not in Redis yet is worth waiting for, in leases. */
const tokenLeases = 6;

/** Makes the parts, and connects them. */
export function createSharedParts(settings: SharedFleetSettings): SharedParts {
  const { clock, shards, leaseMs, polls } = settings;
  const database = createFleetDatabase(settings);
  const membership = createMembership({
    settings,
    database,
    onBeat: async (beat) => void (readiness.isFit(beat) && (await worker?.rebalance(beat.machines))),
  });
  const texts = createFlowTexts(membership.offsetMs);
  const tokens = createTokenWriter(database, texts);
  const poller = createShardsPoller(settings, tokens, () => worker);
  const wakeUps = createWakeUps(database, (shard) => worker?.sync(shard));
  const worker = polls
    ? createShardWorker({
        settings,
        database,
        createShard: (shard, onRefused) =>
          createOwnedShard({ shard, clock, database, texts, poller, tokens, onRefused }),
        onChange: (shard, isOwned) => wakeUps.listen(shard, isOwned),
      })
    : undefined;
  const watching = { database, texts, linksOf: poller.linksOf, wakeUps };
  const events = createSharedEvents(watching);
  const starts = createSharedStarts(watching);
  const ending = new AbortController();

  const readiness = createReadiness({
    shards,
    signal: ending.signal,
    mostAwayMs: leaseMs,
    ask: membership.begin,
    awayError: database.awayError,
    onFit() {
      worker?.begin();
      membership.keep();
      // The first connection is made already.
      database.redis.on('ready', () => worker?.reconcile());
    },
    onMisfit(error) {
      starts.end(error);
      events.end(error);
      leave().catch(() => {});
    },
  });

  let leaving: Promise<unknown> | undefined;
  function leave(): Promise<unknown> {
    leaving ??= Promise.all([membership.leave(), worker?.stop()]);
    return leaving;
  }

  return {
    database,
    texts,
    poller,
    worker,
    events: { [Symbol.asyncIterator]: () => onceReady(events, readiness.whenFit(), ending.signal) },
    starts,
    ready: readiness.ready,
    async stop() {
      ending.abort();
      starts.end(toDisposedError());
      events.end();
      const handingOver = leave();
      // A read in flight may bring a token. What is left to do is in Redis, and others do it if Redis is away.
      await worker?.drain();
      // Where Redis was never there, this process has nothing to hand over.
      await within(readiness.hasFitted ? leaseMs : 0, handingOver);
      await poller.close();
      await tokens.close(tokenLeases * leaseMs);
      wakeUps.close();
      await database.close(leaseMs);
    },
  };
}

/** Makes what asks for the flows of all shards that the worker has. */
function createShardsPoller(
  settings: SharedFleetSettings,
  tokens: TokenWriter,
  workerOf: () => ShardWorker | undefined,
): Poller {
  const { shards, connections } = settings;
  return createPoller({
    settings,
    mostInFlight: () => Math.max(1, Math.ceil((connections * (workerOf()?.owned.length ?? 0)) / shards)),
    gateOf: (clientIdentifier) => workerOf()?.gateOf(shardOf(clientIdentifier, shards)),
    onToken(stored, credentials) {
      if (!tokens.isWritten(credentials))
        tokens.write(shardOf(stored.clientIdentifier, shards), stored, credentials);
    },
  });
}

/** A fleet that is disposed of before it was ready has no event, and no error. */
async function* onceReady(
  events: AsyncIterable<PlexFleetEvent>,
  ready: Promise<void>,
  ending: AbortSignal,
): AsyncGenerator<PlexFleetEvent, undefined> {
  await ready.catch((error: unknown) => {
    if (!ending.aborted) throw error;
  });
  yield* events;
  return undefined;
}
