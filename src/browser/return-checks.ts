import type { PlexAuth } from '../engine/plex-auth.ts';
import type { Clock } from '../ports.ts';

/** When the user is back, the token can lag: Plex is asked again at these moments, in milliseconds. */
const momentsMs = [400, 1000, 2000, 3500];

/** Calls `run` at a few moments after a start. */
export interface Burst {
  /** Starts, or starts again. */
  start(): void;
  stop(): void;
}

/** Makes a {@link Burst} for the given moments, in milliseconds after its start. */
export function createBurst(clock: Clock, moments: readonly number[], run: () => void): Burst {
  const timers = new Set<unknown>();
  const stop = () => {
    for (const timer of timers) clock.clearTimeout(timer);
    timers.clear();
  };
  return {
    start() {
      stop();
      for (const momentMs of moments) {
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

/** The reads for a user who has probably just approved. */
export interface ReturnChecks extends Burst {
  /** Asks now, and at a few moments soon. Does nothing before there is a code. */
  checkNow(): void;
}

/** Makes the reads of one engine for a user who comes back. */
export function createReturnChecks(auth: PlexAuth, clock: Clock): ReturnChecks {
  const burst = createBurst(clock, momentsMs, auth.check);
  return {
    ...burst,
    checkNow() {
      if (!auth.getSnapshot().code) return;
      auth.check();
      burst.start();
    },
  };
}
