/** A list of numbers from 0 to 2^32-1 that grows. An array of as many would take twice the memory. */
export interface GrowingNumbers {
  readonly length: number;
  push(number: number): void;
  at(index: number): number;
}

export function createGrowingNumbers(): GrowingNumbers {
  let numbers = new Uint32Array(1 << 12);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(number) {
      if (length === numbers.length) {
        const longer = new Uint32Array(2 * length);
        longer.set(numbers);
        numbers = longer;
      }
      numbers[length++] = number;
    },
    at: (index) => numbers[index] ?? 0,
  };
}
