import type { Clock } from '../ports.ts';

/** A few calls soon after one another. */
export interface Burst {
  /** Begins, anew if it runs. */
  start(): void;
  stop(): void;
}

/** Makes a burst that calls `run` at the given moments after its start, in milliseconds. */
export function createBurst(clock: Clock, momentsMs: readonly number[], run: () => void): Burst {
  const timers = new Set<unknown>();
  const stop = () => {
    for (const timer of timers) clock.clearTimeout(timer);
    timers.clear();
  };
  return {
    start() {
      stop();
      for (const momentMs of momentsMs) {
        const timer = clock.setTimeout(() => {
          timers.delete(timer);
          run();
        }, momentMs);
        timers.add(timer);
      }
    },
    stop,
  };
}
