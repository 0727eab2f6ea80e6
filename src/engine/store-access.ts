import { type PlexAuthError, toPlexAuthError } from '../errors.ts';
import type { Clock, KeyValueStore } from '../ports.ts';
import type { Life } from './life.ts';
import { startLimit } from './start-limit.ts';

/** How a write ended: with nothing, or with an error. Never rejects. */
export type WriteOutcome = Promise<PlexAuthError | undefined>;

/** Reads and writes the caller's stores. Each access has a time limit; the writes to one store run one after another. */
export interface StoreAccess {
  /** @throws {PlexAuthError} `PLEX_STORE`, also where the store does not answer in time. */
  read(from: KeyValueStore | undefined, key: string): Promise<unknown>;
  /**
   * @param toValue Called when the write's turn has come.
   * @param isFree Decides by what is stored then whether to write. Default: whatever it is.
   */
  write(
    to: KeyValueStore | undefined,
    key: string,
    toValue: () => string,
    isFree?: (stored: unknown) => boolean,
  ): WriteOutcome;
  /** @param isUnwanted Decides by what is stored when the turn has come. Default: whatever it is. */
  remove(
    from: KeyValueStore | undefined,
    key: string,
    isUnwanted?: (stored: unknown) => boolean,
  ): WriteOutcome;
  /** Resolves once every write so far has ended, or the time limit of one has passed. */
  flushed(): Promise<void>;
}

/** What {@link createStoreAccess} needs. */
export interface StoreAccessOptions {
  clock: Clock;
  /** How long a store may take to answer, in milliseconds. */
  timeoutMs: number;
  /** Once it is over, nobody waits for a read any more. Writes still end. */
  life?: Life | undefined;
  /** Called with the error of a write that failed. */
  onError: (error: PlexAuthError) => void;
}

/** The writes to one store. */
interface WriteQueue {
  /** Ends with the last write. */
  last: Promise<unknown>;
  /** The last write to each key. */
  readonly newest: Map<string, Write>;
}

/** Writes. @returns The text that it wrote, and undefined if it removed one or wrote nothing. */
type Write = (to: KeyValueStore) => Promise<string | undefined>;

/** Makes the access of one engine to its stores. */
export function createStoreAccess(options: StoreAccessOptions): StoreAccess {
  return new QueuedAccess(options);
}

/** A class, so that an engine without stores carries nothing of it but an object. */
class QueuedAccess implements StoreAccess {
  readonly #options: StoreAccessOptions;
  #queues: Map<KeyValueStore, WriteQueue> | undefined;

  constructor({ clock, timeoutMs, life, onError }: StoreAccessOptions) {
    this.#options = { clock, timeoutMs, life, onError };
  }

  async read(from: KeyValueStore | undefined, key: string): Promise<unknown> {
    return from && this.#use(`read ${key}`, () => from.getItem(key), this.#options.life?.signal);
  }

  write(
    to: KeyValueStore | undefined,
    key: string,
    toValue: () => string,
    isFree?: (stored: unknown) => boolean,
  ): WriteOutcome {
    return this.#enqueue(to, key, 'write', async (store) => {
      if (isFree) return changeItem(store, key, (stored) => (isFree(stored) ? toValue() : undefined), true);
      const value = toValue();
      await store.setItem(key, value);
      return value;
    });
  }

  remove(
    from: KeyValueStore | undefined,
    key: string,
    isUnwanted?: (stored: unknown) => boolean,
  ): WriteOutcome {
    return this.#enqueue(from, key, 'remove', async (store) => {
      if (isUnwanted) await changeItem(store, key, (stored) => (isUnwanted(stored) ? null : undefined));
      else await store.removeItem(key);
      return undefined;
    });
  }

  async flushed(): Promise<void> {
    if (!this.#queues) return;
    const { clock, timeoutMs } = this.#options;
    const limit = startLimit(clock, timeoutMs);
    const written = Promise.all([...this.#queues.values()].map(({ last }) => last));
    await Promise.race([written, limit.passed]).catch(() => {});
    limit.stop();
  }

  /** Runs one access within the time limit. @throws {PlexAuthError} `PLEX_STORE`. */
  async #use<T>(what: string, work: () => T, until?: AbortSignal): Promise<Awaited<T>> {
    const { clock, timeoutMs } = this.#options;
    const limit = startLimit(clock, timeoutMs, until);
    try {
      return await Promise.race([work(), limit.passed]);
    } catch (error) {
      throw toPlexAuthError('PLEX_STORE', `The store failed to ${what}`, error, clock.now());
    } finally {
      limit.stop();
    }
  }

  /**
   * Puts a write at the end of its store's queue. One that has not ended in time no longer holds up the others; when it ends
   * after all, the newest write to its key is repeated, unless something else is stored there by then.
   */
  #enqueue(
    store: KeyValueStore | undefined,
    key: string,
    verb: string,
    work: Write,
    /** What `work` repeats. A repetition that is late is not repeated again. */
    repeated = work,
  ): WriteOutcome {
    if (!store) return Promise.resolve(undefined);
    this.#queues ??= new Map();
    const queue = this.#queues.get(store) ?? { last: Promise.resolve(), newest: new Map<string, Write>() };
    this.#queues.set(store, queue);
    queue.newest.set(key, repeated);
    let isLate = false;
    const repeatNewest = (written?: string) => {
      const newest = queue.newest.get(key);
      if (!isLate || !newest || newest === repeated) return;
      const isOurs = (stored: unknown) => toText(stored ?? '') === (written ?? '');
      const repeat = async () => (isOurs(await store.getItem(key)) ? newest(store) : undefined);
      void this.#enqueue(store, key, verb, repeat, newest);
    };
    const outcome = queue.last
      .then(() =>
        this.#use(`${verb} ${key}`, () => {
          const writing = work(store);
          writing.then(repeatNewest, () => repeatNewest());
          return writing;
        }),
      )
      .then(
        () => undefined,
        (error: PlexAuthError) => {
          isLate = true;
          this.#options.onError(error);
          return error;
        },
      );
    queue.last = outcome;
    return outcome;
  }
}

/** What was stored, as it was written: a store may give it back parsed. */
export function toText(stored: unknown): string {
  return typeof stored === 'string' ? stored : JSON.stringify(stored);
}

/**
 * Changes what is stored, by what is stored: in one step where the store can do that, or answers at once.
 *
 * @param isOverwritable Whether what cannot be read counts as nothing. Default false: it is an error.
 * @returns The text that was written.
 */
async function changeItem(
  store: KeyValueStore,
  key: string,
  toNext: (stored: unknown) => string | null | undefined,
  isOverwritable = false,
): Promise<string | undefined> {
  let next: string | null | undefined;
  const decide = (stored: unknown) => {
    next = toNext(stored);
    return next;
  };
  if (store.changeItem) await store.changeItem(key, decide);
  else {
    let stored: unknown;
    try {
      stored = store.getItem(key);
      // Not where it is no promise: other programs could write meanwhile.
      if (isPromise(stored)) stored = await stored;
    } catch (error) {
      if (!isOverwritable) throw error;
    }
    const wanted = decide(stored);
    if (typeof wanted === 'string') await store.setItem(key, wanted);
    else if (wanted === null) await store.removeItem(key);
  }
  return next ?? undefined;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as Partial<PromiseLike<unknown>> | undefined)?.then === 'function';
}
