import { flushPromises } from './next-task.ts';
import { startRealLimit } from './real-limit.ts';

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

/** Gives a virtual time what can hold it. */
export function createTimeHolds(time: object): TimeHolds {
  /** Each with what says whether it has taken too long. */
  const held = new Map<TimeHold, () => boolean>();

  async function settle(): Promise<void> {
    do await flushPromises();
    while (removeNeedless() > 0);
  }

  function removeNeedless(): number {
    for (const [hold, isOver] of held) {
      const isTooLate = isOver();
      if (isTooLate) hold.onGivenUp();
      if (isTooLate || hold.needsTime()) held.delete(hold);
    }
    return held.size;
  }

  const holds: TimeHolds = {
    add(hold) {
      held.set(hold, startRealLimit(longestMs, mostTasks));
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
