/**
 * Takes shards and keeps them. Each shard is one job of a BullMQ queue, its number is all that the job says; the job's lock is
 * the lease. A worker takes as many as its part of all, and gives some back when another machine joins.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Job, Queue, Worker } from 'bullmq';
import type { FleetDatabase } from './fleet-database.ts';
import type { OwnedShard } from './owned-shard.ts';
import type { ShardGate } from './shard-gate.ts';
import { createShardHolding, type ShardHolding } from './shard-holding.ts';
import type { SharedFleetSettings } from './shared-fleet-options.ts';

/** Keeps this machine's part of the shards. */
export interface ShardWorker {
  /** Takes shards from now on. */
  begin(): void;
  /** The numbers of the shards that it has. */
  readonly owned: readonly number[];
  gateOf(shard: number): ShardGate | undefined;
  /** Others asked for something in this shard. */
  sync(shard: number): void;
  /** The connection to Redis is back. */
  reconcile(): void;
  /** So many machines share the shards by now. Makes the jobs that are missing. */
  rebalance(machines: number): Promise<void>;
  /** Asks no more. Resolves once all answers are here. */
  drain(): Promise<void>;
  /** Hands all shards over. */
  stop(): Promise<void>;
}

/** What a worker needs. */
export interface ShardWorkerOptions {
  readonly settings: SharedFleetSettings;
  readonly database: FleetDatabase;
  createShard(shard: number, onRefused: () => void): OwnedShard;
  /** Called when this machine has another shard, or one less. */
  onChange(shard: number, isOwned: boolean): void;
}

/** Makes a worker that has no shard yet. */
export function createShardWorker(options: ShardWorkerOptions): ShardWorker {
  const { settings, database, createShard, onChange } = options;
  const { shards, leaseMs } = settings;
  const { queue, worker } = createBullMQ(settings, database);
  const holdings = new Map<number, ShardHolding>();
  let share = 0;
  let isStopped = false;
  let onShare = () => {};
  let running: Promise<void> | undefined;

  async function takeShards(): Promise<void> {
    await worker.startStalledCheckTimer();
    while (!isStopped) {
      if (holdings.size < share) await takeShard();
      else
        await new Promise<void>((resolve) => {
          onShare = resolve;
        });
    }
  }

  async function takeShard(): Promise<void> {
    const jobToken = crypto.randomUUID();
    const job: Job | undefined = await worker.getNextJob(jobToken).catch(() => delay(leaseMs / 10));
    if (!job) return;
    const { shard } = job.data as { shard: number };
    // Its lock ran out, and nobody else has taken it.
    await holdings.get(shard)?.lose();
    const holding = createShardHolding({
      job,
      jobToken,
      leaseMs,
      createShard: (onRefused) => createShard(shard, onRefused),
      onEnd() {
        holdings.delete(shard);
        onChange(shard, false);
        onShare();
      },
    });
    holdings.set(shard, holding);
    onChange(shard, true);
    const hasBegun = await holding.begin().catch(() => false);
    if (!hasBegun || isStopped) await holding.lose();
  }

  return {
    begin() {
      if (isStopped) return;
      running = takeShards();
    },
    get owned() {
      return [...holdings.keys()];
    },
    gateOf: (shard) => holdings.get(shard)?.gate,
    sync: (shard) => holdings.get(shard)?.owned.sync(),
    reconcile() {
      for (const { owned } of holdings.values()) void owned.reconcile().catch(() => {});
    },
    async rebalance(machines) {
      share = Math.ceil(shards / Math.max(1, machines));
      onShare();
      for (const holding of [...holdings.values()].slice(share)) void holding.handOver();
      await addMissingJobs(queue, shards);
    },
    drain: async () => void (await Promise.all([...holdings.values()].map(({ gate }) => gate.drain()))),
    async stop() {
      isStopped = true;
      onShare();
      await Promise.all([...holdings.values()].map((holding) => holding.handOver()));
      await worker.close(true);
      await running?.catch(() => {});
      await queue.close();
    },
  };
}

async function addMissingJobs(queue: Queue, shards: number): Promise<void> {
  const { wait = 0, active = 0 } = await queue.getJobCounts('wait', 'active');
  if (wait + active < shards) await queue.addBulk(Array.from({ length: shards }, toJob));
}

/** Adding a job that is there already changes nothing. */
function toJob(_: unknown, shard: number) {
  const opts = { jobId: `shard-${shard}`, removeOnComplete: true, removeOnFail: true };
  return { name: 'shard', data: { shard }, opts };
}

function createBullMQ({ prefix, leaseMs }: SharedFleetSettings, { redis }: FleetDatabase) {
  const queue = new Queue('shards', { connection: redis, prefix });
  const worker = new Worker('shards', null, {
    connection: redis,
    prefix,
    autorun: false,
    lockDuration: leaseMs,
    stalledInterval: leaseMs / 2,
    // A shard is never given up, however many machines died with it.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    drainDelay: Math.min(5, leaseMs / 2000),
  });
  // Both connect again by themselves; a lease that could not be renewed is noticed here.
  queue.on('error', () => {});
  worker.on('error', () => {});
  return { queue, worker };
}
