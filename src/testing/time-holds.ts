import { flushPromises } from './next-task.ts';

/** Something in real time, for which a virtual time stands still. */
export interface TimeHold {
  readonly outcome: PromiseLike<unknown>;
  /** Whether it turns out to need the virtual time, which then moves on. */
  needsTime(): boolean;
  /** It has taken longer than a second of real time: the virtual time moves on without it. */
  onGivenUp(): void;
}

/** What one virtual time stands still for. */
export interface TimeHolds {
  add(hold: TimeHold): void;
  /** Resolves once nothing holds the time any more, and no promise is left that can settle. */
  settle(): Promise<void>;
}

const holdsOf = new WeakMap<object, TimeHolds>();

/** How long a hold lasts, in milliseconds; and in tasks, where a test has stopped that clock too. */
const [longestMs, mostTasks] = [1000, 100_000];
const { now: realNow } = Date;

/** Gives a virtual time what can hold it. */
export function createTimeHolds(time: object): TimeHolds {
  const held = new Set<TimeHold>();
  // What has kept one hold from its end would keep the next one too.
  let isPatient = true;

  async function settle(): Promise<void> {
    await flushPromises();
    const startMs = realNow();
    for (let tasks = 0; removeNeedless() > 0 && isPatient; tasks++) {
      await flushPromises();
      const tookMs = realNow() - startMs;
      isPatient = tookMs < longestMs && (tookMs > 0 || tasks < mostTasks);
    }
    for (const hold of held) hold.onGivenUp();
    held.clear();
  }

  function removeNeedless(): number {
    for (const hold of held) if (hold.needsTime()) held.delete(hold);
    return held.size;
  }

  const holds: TimeHolds = {
    add(hold) {
      held.add(hold);
      const end = () => void held.delete(hold);
      hold.outcome.then(end, end);
    },
    settle,
  };
  holdsOf.set(time, holds);
  return holds;
}

/** Lets a virtual time stand still for something. It does nothing to a time that was made elsewhere. */
export function holdTime(time: object, hold: TimeHold): void {
  holdsOf.get(time)?.add(hold);
}
