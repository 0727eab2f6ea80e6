import { toDisposedError } from '../fleet/abort-errors.ts';
import { requireOption } from '../require-option.ts';
import type { Beat } from './fleet-database.ts';
import { untilRedisAgrees } from './until-redis-agrees.ts';

/** Whether the fleet in Redis fits the options of this process. */
export interface Readiness {
  /**
   * Resolves once Redis has answered, and it fits. Rejects with a `TypeError` if it does not, or came not to fit later; and
   * with `PLEX_STORE` if Redis could not be reached for so long. The next call waits again.
   */
  ready(): Promise<void>;
  /** As {@link Readiness.ready}, but waits for Redis for as long as it takes. */
  whenFit(): Promise<void>;
  /** Whether it has ever fitted. */
  readonly hasFitted: boolean;
  /** Compares it again. Where it fits no more, `onMisfit` is called. */
  isFit(beat: Beat): boolean;
}

/** What {@link createReadiness} needs. */
export interface ReadinessOptions {
  readonly shards: number;
  /** Aborted when the fleet is disposed of. */
  readonly signal: AbortSignal;
  /** How long `ready` waits for a Redis that cannot be reached, in milliseconds. */
  readonly mostAwayMs: number;
  ask(): Promise<Beat>;
  /** Why Redis cannot be reached, if it cannot. */
  awayError(): Error | undefined;
  /** Called once, when it fits for the first time. */
  onFit(): void;
  /** Redis lost its data, and a process with other options was there first. */
  onMisfit(error: Error): void;
}

/** Asks Redis whether it fits. */
export function createReadiness(options: ReadinessOptions): Readiness {
  const { shards, signal, mostAwayMs, ask, awayError, onFit, onMisfit } = options;
  let hasFitted = false;
  let whenFit = toState(Promise.race([begin(), untilDisposed(signal)]));

  async function begin(): Promise<void> {
    const beat = await untilRedisAgrees(ask, signal);
    if (signal.aborted) return;
    requireFit(beat);
    hasFitted = true;
    onFit();
  }

  function requireFit(beat: Beat): void {
    requireOption(beat.shards === shards, 'shards', `${beat.shards}, with which this prefix was made`);
  }

  return {
    ready: () => (hasFitted ? whenFit : unlessAway(whenFit, mostAwayMs, awayError)),
    whenFit: () => whenFit,
    get hasFitted() {
      return hasFitted;
    },
    isFit(beat) {
      try {
        requireFit(beat);
        return true;
      } catch (error) {
        whenFit = toState(Promise.reject(error));
        onMisfit(error as Error);
        return false;
      }
    },
  };
}

/** Waits for Redis, but not much longer than this while it cannot be reached. */
function unlessAway(
  whenFit: Promise<void>,
  mostAwayMs: number,
  awayError: () => Error | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setInterval(() => {
      const error = awayError();
      if (!error) return;
      clearInterval(timer);
      reject(error);
    }, mostAwayMs);
    whenFit.then(resolve, reject).finally(() => clearInterval(timer));
  });
}

/** Whoever calls a method is told of an error. */
function toState(ready: Promise<void>): Promise<void> {
  ready.catch(() => {});
  return ready;
}

/** Rejects when the fleet is disposed of: Redis may never be there. */
function untilDisposed(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.onabort = () => reject(toDisposedError());
  });
}
