import type { Clock } from '../../src/index.ts';
import { createDueQueue, type DueEntry } from './due-queue.ts';
import type { Plan } from './plan.ts';

/** Who waits: the engine, the network on its way to the machine, something that runs on the machine, or the world. */
type Waiter = 'engine' | 'delivery' | 'app' | 'world';

interface Entry extends DueEntry {
  readonly waiter: Waiter;
  readonly run: () => void;
}

/** One queue for all that happens in a world, with a machine in it that can sleep and be set. */
export interface SimulatedTime {
  /** True time, in milliseconds since the epoch. */
  readonly nowMs: number;
  /** How long the machine has been awake, which is what its timers count. */
  readonly awakeMs: number;
  readonly timers: number;
  readonly isAsleep: boolean;
  /** The world's clock. */
  readonly clock: Clock;
  /** The machine's clock. */
  readonly machineClock: Clock;
  /** @returns Takes it back. */
  at(dueMs: number, waiter: Waiter, run: () => void, rank?: 0 | 1 | 2): () => void;
  jump(ms: number): void;
  /** Sends the machine to sleep once what runs at this moment has run. */
  sleep(ms: number, timers: 'frozen' | 'due'): void;
  /** Runs what is due next. @returns Whether there was anything. */
  step(): boolean;
}

/** The first moment of every world. */
export const startMs = Date.UTC(2026, 0, 1);

/** Makes a world's time. Not `createVirtualTime`: a machine that sleeps defers its own timers while the world goes on. */
export function createSimulatedTime(): SimulatedTime {
  const queue = createDueQueue<Entry>();
  let timers = 0;
  let nowMs = startMs;
  let shiftMs = 0;
  let sleptMs = 0;
  let wakeMs = 0;
  let frozenUntilMs = 0;
  let nightfall = () => {};

  function at(dueMs: number, waiter: Waiter, run: () => void, rank: 0 | 1 | 2 = 1): Entry {
    const leastMs = waiter === 'world' ? nowMs : Math.max(nowMs, wakeMs);
    const entry: Entry = { dueMs: Math.max(leastMs, dueMs), rank, waiter, run };
    queue.add(entry);
    if (waiter === 'engine') timers += 1;
    return entry;
  }

  function remove(entry: unknown): void {
    if (queue.remove(entry as Entry) && (entry as Entry).waiter === 'engine') timers -= 1;
  }

  const clockOf = (waiter: Waiter, now: () => number): Clock => ({
    now,
    setTimeout: (run, delayMs) => at(nowMs + delayMs, waiter, run),
    clearTimeout: remove,
  });

  return {
    get nowMs() {
      return nowMs;
    },
    get awakeMs() {
      return nowMs - startMs - sleptMs + Math.max(0, frozenUntilMs - nowMs);
    },
    get timers() {
      return timers;
    },
    get isAsleep() {
      return nowMs < wakeMs;
    },
    clock: clockOf('world', () => nowMs),
    machineClock: clockOf('engine', () => nowMs + shiftMs),
    at(dueMs, waiter, run, rank) {
      const entry = at(dueMs, waiter, run, rank);
      return () => remove(entry);
    },
    jump(ms) {
      shiftMs += ms;
    },
    sleep(ms, waits) {
      nightfall = () => {
        nightfall = () => {};
        wakeMs = nowMs + ms;
        if (waits === 'frozen') {
          sleptMs += ms;
          frozenUntilMs = wakeMs;
        }
        queue.change((entry) => {
          if (entry.waiter === 'engine' && waits === 'frozen') entry.dueMs += ms;
          else if (entry.waiter !== 'world') entry.dueMs = Math.max(entry.dueMs, wakeMs);
        });
      };
    },
    step() {
      nightfall();
      const first = queue.takeFirst();
      if (!first) return false;
      if (first.waiter === 'engine') timers -= 1;
      nowMs = first.dueMs;
      first.run();
      return true;
    },
  };
}

/**
 * Lets every promise that can settle do so: a tick of its own runs only when no microtask is left, and costs less than a
 * task. Where the platform's streams are in use, it is a task.
 */
export function settle({ responses }: Pick<Plan, 'responses'>): Promise<void> {
  return responses === 'web' ? endTask() : new Promise((resolve) => process.nextTick(resolve));
}

/** Lets the task end: only then does the platform report what nobody caught. */
export function endTask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
