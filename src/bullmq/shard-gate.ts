/** Lets the requests of one shard through as long as this process owns it. */
export interface ShardGate {
  /**
   * Asks whether a request may be sent now. Whoever sends it says when its answer is here.
   *
   * @param who Who asks. However often he does, he waits once.
   * @param resume Called where it may not, once it is worth asking again: the lease was renewed.
   */
  enter(who: unknown, resume: () => void): boolean;
  /** The answer to a request is here. */
  leave(): void;
  /** The lease was renewed: those who wait ask again. */
  reopen(): void;
  /** Lets no more through. Resolves once all answers are here. */
  drain(): Promise<void>;
  /** The shard is lost, or handed over: nobody is let through any more, and nobody waits. */
  close(): void;
}

/** @param isHeld Whether the lease is held at this moment, as far as this process knows. */
export function createShardGate(isHeld: () => boolean): ShardGate {
  let state: 'open' | 'draining' | 'closed' = 'open';
  let inFlight = 0;
  let onIdle = () => {};
  let draining: Promise<void> | undefined;
  const waiting = new Map<unknown, () => void>();

  return {
    enter(who, resume) {
      const isThrough = state === 'open' && isHeld();
      if (isThrough) inFlight++;
      else if (state !== 'closed') waiting.set(who, resume);
      return isThrough;
    },
    leave() {
      inFlight--;
      if (inFlight === 0) onIdle();
    },
    reopen() {
      if (state !== 'open' || !isHeld()) return;
      const resumed = [...waiting.values()];
      waiting.clear();
      for (const resume of resumed) resume();
    },
    drain() {
      if (state === 'open') state = 'draining';
      draining ??= new Promise((resolve) => {
        onIdle = resolve;
        if (inFlight === 0) resolve();
      });
      return draining;
    },
    close() {
      state = 'closed';
      onIdle();
      waiting.clear();
    },
  };
}
