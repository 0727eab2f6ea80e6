import type { Entry } from './history-entry.ts';

/** The latest entries of a history. */
export interface EntryList {
  /** Oldest first. */
  readonly entries: readonly Entry[];
  /** How many older ones were dropped. */
  readonly dropped: number;
  /** The index of the entry that is added next. */
  readonly nextIndex: number;
  add<Kind extends Entry>(entry: Kind): Kind;
}

/** @param capacity How many entries are kept. The oldest are dropped first, a tenth at a time. */
export function createEntryList(capacity: number): EntryList {
  let entries: Entry[] = [];
  let dropped = 0;
  return {
    get entries() {
      return entries;
    },
    get dropped() {
      return dropped;
    },
    get nextIndex() {
      return dropped + entries.length;
    },
    add(entry) {
      entries.push(entry);
      if (entries.length > capacity * 1.1) {
        dropped += entries.length - capacity;
        entries = entries.slice(-capacity);
      }
      return entry;
    },
  };
}
