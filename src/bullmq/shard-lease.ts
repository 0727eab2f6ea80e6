/** The lease of one shard: the lock of its job, renewed while this process lives. */
export interface ShardLease {
  /**
   * Whether the lease is held for certain. It counts from when the renewal was *sent*, by this machine's own time, so it is
   * over here before it is over in Redis: a process that was paused asks nothing before it has asked Redis.
   */
  isHeld(): boolean;
  /** Renews it now. @returns False if it is lost. */
  renew(): Promise<boolean>;
  /** Renews it from now on, until it is lost or stopped. */
  keep(): void;
  stop(): void;
}

/** What a lease needs. */
export interface ShardLeaseOptions {
  readonly leaseMs: number;
  /** This machine's own time, in milliseconds. Default: that of the platform. */
  readonly elapsed?: (() => number) | undefined;
  /** Extends the job's lock. @returns False if this process no longer has it. Rejects if Redis cannot be reached. */
  extend(): Promise<boolean>;
  onRenewed(): void;
  onLost(): void;
}

/** Makes the lease of a shard whose job this process has taken. */
export function createShardLease(options: ShardLeaseOptions): ShardLease {
  const { leaseMs, elapsed = createStopwatch(), extend, onRenewed, onLost } = options;
  let renewedAtMs = -Infinity;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function renew(): Promise<boolean> {
    const sentAtMs = elapsed();
    if (!(await extend())) return false;
    renewedAtMs = sentAtMs;
    return true;
  }

  async function keepOn(): Promise<void> {
    const isKept = await renew().catch(() => undefined);
    if (isOver) return;
    if (isKept === false) {
      isOver = true;
      onLost();
      return;
    }
    if (isKept) onRenewed();
    keep();
  }

  function keep(): void {
    timer = setTimeout(keepOn, leaseMs / 3);
  }

  return {
    isHeld: () => !isOver && elapsed() - renewedAtMs < leaseMs,
    renew,
    keep,
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** Time that passes, in milliseconds. One clock stands still while the machine sleeps, the other one can be set: the faster counts. */
function createStopwatch(): () => number {
  let [steadyMs, wallMs, passedMs] = [performance.now(), Date.now(), 0];
  return () => {
    const [nowSteadyMs, nowWallMs] = [performance.now(), Date.now()];
    passedMs += Math.max(nowSteadyMs - steadyMs, nowWallMs - wallMs);
    [steadyMs, wallMs] = [nowSteadyMs, nowWallMs];
    return passedMs;
  };
}
