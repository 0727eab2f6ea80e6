import { type Clock, longestDelayMs } from '../ports.ts';

/** Something that waits on a wheel. The two numbers are the wheel's own. */
export interface Waiting {
  /** When it is due, by the wheel's time; only while it waits. */
  dueMs: number;
  /** Where on the wheel it waits; `notWaiting` if it does not. */
  slot: number;
}

/** The `slot` of what does not wait. */
export const notWaiting = -1;

/**
 * One timer for all waits: a hashed wheel. To add and to remove takes the same short time however many wait.
 *
 * Its time never goes back, whatever the clock does: a wait lasts no longer because the clock was set.
 */
export interface TimerWheel<Item extends Waiting> {
  /** Now, in milliseconds; never less than before. */
  now(): number;
  /** Waits for this many milliseconds. Replaces the item's wait, if it has one. */
  add(item: Item, delayMs: number): void;
  remove(item: Item): void;
  /** Ends all waits. */
  stop(): void;
}

/** How far the wheel turns at once, in milliseconds: no wait ends sooner than asked, and none later than this. */
const tickMs = 8;
/** Eight seconds: most waits end within one turn. */
const slots = 1024;

/** Makes a wheel. `onDue` is called for each item whose wait ends. */
export function createTimerWheel<Item extends Waiting>(
  clock: Clock,
  onDue: (item: Item) => void,
): TimerWheel<Item> {
  const wheel: Item[][] = Array.from({ length: slots }, () => []);
  const now = createSteadyTime(clock);
  let waiting = 0;
  let tick = Math.floor(now() / tickMs);
  let timer: unknown;
  /** The tick that the timer is for. */
  let timerTick = Infinity;

  function wakeAt(nextTick: number): void {
    if (nextTick >= timerTick) return;
    clock.clearTimeout(timer);
    timerTick = nextTick;
    const delayMs = Math.ceil(nextTick * tickMs - now());
    timer = clock.setTimeout(turn, Math.min(Math.max(1, delayMs), longestDelayMs));
  }

  /** The next tick with anything in its slot: where few wait, nobody wakes for the empty ones. */
  function nextTick(): number {
    let next = tick + 1;
    while (next < tick + slots && wheel[next % slots]?.length === 0) next++;
    return next;
  }

  function turn(): void {
    timerTick = Infinity;
    const nowMs = now();
    const lastTick = Math.floor(nowMs / tickMs);
    // After a sleep of the machine one turn sees every slot.
    tick = Math.max(tick, lastTick - slots);
    while (tick < lastTick) visit(++tick % slots, nowMs);
    if (waiting > 0) wakeAt(nextTick());
  }

  function visit(slot: number, nowMs: number): void {
    const items = wheel[slot] ?? [];
    if (items.length === 0) return;
    wheel[slot] = [];
    for (const item of items) {
      if (item.slot !== slot) continue;
      if (item.dueMs > nowMs) {
        // Of a later turn.
        wheel[slot]?.push(item);
        continue;
      }
      item.slot = notWaiting;
      waiting--;
      onDue(item);
    }
  }

  function remove(item: Item): void {
    if (item.slot === notWaiting) return;
    // Out of its slot at once: the same item may come back to the same slot.
    const items = wheel[item.slot];
    const place = items?.indexOf(item) ?? -1;
    if (place >= 0) items?.splice(place, 1);
    item.slot = notWaiting;
    waiting--;
  }

  return {
    now,
    add(item, delayMs) {
      remove(item);
      const nowMs = now();
      if (waiting === 0) tick = Math.floor(nowMs / tickMs);
      item.dueMs = nowMs + delayMs;
      // Never the slot of this tick, which has been visited.
      const itemTick = Math.max(tick + 1, Math.ceil(item.dueMs / tickMs));
      item.slot = itemTick % slots;
      wheel[item.slot]?.push(item);
      waiting++;
      wakeAt(itemTick);
    },
    remove,
    stop() {
      clock.clearTimeout(timer);
      timerTick = Infinity;
      for (const items of wheel) for (const item of items.splice(0)) item.slot = notWaiting;
      waiting = 0;
    },
  };
}

/** Counts the time that passes by a clock that may be set back. */
function createSteadyTime(clock: Clock): () => number {
  let lastMs = clock.now();
  let steadyMs = lastMs;
  return () => {
    const nowMs = clock.now();
    steadyMs += Math.max(0, nowMs - lastMs);
    lastMs = nowMs;
    return steadyMs;
  };
}
