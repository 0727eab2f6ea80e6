import type { KeyValueStore } from '../../ports.ts';

/**
 * Wraps a store that several tabs write, so that a tab removes only what it has seen there itself.
 *
 * A tab that learns late that its token is refused takes no newer one with it, which another tab has put in its place.
 */
export function shareStore(store: KeyValueStore): KeyValueStore {
  const seen = new Map<string, string>();
  const note = (key: string, value: unknown) => seen.set(key, asText(value));
  return {
    async getItem(key) {
      const value = await store.getItem(key);
      note(key, value);
      return value;
    },
    setItem(key, value) {
      note(key, value);
      return store.setItem(key, value);
    },
    async removeItem(key) {
      if (!seen.has(key) || asText(await store.getItem(key)) === seen.get(key)) await store.removeItem(key);
    },
  };
}

/** A store may give a value back already parsed from JSON. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
