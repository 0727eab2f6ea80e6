import TinyQueue from 'tinyqueue';
import { type Clock, longestDelayMs } from '../ports.ts';
import { createTimeHolds } from './time-holds.ts';

/** A clock that moves only when a test moves it. */
export interface VirtualTime {
  /** The clock to give to `createPlexAuth`, `createPlexClient` and `createPlexEmulator`. */
  readonly clock: Clock;
  /** How many timers are set. 0 after a flow has ended means that it left none behind. */
  readonly timers: number;
  /**
   * Moves the time on by `ms`. It stops at each timer that falls due, so that timers which that one sets fall due as well.
   *
   * @param ms How far, in milliseconds, 0 or more. 0 runs only what is due now.
   * @returns A promise that resolves once every due timer has run, and the promises that settled with it.
   * @throws {TypeError} For a negative or infinite time.
   */
  advance: (ms: number) => Promise<void>;
}

/** A time whose advance can be ended early. */
export interface StoppableTime extends VirtualTime {
  /**
   * @param isOver Whether it ends here. It is asked between two timers. Default: never. A time that was made elsewhere does
   * not ask.
   */
  advance: (ms: number, isOver?: () => boolean) => Promise<void>;
}

interface Timer {
  readonly id: number;
  readonly dueMs: number;
  /** Undefined once it was cleared. */
  run: (() => void) | undefined;
}

/** The soonest first; of two at one moment the one that was set first. */
function byTurn(one: Timer, other: Timer): number {
  return one.dueMs - other.dueMs || one.id - other.id;
}

/**
 * Makes time that passes only when a test moves it: half an hour of waiting takes no time.
 *
 * It replaces no global: only what is given its `clock` uses it, everything else runs in real time.
 *
 * @param startMs The first moment, in milliseconds since the epoch. Default: 2026-01-01T00:00:00Z.
 */
export function createVirtualTime(startMs: number = Date.UTC(2026, 0, 1)): VirtualTime {
  let nowMs = startMs;
  let lastID = 0;
  /** A heap: thousands of engines may wait. A timer that was cleared stays in it until its turn, but without what it would run. */
  const queue = new TinyQueue<Timer>([], byTurn);
  const timers = new Map<number, Timer>();

  const clock: Clock = {
    now: () => nowMs,
    setTimeout(run, delayMs) {
      // As the platform's timers: a delay out of range becomes 1 ms.
      const isInRange = delayMs >= 0 && delayMs <= longestDelayMs;
      const timer = { id: ++lastID, dueMs: nowMs + (isInRange ? delayMs : 1), run };
      timers.set(timer.id, timer);
      queue.push(timer);
      return timer.id;
    },
    clearTimeout(id) {
      const timer = timers.get(id as number);
      if (timer) timer.run = undefined;
      timers.delete(id as number);
    },
  };

  function takeDueTimer(endMs: number): Timer | undefined {
    for (let first = queue.peek(); first && first.dueMs <= endMs; first = queue.peek()) {
      queue.pop();
      if (timers.delete(first.id)) return first;
    }
    return undefined;
  }

  const time: StoppableTime = {
    clock,
    get timers() {
      return timers.size;
    },
    async advance(ms, isOver = () => false) {
      if (!(ms >= 0 && Number.isFinite(ms))) throw new TypeError(`advance: ms must be 0 or more, not ${ms}`);
      const endMs = nowMs + ms;
      await holds.settle();
      while (!isOver()) {
        const timer = takeDueTimer(endMs);
        // Another advance may have gone further meanwhile.
        nowMs = Math.max(nowMs, timer?.dueMs ?? endMs);
        if (!timer) return;
        timer.run?.();
        await holds.settle();
      }
    },
  };
  const holds = createTimeHolds(time);
  return time;
}
