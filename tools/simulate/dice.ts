/** Numbers from one seed (mulberry32), and the choices made with them. */
export interface Dice {
  next(): number;
  chance(probability: number): boolean;
  integer(from: number, to: number): number;
  of<T>(...choices: readonly [T, ...T[]]): T;
}

/** Makes the dice of a seed. */
export function createDice(seed: number): Dice {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.floor(seed / 2 ** 32);
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    next,
    chance: (probability) => next() < probability,
    integer: (from, to) => from + Math.floor(next() * (to - from + 1)),
    of: (...choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
  };
}
