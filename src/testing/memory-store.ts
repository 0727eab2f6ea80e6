import type { KeyValueStore } from '../ports.ts';

/**
 * Makes a store in memory, for `store` and `credentials` in a test.
 *
 * @param items Its first items, by key. Default: none.
 */
export function createMemoryStore(items: Readonly<Record<string, string>> = {}): KeyValueStore {
  const map = new Map(Object.entries(items));
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  };
}
