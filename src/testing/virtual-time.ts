import { type Clock, longestDelayMs } from '../ports.ts';

/** A clock that stands still until it is told to move, and the hand that moves it. */
export interface VirtualTime {
  /** The clock to give to `createPlexAuth`, `createPlexClient` and `createPlexEmulator`. */
  readonly clock: Clock;
  /** How many timers wait. 0 after a flow has ended means that it left none behind. */
  readonly timers: number;
  /**
   * Moves the time on by `ms`, stopping at each timer that falls due so that what it starts can start timers in turn.
   *
   * @param ms How far, in milliseconds, 0 or more. 0 runs only what is due now.
   * @returns Once everything due has run, the promises it settled included.
   * @throws {TypeError} For a negative or endless time.
   */
  advance(ms: number): Promise<void>;
}

interface Timer {
  dueMs: number;
  run: () => void;
}

/**
 * Makes time that passes only when a test says so: half an hour of waiting takes no time.
 *
 * It replaces no global; whatever is given its `clock` lives in it, everything else in real time.
 *
 * @param startMs The first moment, in milliseconds since the epoch. Default: 2026-01-01T00:00:00Z.
 */
export function createVirtualTime(startMs: number = Date.UTC(2026, 0, 1)): VirtualTime {
  let nowMs = startMs;
  let lastID = 0;
  const timers = new Map<number, Timer>();

  const clock: Clock = {
    now: () => nowMs,
    setTimeout(run, delayMs) {
      const kept = delayMs >= 0 && delayMs <= longestDelayMs;
      timers.set(++lastID, { dueMs: nowMs + (kept ? delayMs : 1), run });
      return lastID;
    },
    clearTimeout(id) {
      timers.delete(id as number);
    },
  };

  function takeDue(endMs: number): Timer | undefined {
    let first: [number, Timer] | undefined;
    for (const entry of timers) {
      if (entry[1].dueMs <= endMs && (!first || entry[1].dueMs < first[1].dueMs)) first = entry;
    }
    if (first) timers.delete(first[0]);
    return first?.[1];
  }

  return {
    clock,
    get timers() {
      return timers.size;
    },
    async advance(ms) {
      if (!(ms >= 0 && Number.isFinite(ms))) throw new TypeError(`advance: ms must be 0 or more, not ${ms}`);
      const endMs = nowMs + ms;
      await settle();
      for (let timer = takeDue(endMs); timer; timer = takeDue(endMs)) {
        nowMs = Math.max(nowMs, timer.dueMs);
        timer.run();
        await settle();
      }
      nowMs = endMs;
    },
  };
}

/** Lets every promise that can settle do so: a task of its own runs only when no microtask is left. */
const settle: () => Promise<void> = (
  (nextTask) => () =>
    new Promise<void>((resolve) => nextTask(resolve))
)(typeof setImmediate === 'function' ? setImmediate : inMessageTask);

function inMessageTask(run: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    run();
  };
  port2.postMessage(null);
}
