import type { Clock } from '../ports.ts';

/** A clock, and how many timers are set by it. */
export interface CountedClock extends Clock {
  readonly timers: number;
}

/** Makes a clock that counts the timers which are set by it alone. */
export function countTimers(clock: Clock): CountedClock {
  const timers = new Set<unknown>();
  return {
    now: () => clock.now(),
    setTimeout(run, delayMs) {
      const timer = clock.setTimeout(() => {
        timers.delete(timer);
        run();
      }, delayMs);
      timers.add(timer);
      return timer;
    },
    clearTimeout(timer) {
      timers.delete(timer);
      clock.clearTimeout(timer);
    },
    get timers() {
      return timers.size;
    },
  };
}
