import { type Clock, systemClock } from './ports.ts';

/** A timer of the platform, which stands in for one that the caller's clock did not start. */
class StandInTimer {
  readonly timer: unknown;
  constructor(timer: unknown) {
    this.timer = timer;
  }
}

/**
 * Contains a clock, as listeners are. Where its `now` throws or gives no number, its last answer counts, and the platform's
 * before there is one. Where its `setTimeout` throws, the platform's timer runs instead: a sign-in that waits must wake.
 */
export function toContainedClock(clock: Clock): Clock {
  let lastMs: number | undefined;
  return {
    now() {
      const nowMs = callOr(() => clock.now(), undefined);
      if (Number.isFinite(nowMs)) lastMs = nowMs;
      return lastMs ?? systemClock.now();
    },
    setTimeout: (run, delayMs) =>
      callOr(
        () => clock.setTimeout(run, delayMs),
        () => new StandInTimer(systemClock.setTimeout(run, delayMs)),
      ),
    clearTimeout(timer) {
      if (timer instanceof StandInTimer) systemClock.clearTimeout(timer.timer);
      else callOr(() => clock.clearTimeout(timer), undefined);
    },
  };
}

function callOr<T>(call: () => T, otherwise: (() => T) | undefined): T | undefined {
  try {
    return call();
  } catch {
    return otherwise?.();
  }
}
