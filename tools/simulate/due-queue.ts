/** Something that is due at a moment. */
export interface DueEntry {
  dueMs: number;
  /** Before (0), among (1) or after (2) what else is due at that moment. */
  readonly rank: 0 | 1 | 2;
}

/** What is due, in order: by moment, then by rank, then as it was added. */
export interface DueQueue<Entry extends DueEntry> {
  add(entry: Entry): void;
  remove(entry: Entry): boolean;
  takeFirst(): Entry | undefined;
  /** Changes entries in place. */
  change(apply: (entry: Entry) => void): void;
}

/** Makes a queue as a binary heap. */
export function createDueQueue<Entry extends DueEntry>(): DueQueue<Entry> {
  type Place = { entry: Entry; number: number };
  const heap: Place[] = [];
  /** Removed from the heap only once they are first. */
  const waiting = new Set<Entry>();
  let added = 0;

  const isBefore = ({ entry: one, number }: Place, { entry: other, number: otherNumber }: Place) => {
    if (one.dueMs !== other.dueMs) return one.dueMs < other.dueMs;
    return one.rank !== other.rank ? one.rank < other.rank : number < otherNumber;
  };

  function rise(from: number): void {
    const place = heap[from] as Place;
    let index = from;
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as Place;
      if (!isBefore(place, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = place;
  }

  function sink(from: number): void {
    const place = heap[from] as Place;
    let index = from;
    for (;;) {
      let below = 2 * index + 1;
      let child = heap[below];
      if (!child) break;
      const other = heap[below + 1];
      if (other && isBefore(other, child)) {
        child = other;
        below += 1;
      }
      if (!isBefore(child, place)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = place;
  }

  function takePlace(): Entry | undefined {
    const [first] = heap;
    const last = heap.pop();
    if (first && last && heap.length > 0) {
      heap[0] = last;
      sink(0);
    }
    return first?.entry;
  }

  return {
    add(entry) {
      waiting.add(entry);
      heap.push({ entry, number: added++ });
      rise(heap.length - 1);
    },
    remove: (entry) => waiting.delete(entry),
    takeFirst() {
      for (let first = takePlace(); first; first = takePlace()) if (waiting.delete(first)) return first;
      return undefined;
    },
    change(apply) {
      for (const entry of waiting) apply(entry);
      for (let index = (heap.length >> 1) - 1; index >= 0; index--) sink(index);
    },
  };
}
