import { hashOf } from './key.ts';

/** Numbers states in the order in which they are first seen. It keeps 64 bits of each key. */
export interface VisitedStates {
  readonly size: number;
  /** Gives the number of a state, and whether it is new. */
  add(key: string): { readonly state: number; readonly isNew: boolean };
}

/**
 * Makes an open-addressing table: two 32-bit hashes and a number per state.
 *
 * Two keys with the same 64 bits would be taken for one state, and what follows the second would go unseen. With n states
 * that happens with a chance of about n² / 2⁶⁵: for ten million, 3 in a million.
 */
export function createVisitedStates(capacity = 1 << 16): VisitedStates {
  let high = new Uint32Array(capacity);
  let low = new Uint32Array(capacity);
  /** The number of a state plus one; 0 is an empty slot. */
  let numbers = new Uint32Array(capacity);
  let size = 0;

  function slotOf(h1: number, h2: number): number {
    const mask = numbers.length - 1;
    let slot = h1 & mask;
    while (numbers[slot] && (high[slot] !== h1 || low[slot] !== h2)) slot = (slot + 1) & mask;
    return slot;
  }

  function put(h1: number, h2: number, number: number): void {
    const slot = slotOf(h1, h2);
    high[slot] = h1;
    low[slot] = h2;
    numbers[slot] = number;
  }

  function grow(): void {
    const old = { high, low, numbers };
    const length = 2 * numbers.length;
    [high, low, numbers] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)];
    old.numbers.forEach((number, slot) => {
      if (number) put(old.high[slot] ?? 0, old.low[slot] ?? 0, number);
    });
  }

  return {
    get size() {
      return size;
    },
    add(key) {
      const [h1, h2] = hashOf(key);
      const number = numbers[slotOf(h1, h2)];
      if (number) return { state: number - 1, isNew: false };
      size += 1;
      if (2 * size > numbers.length) grow();
      put(h1, h2, size);
      return { state: size - 1, isNew: true };
    },
  };
}
