import { credentialsKey } from '../engine/flow-store.ts';
import type { KeyValueStore } from '../ports.ts';
import type { Secret } from '../secret.ts';

/** A credentials store that several tabs write to. */
export interface SharedStore extends KeyValueStore {
  /** This tab no longer holds the token, so it may be removed. */
  allowRemoval(token: Secret): void;
  /** Whether the store had this token and is empty now: another tab has signed out. */
  wasRemovedElsewhere(token: Secret): Promise<boolean>;
}

/**
 * Wraps a credentials store, so that a tab removes only a token of its own.
 *
 * A tab that learns late that its token was refused must not remove the newer token that another tab has stored since.
 */
export function shareStore(store: KeyValueStore): SharedStore {
  const removable = new Set<Secret>();
  /** What this tab last read or wrote. */
  let lastSeen = '';
  const note = (value: unknown) => {
    lastSeen = asText(value) || lastSeen;
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
      if ([...removable].some((token) => holds(found, token))) await store.removeItem(key);
    },
    allowRemoval: (token) => void removable.add(token),
    wasRemovedElsewhere: async (token) =>
      holds(lastSeen, token) && asText(await store.getItem(credentialsKey)) === '',
  };
}

function holds(text: string, token: Secret): boolean {
  return text.includes(JSON.stringify(token.reveal()));
}

/** A store may give a value back already parsed from JSON. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : value ? JSON.stringify(value) : '';
}
