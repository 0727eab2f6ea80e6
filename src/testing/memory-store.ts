import type { KeyValueStore } from '../ports.ts';

/**
 * Makes a store that forgets with its process: for `store` and `credentials` in a test.
 *
 * @param items What it holds at first, by key. Default: nothing.
 */
export function createMemoryStore(items: Readonly<Record<string, string>> = {}): KeyValueStore {
  const kept = new Map(Object.entries(items));
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}
