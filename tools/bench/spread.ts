/** A number that was measured more than once. */
export interface Spread {
  readonly median: number;
  /** The middle half lies between these; of up to three runs, all of them. */
  readonly low: number;
  readonly high: number;
}

/** @throws {RangeError} For no numbers. */
export function toSpread(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((one, other) => one - other);
  if (sorted.length === 0) throw new RangeError('There are no numbers');
  const at = (index: number) => round(sorted[index] ?? 0);
  const last = sorted.length - 1;
  return {
    median: round(((sorted[Math.floor(last / 2)] ?? 0) + (sorted[Math.ceil(last / 2)] ?? 0)) / 2),
    low: at(Math.floor(last / 4)),
    high: at(Math.ceil((last * 3) / 4)),
  };
}

/** Four digits: more than any of these numbers is worth. */
export function round(number: number): number {
  return Number(number.toPrecision(4));
}
