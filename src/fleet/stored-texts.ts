import { startLimit } from '../engine/start-limit.ts';
import { createStoreAccess, type WriteOutcome } from '../engine/store-access.ts';
import type { Clock, KeyValueStore } from '../ports.ts';

/** What stands under one key of a store. */
export interface StoredText {
  read(): Promise<unknown>;
  /** Writes it as it is by the time of the write: what changes during one write goes into the next. */
  write(): WriteOutcome;
}

/** Texts in a store, each under its key. */
export interface StoredTexts {
  /** @param toText Makes what is to be written. */
  add(key: string, toText: () => string): StoredText;
  /**
   * Writes once more what could not be written, and repeats nothing later. Resolves once all writes have ended, or after
   * twice the time limit of one.
   */
  flushed(): Promise<void>;
}

/** What {@link createStoredTexts} needs. */
export interface StoredTextsOptions {
  readonly store: KeyValueStore | undefined;
  readonly clock: Clock;
  /** How long the store may take to answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** The writes of one text. */
interface Writes {
  /** The write that takes all that has changed since the last one began. */
  next: WriteOutcome | undefined;
  last: WriteOutcome;
  write(): WriteOutcome;
  /** How long the next pause after a failed write is; 0 if the last write succeeded. */
  pauseMs: number;
  timer: unknown;
}

/** How long to wait after the first failed write, in milliseconds, and at most. Each pause is twice as long as the one before. */
const [firstPauseMs, mostPauseMs] = [1000, 60_000];

/** Makes texts in a store. A write that failed is repeated: a token stands nowhere else. */
export function createStoredTexts({ store, clock, timeoutMs }: StoredTextsOptions): StoredTexts {
  const access = createStoreAccess({ clock, timeoutMs, onError: () => {} });
  const all: Writes[] = [];
  let isEnding = false;

  function noteEnd(writes: Writes, hasFailed: boolean): void {
    clock.clearTimeout(writes.timer);
    writes.pauseMs = hasFailed ? Math.min(2 * writes.pauseMs || firstPauseMs, mostPauseMs) : 0;
    if (hasFailed && !isEnding) writes.timer = clock.setTimeout(writes.write, writes.pauseMs);
  }

  return {
    add(key, toText) {
      const writes: Writes = {
        next: undefined,
        last: Promise.resolve(undefined),
        write() {
          writes.next ??= writes.last.then(async () => {
            const written = access.write(store, key, () => {
              writes.next = undefined;
              return toText();
            });
            writes.last = written;
            const error = await written;
            noteEnd(writes, error !== undefined);
            return error;
          });
          return writes.next;
        },
        pauseMs: 0,
        timer: undefined,
      };
      all.push(writes);
      return { read: () => access.read(store, key), write: writes.write };
    },
    async flushed() {
      isEnding = true;
      for (const { timer, pauseMs, write } of all) {
        clock.clearTimeout(timer);
        if (pauseMs > 0) void write();
      }
      const written = Promise.all(all.map(({ next, last }) => next ?? last));
      const limit = startLimit(clock, 2 * timeoutMs);
      await Promise.race([written, limit.passed]).catch(() => {});
      limit.stop();
    },
  };
}
