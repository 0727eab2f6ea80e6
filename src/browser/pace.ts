import type { Clock } from '../ports.ts';

/** Runs something at most once in a while, however often it is wanted. */
export interface Pace {
  /** Runs it now, or once the pause since the last time is over. */
  run(): void;
  /** Runs it no more. */
  stop(): void;
}

/** Makes a {@link Pace} for an action. @param pauseMs The pause after each time that it ran, in milliseconds. */
export function createPace(clock: Clock, pauseMs: number, action: () => void): Pace {
  let pause: unknown;
  let isWanted = false;
  let isStopped = false;
  function run(): void {
    isWanted = true;
    if (isStopped || pause !== undefined) return;
    isWanted = false;
    action();
    pause = clock.setTimeout(() => {
      pause = undefined;
      if (isWanted) run();
    }, pauseMs);
  }
  return {
    run,
    stop() {
      isStopped = true;
      clock.clearTimeout(pause);
    },
  };
}
