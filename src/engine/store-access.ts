import { type PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Clock, KeyValueStore } from '../ports.ts';

/** Reads and writes the caller's stores: reads with a time limit, writes one after another. */
export interface StoreAccess {
  /** @throws {PlexAuthError} `PLEX_STORE`, also where the store does not answer in time. */
  read(from: KeyValueStore | undefined, key: string): Promise<unknown>;
  /** @param toValue Called when the write's turn has come. */
  write(
    to: KeyValueStore | undefined,
    key: string,
    toValue: () => string,
  ): Promise<PlexAuthError | undefined>;
  remove(from: KeyValueStore | undefined, key: string): Promise<PlexAuthError | undefined>;
  /** Resolves once every write so far has ended. */
  flushed(): Promise<void>;
}

/** What {@link createStoreAccess} needs. */
export interface StoreAccessOptions {
  clock: Clock;
  /** How long a store may take to answer a read, in milliseconds. */
  timeoutMs: number;
  /** Once aborted, no time limit runs any more. */
  signal?: AbortSignal | undefined;
  /** Called with the error of a write that failed. */
  onError: (error: PlexAuthError) => void;
}

/** Makes the one queue of writes, and reads that end. */
export function createStoreAccess({ clock, timeoutMs, signal, onError }: StoreAccessOptions): StoreAccess {
  let lastWrite: Promise<unknown> = Promise.resolve();

  async function use<T>(what: string, work: () => T): Promise<Awaited<T>> {
    try {
      return await work();
    } catch (error) {
      throw toPlexAuthError('PLEX_STORE', `The store failed to ${what}`, error, clock.now());
    }
  }

  function enqueue(what: string, work: () => unknown): Promise<PlexAuthError | undefined> {
    const outcome = lastWrite
      .then(() => use(what, work))
      .then(
        () => undefined,
        (error: PlexAuthError) => {
          onError(error);
          return error;
        },
      );
    lastWrite = outcome;
    return outcome;
  }

  /** Rejects after the time limit, or when the engine ends. */
  function startLimit(): { passed: Promise<never>; stop: () => void } {
    let stop = () => {};
    const passed = new Promise<never>((_, reject) => {
      // After the end of the engine nobody waits for a store.
      if (signal?.aborted) return reject(signal.reason);
      const timer = clock.setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      stop = () => {
        clock.clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        stop();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort);
    });
    // A store that throws at once leaves nobody who waits for it.
    passed.catch(() => {});
    return { passed, stop };
  }

  return {
    read(from, key) {
      const limit = startLimit();
      return use(`read ${key}`, () => Promise.race([from?.getItem(key), limit.passed])).finally(limit.stop);
    },
    write: (to, key, toValue) => enqueue(`write ${key}`, () => to?.setItem(key, toValue())),
    remove: (from, key) => enqueue(`remove ${key}`, () => from?.removeItem(key)),
    flushed: async () => void (await lastWrite),
  };
}
