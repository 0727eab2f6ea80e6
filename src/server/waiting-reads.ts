/** Somebody who waits for a turn. */
interface WaitingRead {
  readonly isHinted: boolean;
  readonly id: string;
}

/** Those who wait for a turn, by who is next. Thousands may wait: neither a look nor a change goes through all. */
export interface WaitingReads<Read extends WaitingRead> {
  add(read: Read): void;
  remove(read: Read): void;
  /** The hinted one that came first. */
  firstHinted(): Read | undefined;
  /** The silent one whose id follows, or the one with the first id of all. */
  silentAfter(id: string): Read | undefined;
}

/** Makes an empty {@link WaitingReads}. */
export function createWaitingReads<Read extends WaitingRead>(): WaitingReads<Read> {
  const hinted = new Set<Read>();
  /** In the order of their ids. */
  const silent: Read[] = [];

  /** Where the first one stands whose id is not before this one, or, with `isAfter`, is after it. */
  function findPlace(id: string, isAfter: boolean): number {
    let low = 0;
    let high = silent.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = silent[middle]?.id ?? '';
      if (isAfter ? found <= id : found < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    add(read) {
      if (read.isHinted) hinted.add(read);
      else silent.splice(findPlace(read.id, true), 0, read);
    },
    remove(read) {
      if (read.isHinted) {
        hinted.delete(read);
        return;
      }
      const place = silent.indexOf(read, findPlace(read.id, false));
      if (place >= 0) silent.splice(place, 1);
    },
    firstHinted: () => hinted.values().next().value,
    silentAfter: (id) => silent[findPlace(id, true)] ?? silent[0],
  };
}
