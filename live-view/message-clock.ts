/** Gives the time by the clock of the messages, which may be a test's. */
export interface MessageClock {
  /** Compares the clocks. @param createdAt When the message that just came was made, in milliseconds since the epoch. */
  compare(createdAt: unknown): void;
  now(): number;
}

/** Messages that are older come from a clock of their own, and are not late. */
const mostDelayMs = 86_400_000;

/** @param now The time by the clock of this page. */
export function createMessageClock(now: () => number): MessageClock {
  let aheadMs = 0;
  return {
    compare(createdAt) {
      const differenceMs = Number(createdAt) - now();
      aheadMs = differenceMs > 0 || differenceMs < -mostDelayMs ? differenceMs : 0;
    },
    now: () => now() + aheadMs,
  };
}
