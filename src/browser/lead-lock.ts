/** `taken`; `busy` where another tab holds it; `missing` where the browser has no locks for this page. */
type LockAnswer = 'taken' | 'busy' | 'missing';

/** The lock of the one tab that runs the flow. */
export interface LeadLock {
  readonly isHeld: boolean;
  take(how: 'if it is free' | 'from whoever has it'): Promise<LockAnswer>;
  /** Lets it go, also where it is only about to be taken. */
  letGo(): void;
}

/**
 * Makes the lock by Web Locks, which a page on plain http does not have.
 *
 * @param onLost Another tab has taken it.
 */
export function createLeadLock(page: Window | undefined, name: string, onLost: () => void): LeadLock {
  const locks: LockManager | undefined = page?.navigator.locks;
  let release: (() => void) | undefined;
  /** Counts what was asked for; a lock that comes for an earlier wish is given back. */
  let wish = 0;

  return {
    get isHeld() {
      return release !== undefined;
    },
    take(how) {
      if (!locks) return Promise.resolve('missing');
      const own = ++wish;
      const options = how === 'if it is free' ? { ifAvailable: true } : { steal: true };
      return new Promise((resolve) => {
        const hold = (lock: Lock | null) => {
          resolve(lock && own === wish ? 'taken' : 'busy');
          if (!lock || own !== wish) return;
          return new Promise<void>((done) => {
            release = done;
          });
        };
        locks.request(name, options, hold).catch(() => {
          // Refused from the start, as in a sandboxed frame, or stolen later.
          resolve('missing');
          if (own !== wish || !release) return;
          release = undefined;
          onLost();
        });
      });
    },
    letGo() {
      wish += 1;
      release?.();
      release = undefined;
    },
  };
}
