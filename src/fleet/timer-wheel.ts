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
  /** Ends all waits. Nothing waits any more. */
  stop(): void;
}

/** How far the wheel turns at once, in milliseconds: no wait ends sooner than asked, and none later than this. */
const tickMs = 8;
/** Eight seconds: most waits end within one turn. */
const slotCount = 1024;

/** Makes a wheel. `onDue` is called for each item whose wait ends. */
export function createTimerWheel<Item extends Waiting>(
  clock: Clock,
  onDue: (item: Item) => void,
): TimerWheel<Item> {
  const now = createSteadyTime(clock);
  const slots = createSlots<Item>();
  let tick = Math.floor(now() / tickMs);
  let timer: unknown;
  let isStopped = false;
  /** The tick that the timer is for. */
  let timerTick = Infinity;

  function wakeAt(nextTick: number): void {
    if (nextTick >= timerTick) return;
    clock.clearTimeout(timer);
    timerTick = nextTick;
    const delayMs = Math.ceil(nextTick * tickMs - now());
    timer = clock.setTimeout(turn, Math.min(Math.max(1, delayMs), longestDelayMs));
  }

  function turn(): void {
    timerTick = Infinity;
    const nowMs = now();
    const lastTick = Math.floor(nowMs / tickMs);
    // After a sleep of the machine one turn sees every slot.
    tick = Math.max(tick, lastTick - slotCount);
    while (tick < lastTick) slots.takeDue(++tick, nowMs, onDue);
    if (slots.waiting > 0) wakeAt(slots.nextTick(tick));
  }

  return {
    now,
    add(item, delayMs) {
      if (isStopped) return;
      slots.remove(item);
      const nowMs = now();
      if (slots.waiting === 0) tick = Math.floor(nowMs / tickMs);
      item.dueMs = nowMs + delayMs;
      // Never the slot of this tick, which has been visited.
      const itemTick = Math.max(tick + 1, Math.ceil(item.dueMs / tickMs));
      slots.put(item, itemTick);
      wakeAt(itemTick);
    },
    remove: slots.remove,
    stop() {
      isStopped = true;
      clock.clearTimeout(timer);
      timerTick = Infinity;
      slots.clear();
    },
  };
}

/** The places of a wheel. A tick's place is that of all ticks a whole turn away. */
interface Slots<Item> {
  readonly waiting: number;
  put(item: Item, tick: number): void;
  remove(item: Item): void;
  /** Takes what is due out of the place of this tick. What is of a later turn stays. */
  takeDue(tick: number, nowMs: number, onDue: (item: Item) => void): void;
  /** The next tick with anything in its place: where few wait, nobody wakes for the empty ones. */
  nextTick(tick: number): number;
  clear(): void;
}

function createSlots<Item extends Waiting>(): Slots<Item> {
  const slots: Item[][] = Array.from({ length: slotCount }, () => []);
  let waiting = 0;
  const leave = (item: Item) => {
    item.slot = notWaiting;
    waiting--;
  };
  return {
    get waiting() {
      return waiting;
    },
    put(item, tick) {
      item.slot = tick % slotCount;
      slots[item.slot]?.push(item);
      waiting++;
    },
    remove(item) {
      if (item.slot === notWaiting) return;
      // Out of its place at once: the same item may come back there.
      const items = slots[item.slot];
      const place = items?.indexOf(item) ?? -1;
      if (place >= 0) items?.splice(place, 1);
      leave(item);
    },
    takeDue(tick, nowMs, onDue) {
      const slot = tick % slotCount;
      const items = slots[slot] ?? [];
      if (items.length === 0) return;
      slots[slot] = [];
      for (const item of items) {
        // It was removed, or put elsewhere, by what was due before it.
        if (item.slot !== slot) continue;
        if (item.dueMs > nowMs) {
          slots[slot]?.push(item);
          continue;
        }
        leave(item);
        onDue(item);
      }
    },
    nextTick(tick) {
      let next = tick + 1;
      while (next < tick + slotCount && slots[next % slotCount]?.length === 0) next++;
      return next;
    },
    clear() {
      for (const items of slots) for (const item of items.splice(0)) item.slot = notWaiting;
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
