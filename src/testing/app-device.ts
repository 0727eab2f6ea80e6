import type { Clock } from '../ports.ts';

/** The machine on which a driven app runs: its clock can be wrong, and it can sleep. */
export interface AppDevice {
  /** The clock to give to the app's engine. The emulator has the true one. */
  readonly clock: Clock;
  /** Moves the time of day by `ms`, back if negative. Timers that are already set do not change. */
  setClockBy(ms: number): void;
  /** From now on no timer runs and no answer arrives, while time goes on. */
  sleep(): void;
  /** Ends one sleep. With the last, the timers that fell due meanwhile run, each in a task of its own. */
  wake(): void;
  /** Resolves as soon as the device is awake. */
  untilAwake(): Promise<void>;
}

/** Makes a device that lives in the time of `clock`. */
export function createAppDevice(clock: Clock): AppDevice {
  let offsetMs = 0;
  let sleeps = 0;
  let waking: Promise<void> | undefined;
  let endSleep = () => {};
  const overdue = new Map<unknown, () => void>();

  return {
    clock: {
      now: () => clock.now() + offsetMs,
      setTimeout(run, delayMs) {
        const timer = clock.setTimeout(() => (waking ? overdue.set(timer, run) : run()), delayMs);
        return timer;
      },
      clearTimeout(timer) {
        overdue.delete(timer);
        clock.clearTimeout(timer);
      },
    },
    setClockBy(ms) {
      offsetMs += ms;
    },
    sleep() {
      sleeps += 1;
      waking ??= new Promise((resolve) => {
        endSleep = resolve;
      });
    },
    wake() {
      sleeps -= 1;
      if (sleeps > 0) return;
      waking = undefined;
      endSleep();
      for (const [timer, run] of overdue) clock.setTimeout(() => overdue.delete(timer) && run(), 0);
    },
    untilAwake: async () => waking,
  };
}
