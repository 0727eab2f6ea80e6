/** `taken`; `busy` where another tab holds it; `missing` where the browser has no locks for this page. */
type LockAnswer = 'taken' | 'busy' | 'missing';

/** The lock of the one tab that runs the sign-in. */
export interface LeadLock {
  readonly isHeld: boolean;
  /** @param options.steal Whether to take the lock from the tab that holds it. */
  acquire(options: { steal: boolean }): Promise<LockAnswer>;
  /** Releases the lock. One that is about to be acquired is given back. */
  release(): void;
}

/**
 * Makes the lock by Web Locks, which a page on plain http does not have.
 *
 * @param onStolen Called when another tab has taken the lock.
 */
export function createLeadLock(page: Window | undefined, name: string, onStolen: () => void): LeadLock {
  const locks: LockManager | undefined = page?.navigator.locks;
  let releaseHeld: (() => void) | undefined;
  /** Counts the requests. A lock that arrives for an earlier request is given back. */
  let lastRequest = 0;

  return {
    get isHeld() {
      return releaseHeld !== undefined;
    },
    acquire({ steal }) {
      if (!locks) return Promise.resolve('missing');
      const request = ++lastRequest;
      return new Promise((resolve) => {
        const hold = (lock: Lock | null) => {
          resolve(lock && request === lastRequest ? 'taken' : 'busy');
          if (!lock || request !== lastRequest) return;
          return new Promise<void>((done) => {
            releaseHeld = done;
          });
        };
        locks.request(name, steal ? { steal } : { ifAvailable: true }, hold).catch(() => {
          // Refused from the start, as in a sandboxed frame, or stolen later.
          resolve('missing');
          if (request !== lastRequest || !releaseHeld) return;
          releaseHeld = undefined;
          onStolen();
        });
      });
    },
    release() {
      lastRequest += 1;
      releaseHeld?.();
      releaseHeld = undefined;
    },
  };
}
