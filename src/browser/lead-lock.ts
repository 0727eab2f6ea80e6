import type { Clock } from '../ports.ts';

/** How long the browser may take to answer, in milliseconds. */
const answerTimeoutMs = 1000;

/** `taken`; `busy` where another tab holds it; `missing` where the browser has no locks for this page, or does not answer. */
type LockAnswer = 'taken' | 'busy' | 'missing';

/** The lock of the one tab that runs the sign-in. */
export interface LeadLock {
  readonly isHeld: boolean;
  /** @param options.steal Whether to take the lock from the tab that holds it. */
  acquire(options: { steal: boolean }): Promise<LockAnswer>;
  /** Releases the lock. One that is about to be acquired is given back. */
  release(): void;
}

/** What {@link createLeadLock} needs. */
export interface LeadLockOptions {
  page: Window | undefined;
  name: string;
  clock: Clock;
  /** Called when another tab has taken the lock. */
  onStolen: () => void;
}

/** Makes the lock by Web Locks, which a page on plain http does not have. */
export function createLeadLock({ page, name, clock, onStolen }: LeadLockOptions): LeadLock {
  let releaseHeld: (() => void) | undefined;
  /** Ends the one request that has no answer yet. A lock that arrives for an ended request is given back. */
  let endRequest: ((answer: LockAnswer) => void) | undefined;

  function acquire({ steal }: { steal: boolean }): Promise<LockAnswer> {
    endRequest?.('busy');
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => end('missing'), answerTimeoutMs);
      const end = (answer: LockAnswer) => {
        if (endRequest !== end) return;
        endRequest = undefined;
        clock.clearTimeout(timer);
        resolve(answer);
      };
      endRequest = end;
      let release: (() => void) | undefined;
      const hold = (lock: Lock | null) => {
        const isWanted = lock && endRequest === end;
        end(isWanted ? 'taken' : 'busy');
        if (!isWanted) return;
        return new Promise<void>((done) => {
          releaseHeld = release = done;
        });
      };
      requestLock(page, name, steal ? { steal } : { ifAvailable: true }, hold).catch((error: unknown) => {
        // Refused from the start, as in a sandboxed frame, or lost later.
        end('missing');
        if (!release || releaseHeld !== release) return;
        releaseHeld = undefined;
        release();
        // Another error means that the locks have failed. No other tab has it: this one goes on, as without locks.
        if ((error as { name?: unknown } | undefined)?.name === 'AbortError') onStolen();
      });
    });
  }

  return {
    get isHeld() {
      return releaseHeld !== undefined;
    },
    acquire,
    release() {
      endRequest?.('busy');
      releaseHeld?.();
      releaseHeld = undefined;
    },
  };
}

/** Some browsers have no locks, and some throw where others reject. */
async function requestLock(
  page: Window | undefined,
  name: string,
  options: LockOptions,
  hold: (lock: Lock | null) => Promise<void> | undefined,
): Promise<void> {
  const locks: LockManager | undefined = page?.navigator.locks;
  if (!locks) throw new Error('no locks');
  await locks.request(name, options, hold);
}
