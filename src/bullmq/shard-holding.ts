import type { Job } from 'bullmq';
import type { OwnedShard } from './owned-shard.ts';
import { createShardGate, type ShardGate } from './shard-gate.ts';
import { createShardLease } from './shard-lease.ts';
import { untilRedisAgrees } from './until-redis-agrees.ts';
import { within } from './within.ts';

/** A shard whose job this machine has taken. */
export interface ShardHolding {
  readonly gate: ShardGate;
  readonly owned: OwnedShard;
  /** Becomes the shard's owner, and stays it. @returns False if the job was lost before. */
  begin(): Promise<boolean>;
  /** Ends it: another machine has it, or will have it. */
  lose(): Promise<void>;
  /** Ends it once the answers to what was asked are here. */
  handOver(): Promise<void>;
}

/** What a holding needs. */
export interface ShardHoldingOptions {
  readonly job: Job;
  readonly jobToken: string;
  readonly leaseMs: number;
  createShard(onRefused: () => void): OwnedShard;
  onEnd(): void;
}

/** Makes a holding that has not begun. */
export function createShardHolding(options: ShardHoldingOptions): ShardHolding {
  const { job, jobToken, leaseMs, createShard, onEnd } = options;
  const lease = createShardLease({
    leaseMs,
    extend: async () => (await job.extendLock(jobToken, leaseMs)) === 1,
    onRenewed() {
      gate.reopen();
      owned.sync();
    },
    onLost: () => void lose(),
  });
  const gate = createShardGate(lease.isHeld);
  const owned = createShard(() => void lose());
  const over = new AbortController();
  let ending: Promise<void> | undefined;

  /** Keeps the job meanwhile: given back, it would be the next one that anybody takes. */
  async function acquireLater(): Promise<void> {
    await untilRedisAgrees(owned.acquire, over.signal, () => !over.signal.aborted).catch(() => {});
  }

  function lose(): Promise<void> {
    ending ??= end().catch(() => {});
    return ending;
  }

  async function end(): Promise<void> {
    over.abort();
    try {
      const ended = owned.end();
      gate.close();
      await ended;
      // Fails where the lock is lost. If only the fence was, nobody else would take the job.
      await job.moveToWait(jobToken).catch(() => {});
    } finally {
      lease.stop();
      onEnd();
    }
  }

  return {
    gate,
    owned,
    async begin() {
      if (!(await lease.renew())) return false;
      lease.keep();
      // The other shards do not wait for one that Redis refuses.
      await owned.acquire().catch(() => void acquireLater());
      return true;
    },
    lose,
    handOver() {
      ending ??= gate
        .drain()
        .then(end)
        .catch(() => {});
      const handedOver = ending;
      // Without Redis it never ends, and nobody renews a lease for that.
      return gate
        .drain()
        .then(() => within(leaseMs, handedOver))
        .then(lease.stop);
    },
  };
}
