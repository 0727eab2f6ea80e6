import { credentialsKey } from '../engine/flow-store.ts';
import type { KeyValueStore } from '../ports.ts';
import type { Secret } from '../secret.ts';

/** A store for credentials that several tabs write. */
export interface SharedStore extends KeyValueStore {
  /** This tab holds the token no more: it may be removed. */
  letGo(token: Secret): void;
  /** Whether the store had this token, and has nothing now: another tab has signed out. */
  hasLost(token: Secret): Promise<boolean>;
}

/**
 * Wraps a store for credentials, so that a tab removes only a token that it has held itself.
 *
 * A tab that learns late that its token is refused takes no newer one with it, which another tab has put in its place.
 */
export function shareStore(store: KeyValueStore): SharedStore {
  const left = new Set<Secret>();
  /** What this tab has last found there, or has written. */
  let last = '';
  const note = (value: unknown) => {
    last = asText(value) || last;
  };
  return {
    async getItem(key) {
      const value = await store.getItem(key);
      note(value);
      return value;
    },
    async setItem(key, value) {
      await store.setItem(key, value);
      note(value);
    },
    async removeItem(key) {
      const found = asText(await store.getItem(key));
      if ([...left].some((token) => holds(found, token))) await store.removeItem(key);
    },
    letGo: (token) => void left.add(token),
    hasLost: async (token) => holds(last, token) && asText(await store.getItem(credentialsKey)) === '',
  };
}

function holds(text: string, token: Secret): boolean {
  return text.includes(JSON.stringify(token.reveal()));
}

/** A store may give a value back already parsed from JSON. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : value ? JSON.stringify(value) : '';
}
