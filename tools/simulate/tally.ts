/** Counts what happened, so that a reader sees that the interesting things did. */
export interface Tally {
  readonly counts: ReadonlyMap<string, number>;
  count(what: string, times?: number): void;
}

/** Makes an empty tally. */
export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    counts,
    count: (what, times = 1) => void counts.set(what, (counts.get(what) ?? 0) + times),
  };
}
