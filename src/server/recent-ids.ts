import type { Clock } from '../ports.ts';

/** Remembers ids for a while. */
export interface RecentIDs {
  add(id: string): void;
  has(id: string): boolean;
}

/** Makes a memory of ids. @param lifeMs How long each is remembered, in milliseconds. */
export function createRecentIDs(clock: Clock, lifeMs: number): RecentIDs {
  /** When each is forgotten, the next one first. */
  const ends = new Map<string, number>();

  function forget(): void {
    const nowMs = clock.now();
    for (const [id, endMs] of ends) {
      if (endMs > nowMs) return;
      ends.delete(id);
    }
  }

  return {
    add(id) {
      forget();
      ends.delete(id);
      ends.set(id, clock.now() + lifeMs);
    },
    has: (id) => (ends.get(id) ?? Number.NEGATIVE_INFINITY) > clock.now(),
  };
}
